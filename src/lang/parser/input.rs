//! The tokens that are left of a statement, and what is noted on the way.

use super::Read;
use super::trouble::{Expected, Trouble};
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::token::{Token, TokenKind};
use crate::lang::{Params, Span};
use crate::model::limits::STATEMENT_NESTING_MAX;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::iter::Enumerate;
use std::slice::Iter;

/// One statement's tokens, and what its reading has found so far.
pub(super) struct Source<'a> {
    /// The whole text.
    pub text: &'a str,
    /// The statement's tokens.
    pub tokens: &'a [Token],
    /// For each token that is a parenthesis, its partner.
    pub partners: Vec<Option<usize>>,
    /// The values given beside the text; those that it names are among its tokens.
    pub params: &'a Params,
    /// Where the statement ends: what is pointed at when tokens run out.
    pub end: Span,
    /// Errors that were noted and stepped over.
    pub diagnostics: RefCell<Vec<Diagnostic>>,
    /// The furthest token at which something else was expected.
    pub furthest: Cell<usize>,
    /// What was expected there.
    pub expected: RefCell<BTreeSet<Expected>>,
    /// Which words would have fitted there, for suggestions.
    pub words: RefCell<BTreeSet<&'static str>>,
    /// The token of which everything that may stand there is asked.
    pub caret: Option<usize>,
    /// What may stand there.
    pub caught: RefCell<BTreeSet<Expected>>,
}

/// The tokens from some place on, and how deep in groups that place is.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub source: &'a Source<'a>,
    pub rest: &'a [Token],
    depth: usize,
}

impl<'a> Input<'a> {
    pub fn new(source: &'a Source<'a>) -> Input<'a> {
        Input { source, rest: source.tokens, depth: 0 }
    }

    /// The number of the next token.
    pub fn at(self) -> usize {
        self.source.tokens.len() - self.rest.len()
    }

    pub fn first(self) -> Option<&'a TokenKind> {
        self.rest.first().map(|token| &token.kind)
    }

    /// The kind of the token `n` behind the next.
    pub fn ahead(self, n: usize) -> Option<&'a TokenKind> {
        self.rest.get(n).map(|token| &token.kind)
    }

    /// Whether the token `n` behind the next is this keyword.
    pub fn is_word(self, n: usize, keyword: &str) -> bool {
        matches!(self.ahead(n), Some(TokenKind::Word(word)) if word.eq_ignore_ascii_case(keyword))
    }

    /// Whether the token `n` behind the next is one of these keywords.
    pub fn is_any(self, n: usize, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is_word(n, keyword))
    }

    /// Whether the token `n` behind the next is this sign.
    pub fn is_sign(self, n: usize, sign: &str) -> bool {
        matches!(self.ahead(n), Some(TokenKind::Sign(found)) if *found == sign)
    }

    /// Where the next token stands, or the end.
    pub fn span(self) -> Span {
        self.rest.first().map_or(self.source.end, |token| token.span)
    }

    /// Where the next `n` tokens stand.
    pub fn span_of(self, n: usize) -> Span {
        let last = self.rest.get(n.saturating_sub(1)).or(self.rest.last());
        self.span().to(last.map_or(self.source.end, |token| token.span))
    }

    /// What was read from here to before `behind`.
    pub fn span_to(self, behind: Input<'a>) -> Span {
        let last = behind.at().max(self.at() + 1) - 1;
        self.span().to(self.source.tokens.get(last).map_or(self.span(), |token| token.span))
    }

    /// The text of a span.
    pub fn text(self, span: Span) -> &'a str {
        &self.source.text[span.start as usize..span.end as usize]
    }

    /// The input behind `n` tokens.
    pub fn skip(self, n: usize) -> Input<'a> {
        Input { rest: &self.rest[n.min(self.rest.len())..], ..self }
    }

    /// The input from token number `at` on.
    pub fn moved_to(self, at: usize) -> Input<'a> {
        Input { rest: &self.source.tokens[at.min(self.source.tokens.len())..], ..self }
    }

    /// Notes that something else was expected at the next token, and fails.
    pub fn expected<T>(self, expected: Expected) -> Read<'a, T> {
        self.source.note(self.at(), expected);
        Err(nom::Err::Error(Trouble::Unexpected))
    }

    /// Notes a word that would have fitted at the next token, for suggestions only.
    pub fn suggest(self, word: &'static str) {
        self.source.catch(self.at(), Expected::Word(word));
        if self.source.reaches(self.at()) {
            self.source.words.borrow_mut().insert(word);
        }
    }

    /// Fails for good with a diagnostic.
    pub fn fails<T>(self, diagnostic: Diagnostic) -> Read<'a, T> {
        Err(nom::Err::Failure(Trouble::Told(Box::new(diagnostic))))
    }

    /// Notes an error that does not keep the rest from being read.
    pub fn complain(self, diagnostic: Diagnostic) {
        self.source.diagnostics.borrow_mut().push(diagnostic);
    }

    /// One level deeper: every production that may hold itself goes through here.
    pub fn deeper(self) -> Result<Input<'a>, nom::Err<Trouble>> {
        if self.depth < STATEMENT_NESTING_MAX {
            return Ok(Input { depth: self.depth + 1, ..self });
        }
        let found: Read<'a, Input<'a>> = self.fails(too_deep(self.span()));
        found.map(|(input, _)| input)
    }

    /// This input at the level of `outer`.
    pub fn level_of(self, outer: Input<'a>) -> Input<'a> {
        Input { depth: outer.depth, ..self }
    }
}

/// The complaint about a group inside too many others.
fn too_deep(span: Span) -> Diagnostic {
    let message = format!("more than {STATEMENT_NESTING_MAX} groups stand inside one another");
    Diagnostic::error(Code::Nesting, span, message)
        .help("give a part a name by `create trait` or `create audience`, and use that")
}

impl Source<'_> {
    /// Whether nothing was expected further on than `at`, which is the furthest place now.
    fn reaches(&self, at: usize) -> bool {
        if at > self.furthest.get() {
            self.forget_expected();
            self.furthest.set(at);
        }
        at == self.furthest.get()
    }

    /// Notes that something was expected at token `at`.
    pub fn note(&self, at: usize, expected: Expected) {
        self.catch(at, expected);
        if !self.reaches(at) {
            return;
        }
        if let Expected::Word(word) = expected {
            self.words.borrow_mut().insert(word);
        }
        self.expected.borrow_mut().insert(expected);
    }

    /// Keeps what may stand at the caret.
    fn catch(&self, at: usize, expected: Expected) {
        if self.caret == Some(at) {
            self.caught.borrow_mut().insert(expected);
        }
    }

    /// An error before token `at` was noted: what was expected there is settled.
    pub fn stumble(&self, at: usize) {
        self.forget_expected();
        self.furthest.set(at);
    }

    /// Begins anew with what is expected at the furthest place.
    fn forget_expected(&self) {
        self.expected.borrow_mut().clear();
        self.words.borrow_mut().clear();
    }
}

impl<'a> nom::Input for Input<'a> {
    type Item = &'a Token;
    type Iter = Iter<'a, Token>;
    type IterIndices = Enumerate<Iter<'a, Token>>;

    fn input_len(&self) -> usize {
        self.rest.len()
    }

    fn take(&self, index: usize) -> Input<'a> {
        Input { rest: &self.rest[..index], ..*self }
    }

    fn take_from(&self, index: usize) -> Input<'a> {
        self.skip(index)
    }

    fn take_split(&self, index: usize) -> (Input<'a>, Input<'a>) {
        (self.take_from(index), self.take(index))
    }

    fn position<P: Fn(&'a Token) -> bool>(&self, predicate: P) -> Option<usize> {
        self.rest.iter().position(predicate)
    }

    fn iter_elements(&self) -> Iter<'a, Token> {
        self.rest.iter()
    }

    fn iter_indices(&self) -> Enumerate<Iter<'a, Token>> {
        self.rest.iter().enumerate()
    }

    fn slice_index(&self, count: usize) -> Result<usize, nom::Needed> {
        let missing = count.saturating_sub(self.rest.len());
        if missing == 0 { Ok(count) } else { Err(nom::Needed::new(missing)) }
    }
}
