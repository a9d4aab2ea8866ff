//! Programs: statements separated by `;`, each read by itself.

use super::input::{Input, Source};
use super::parameter::{not_used, put};
use super::statement::statement;
use super::trouble::{Expected, Trouble};
use crate::lang::diagnostic::{Code, Diagnostic, Severity};
use crate::lang::lexer::lex;
use crate::lang::token::{Comment, Token, TokenKind};
use crate::lang::tree::Statement;
use crate::lang::{Params, Span};
use crate::model::limits::PROGRAM_BYTES_MAX;
use crate::model::{Text, agreeing};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

/// Diagnostics of one program that are told one by one.
pub(crate) const DIAGNOSTICS_MAX: usize = 100;

/// What a text says, and what is wrong with it.
///
/// ```
/// use throng::lang::{Parsed, parse};
/// let Parsed { statements, diagnostics } = parse("show events; shwo events");
/// assert_eq!((statements.len(), diagnostics.len()), (1, 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The statements without errors, in order.
    pub statements: Vec<Statement>,
    /// Everything that is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads statements. Each fails alone: one run reports several errors, and the
/// statements without any are there as well.
///
/// ```
/// let parsed = throng::lang::parse("count everyone; cuont everyone; show events");
/// assert_eq!(parsed.statements.len(), 2);
/// assert_eq!(parsed.diagnostics[0].label, "did you mean `count`?");
/// ```
// program = [ statement ] , { ";" , [ statement ] } ;
pub fn parse(text: &str) -> Parsed {
    parse_with(text, &Params::default())
}

/// The same for a text with parameters: each `$name` stands for the value that
/// is given for it, and every value that is given must stand somewhere.
///
/// ```
/// use throng::lang::{Code, Params, parse_with, print};
/// let text = "count people whose points >= $least";
/// let parsed = parse_with(text, &Params::new().number("least", 3));
/// assert_eq!(print(&parsed.statements[0]), "count people whose points >= 3");
/// let parsed = parse_with(text, &Params::new().number("most", 3));
/// let codes: Vec<Code> = parsed.diagnostics.iter().map(|found| found.code).collect();
/// assert_eq!(codes, [Code::MissingParameter, Code::UnusedParameter]);
/// ```
pub fn parse_with(text: &str, params: &Params) -> Parsed {
    parsed(text, params, false)
}

/// Reads what was a part of a definition: each `$name` in it is a parameter of that.
pub(in crate::lang) fn parse_part(text: &str) -> Parsed {
    parsed(text, &Params::default(), true)
}

fn parsed(text: &str, params: &Params, is_part: bool) -> Parsed {
    if text.len() > PROGRAM_BYTES_MAX {
        return Parsed { statements: Vec::new(), diagnostics: vec![too_long(text)] };
    }
    let mut lexed = lex(text);
    let named = match put(text, &mut lexed.tokens, params) {
        Ok(named) => named,
        Err(too_long) => return Parsed { statements: Vec::new(), diagnostics: vec![*too_long] },
    };
    let mut parsed = Parsed { statements: Vec::new(), diagnostics: Vec::new() };
    let mut rest = &lexed.tokens[..];
    let mut complaints = lexed.diagnostics.iter().peekable();
    while !rest.is_empty() {
        let length = rest.iter().position(is_semicolon).unwrap_or(rest.len());
        let (tokens, behind) = rest.split_at(length);
        let end = behind.first().map_or(end_of(text), |token| token.span);
        rest = behind.get(1..).unwrap_or_default();
        let own = std::iter::from_fn(|| complaints.next_if(|d| d.span.start < end.start.max(1)));
        let own: Vec<Diagnostic> = own.cloned().collect();
        let given = Given { text, params, comments: &lexed.comments, is_part };
        one(&given, tokens, end, own, &mut parsed);
    }
    parsed.diagnostics.extend(complaints.cloned());
    parsed.diagnostics.extend(not_used(text, end_of(text), params, &named));
    parsed.diagnostics = first_told(parsed.diagnostics);
    parsed
}

/// The first diagnostics, and how many more there are.
pub(crate) fn first_told(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let further = diagnostics.len().saturating_sub(DIAGNOSTICS_MAX);
    if let Some(first) = diagnostics.get(DIAGNOSTICS_MAX) {
        let message = format!(
            "{further} more {}",
            agreeing(further as u64, "error follows", "errors follow")
        );
        let counted = Diagnostic::error(Code::TooMany, first.span, message).label("the next");
        diagnostics.truncate(DIAGNOSTICS_MAX);
        diagnostics.push(counted);
    }
    diagnostics
}

/// What all statements of a program share.
struct Given<'a> {
    text: &'a str,
    params: &'a Params,
    comments: &'a [Comment],
    is_part: bool,
}

/// Reads one statement, whose tokens may be none.
fn one(
    given: &Given<'_>,
    tokens: &[Token],
    end: Span,
    complaints: Vec<Diagnostic>,
    parsed: &mut Parsed,
) {
    let Some(first) = tokens.first() else { return };
    let (partners, lonely) = partners(tokens);
    let source = source(given.text, tokens, partners, end, complaints, given.params);
    if given.is_part {
        source.own.replace(params_in(tokens));
    }
    let found = whole(Input::new(&source));
    let mut diagnostics = source.diagnostics.take();
    let lonely =
        lonely.map(|at| Diagnostic::error(Code::Parenthesis, at, "this `)` closes nothing"));
    match found {
        Ok(mut statement) => {
            statement.comments = comments_above(given.text, given.comments, first.span);
            if !diagnostics.iter().any(|d| d.severity == Severity::Error) {
                parsed.statements.push(statement);
            }
        }
        // A lone parenthesis explains itself better than what it leads to.
        Err(Trouble::Unexpected) if lonely.is_some() => diagnostics.extend(lonely),
        Err(trouble) => diagnostics.extend(trouble.diagnostic(&source)),
    }
    diagnostics.sort_by_key(|d| d.span);
    diagnostics.dedup();
    parsed.diagnostics.extend(diagnostics);
}

/// The names that stand for values.
fn params_in(tokens: &[Token]) -> BTreeSet<Text> {
    let name = |token: &Token| match &token.kind {
        TokenKind::Parameter(name) => Some(name.clone()),
        _ => None,
    };
    tokens.iter().filter_map(name).collect()
}

/// A statement and nothing behind it.
fn whole(input: Input<'_>) -> Result<Statement, Trouble> {
    let found = statement(input).and_then(|(behind, statement)| {
        if behind.rest.is_empty() {
            return Ok((behind, statement));
        }
        behind.expected(Expected::Sign(";"))
    });
    match found {
        Ok((_, statement)) => Ok(statement),
        Err(nom::Err::Error(trouble) | nom::Err::Failure(trouble)) => Err(trouble),
        // Nothing here waits for more input.
        Err(nom::Err::Incomplete(_)) => Err(Trouble::Unexpected),
    }
}

pub(super) fn source<'a>(
    text: &'a str,
    tokens: &'a [Token],
    partners: Vec<Option<usize>>,
    end: Span,
    complaints: Vec<Diagnostic>,
    params: &'a Params,
) -> Source<'a> {
    Source {
        text,
        tokens,
        partners,
        params,
        own: RefCell::default(),
        end,
        diagnostics: RefCell::new(complaints),
        furthest: Cell::new(0),
        expected: RefCell::default(),
        words: RefCell::default(),
        caret: None,
        caught: RefCell::default(),
    }
}

fn is_semicolon(token: &Token) -> bool {
    token.kind == TokenKind::Sign(";")
}

/// The place behind the last character that is no space.
fn end_of(text: &str) -> Span {
    let end = text.trim_end().len() as u32;
    Span::new(end, end)
}

/// For each parenthesis its partner, and the first `)` that has none.
pub(super) fn partners(tokens: &[Token]) -> (Vec<Option<usize>>, Option<Span>) {
    let mut partners = vec![None; tokens.len()];
    let mut open = Vec::new();
    let mut lonely = None;
    for (place, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Sign("(") => open.push(place),
            TokenKind::Sign(")") => match open.pop() {
                Some(partner) => {
                    partners[place] = Some(partner);
                    partners[partner] = Some(place);
                }
                None => lonely = lonely.or(Some(token.span)),
            },
            _ => {}
        }
    }
    (partners, lonely)
}

/// The comments that stand directly above a statement, each on a line of its own.
fn comments_above(text: &str, comments: &[Comment], statement: Span) -> Vec<String> {
    let mut top = statement.start as usize;
    let mut block = Vec::new();
    let before = comments.partition_point(|comment| comment.span.end <= statement.start);
    for comment in comments[..before].iter().rev() {
        let (start, end) = (comment.span.start as usize, comment.span.end as usize);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let gap = &text[end..top];
        let alone = text[line_start..start].trim().is_empty();
        if !alone || !gap.trim().is_empty() || gap.matches('\n').count() != 1 {
            break;
        }
        block.push(comment.text.clone());
        top = start;
    }
    block.reverse();
    block
}

fn too_long(text: &str) -> Diagnostic {
    let message =
        format!("a program has at most {PROGRAM_BYTES_MAX} bytes, this one has {}", text.len());
    Diagnostic::error(Code::ProgramSize, Span::new(0, 0), message)
        .help("send the statements in several programs")
}
