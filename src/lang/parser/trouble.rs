//! Why a production did not fit, and what to say of it.

use super::form::form;
use super::input::{Input, Source};
use super::parameter::{is_given, kind_name, not_given};
use super::slip::slip;
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::keyword::{is_reserved, keywords};
use crate::lang::nearest::nearest;
use crate::lang::token::TokenKind;
use nom::error::{ErrorKind, ParseError};

/// Why a production did not fit.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The next token is another than was expected; the source has noted which.
    Unexpected,
    /// Something worth words of its own.
    Told(Box<Diagnostic>),
}

/// Something that could have stood at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Expected {
    /// A thing, described.
    Thing(&'static str),
    /// A keyword.
    Word(&'static str),
    /// A sign.
    Sign(&'static str),
}

/// More possibilities than this are named in the help and not in the message.
const POSSIBILITIES_MAX: usize = 4;

impl<'a> ParseError<Input<'a>> for Trouble {
    fn from_error_kind(_: Input<'a>, _: ErrorKind) -> Trouble {
        Trouble::Unexpected
    }

    fn append(_: Input<'a>, _: ErrorKind, other: Trouble) -> Trouble {
        other
    }
}

impl Trouble {
    /// The diagnostic of a production that failed; none where the lexer has spoken already.
    pub fn diagnostic(self, source: &Source<'_>) -> Option<Diagnostic> {
        match self {
            Trouble::Told(diagnostic) => Some(*diagnostic),
            Trouble::Unexpected => unexpected(source),
        }
    }
}

fn unexpected(source: &Source<'_>) -> Option<Diagnostic> {
    let at = source.furthest.get();
    let input = Input::new(source).moved_to(at);
    if matches!(input.first(), Some(TokenKind::Bad)) {
        return None;
    }
    if let Some(TokenKind::Parameter(name)) = input.first() {
        return Some(not_given(source, name, input.span()));
    }
    let shown = shown(source);
    let found = found(input);
    let few = !shown.is_empty() && shown.len() <= POSSIBILITIES_MAX;
    let message = if few {
        format!("expected {}, found {found}", listed(&shown))
    } else {
        format!("{found} does not fit here")
    };
    let mut diagnostic = Diagnostic::error(Code::Syntax, input.span(), message);
    if let Some(slip) = slip(source, input) {
        diagnostic.span = slip.span;
        diagnostic.message = format!("{} does not fit here", quoted(input.text(slip.span)));
        diagnostic = diagnostic.label(slip.label);
        return Some(match slip.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
    if let Some(suggestion) = suggestion(source, input) {
        return Some(diagnostic.label(suggestion));
    }
    if let Some((code, help)) = reserved(source, input) {
        diagnostic.code = code;
        return Some(diagnostic.help(help));
    }
    if begins_statement(input) {
        return Some(diagnostic.help("statements are separated by `;`"));
    }
    if !few && !shown.is_empty() {
        diagnostic = diagnostic.help(format!("here can stand {}", listed(&shown)));
    }
    diagnostic.helps.extend(form(Input::new(source)));
    Some(diagnostic)
}

/// What the user sees of the next token.
pub(super) fn found(input: Input<'_>) -> String {
    if input.rest.is_empty() {
        return "the end of the statement".to_owned();
    }
    let written = quoted(input.text(input.span()));
    match input.first() {
        Some(kind) if is_given(input) => format!("{written} ({})", kind_name(kind)),
        _ => written,
    }
}

/// So much of a text as a message holds.
fn quoted(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("`{short}…`") } else { format!("`{short}`") }
}

fn shown(source: &Source<'_>) -> Vec<String> {
    let shown = |expected: &Expected| match expected {
        Expected::Thing(thing) => (*thing).to_owned(),
        Expected::Word(written) | Expected::Sign(written) => format!("`{written}`"),
    };
    source.expected.borrow().iter().map(shown).collect()
}

/// `a, b or c`.
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} or {last}", before.join(", ")),
    }
}

fn suggestion(source: &Source<'_>, input: Input<'_>) -> Option<String> {
    let Some(TokenKind::Word(word)) = input.first() else { return None };
    // Short words of the language are near one another without being meant.
    let is_keyword = keywords().iter().any(|keyword| word.eq_ignore_ascii_case(keyword));
    if is_keyword && word.len() < 4 {
        return None;
    }
    let words = source.words.borrow();
    let near = nearest(word, words.iter().map(|word| (*word, 0)))?;
    Some(format!("did you mean `{near}`?"))
}

/// The help for a keyword where a name was expected.
fn reserved(source: &Source<'_>, input: Input<'_>) -> Option<(Code, String)> {
    let Some(TokenKind::Word(word)) = input.first() else { return None };
    let expected = source.expected.borrow();
    let is_expected = |fits: &dyn Fn(&str) -> bool| {
        expected.iter().any(|it| matches!(it, Expected::Thing(thing) if fits(thing)))
    };
    let name = is_expected(&|thing| thing.contains("name"))
        || is_expected(&|thing| matches!(thing, "a value" | "a condition")) && is_tested(input);
    (name && is_reserved(word)).then(|| {
        let help = format!(
            "`{word}` is a word of the language; as a name write it in backticks: `` `{word}` ``"
        );
        (Code::Reserved, help)
    })
}

/// Whether a word is followed by what asks of a value.
fn is_tested(input: Input<'_>) -> bool {
    let signs = ["=", "!=", "<", "<=", ">", ">=", "+", "*", "/"];
    let words =
        ["is", "in", "one", "between", "contains", "starts", "ends", "has", "matches", "as"];
    let joins = ["and", "or", "not", "of", "in", "if", "then", "else", "by"];
    signs.iter().any(|sign| input.is_sign(1, sign))
        || !input.is_any(0, &joins) && input.is_any(1, &words)
}

fn begins_statement(input: Input<'_>) -> bool {
    let statements = [
        "create", "declare", "drop", "link", "unlink", "forget", "set", "show", "describe",
        "verify", "why", "explain", "count", "total", "list", "timeline", "watch", "trend",
    ];
    let Some(TokenKind::Word(word)) = input.first() else { return false };
    input.at() > 0 && statements.iter().any(|statement| word.eq_ignore_ascii_case(statement))
}
