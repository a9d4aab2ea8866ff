//! Slips that are made so often that each has an answer of its own: words of
//! other languages, and of English as it is spoken.

use super::habit::habit;
use super::input::{Input, Source};
use crate::lang::Span;
use crate::lang::token::TokenKind;

/// What to write instead, and of which tokens.
pub(super) struct Slip {
    pub span: Span,
    pub label: String,
    pub help: Option<&'static str>,
}

impl Slip {
    pub(super) fn new(span: Span, label: impl Into<String>) -> Option<Slip> {
        Some(Slip { span, label: label.into(), help: None })
    }

    pub(super) fn help(self, help: &'static str) -> Option<Slip> {
        Some(Slip { help: Some(help), ..self })
    }
}

/// The slip that was made where the text did not go on.
pub(super) fn slip(source: &Source<'_>, input: Input<'_>) -> Option<Slip> {
    let start = Input::new(source);
    let before = input.at().checked_sub(1).map(|at| start.moved_to(at));
    habit(start, input)
        .or_else(|| statement(start, input))
        .or_else(|| before.and_then(|before| inside(before, input)))
        .or_else(|| times(start, input))
}

/// How a statement begins.
fn statement(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let at = input.at();
    if at == 0 && input.is_any(0, &["select", "insert", "update", "delete", "with"]) {
        return Slip::new(input.span(), "this is SQL")?.help(
            "write for example `count people who did order`, or `list user_id of people whose \
             country = \"SK\"`",
        );
    }
    if at == 0 && input.is_word(0, "how") && input.is_word(1, "many") {
        return Slip::new(input.span_of(2), "write `count`");
    }
    if start.is_word(0, "list") && start.is_any(1, &["everyone", "people"]) && at <= 2 {
        let span = start.skip(1).span();
        return Slip::new(span, "first comes what is shown of each: `list user_id of ...`");
    }
    let is_name = matches!(input.first(), Some(TokenKind::Word(_) | TokenKind::Text(_)));
    if at == 1 && start.is_word(0, "count") && is_name && is_last(input) {
        let name = input.text(input.span());
        let label = format!("write `events {name}`, or `people who did {name}`");
        return Slip::new(input.span(), label);
    }
    None
}

/// Whether a name of an event, with a window at most, is all that follows.
fn is_last(input: Input<'_>) -> bool {
    input.rest.len() == 1 || input.is_any(1, &["in", "where", "by", "of", "on", "from"])
}

/// What stands behind a word that fits.
fn inside(before: Input<'_>, input: Input<'_>) -> Option<Slip> {
    if input.is_word(0, "group") && input.is_word(1, "by") {
        return Slip::new(input.span_of(2), "write `by`");
    }
    if input.is_word(0, "order") && input.is_word(1, "by") {
        return Slip::new(input.span_of(2), "write `sort by`, which a list has");
    }
    if before.is_word(0, "people") && input.is_word(0, "where") {
        return Slip::new(input.span(), "write `whose`")?
            .help("`where ( )` filters an event: `people who did order where (total > 100)`");
    }
    if before.is_word(0, "in") && input.is_word(0, "the") && input.is_any(1, &["last", "next"]) {
        let word = input.text(input.skip(1).span());
        return Slip::new(input.span(), format!("write `in {word}`"));
    }
    if input.is_word(0, "in") && input.is_word(1, "the") && input.is_any(2, &["last", "next"]) {
        return inside(input, input.skip(1));
    }
    None
}

/// `did order >= 2 times`: a count is said in words.
fn times(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let Some(TokenKind::Sign(sign)) = input.first() else { return None };
    let Some(TokenKind::Number(number)) = input.ahead(1) else { return None };
    let is_counted = input.is_any(2, &["times", "time"]);
    let is_event = input.at().checked_sub(2).is_some_and(|at| start.moved_to(at).is_word(0, "did"));
    let words = match *sign {
        ">=" => "at least",
        ">" => "more than",
        "<=" => "at most",
        "<" => "fewer than",
        "=" => "exactly",
        _ => return None,
    };
    let span = input.span_of(if is_counted { 3 } else { 2 });
    let times = if **number == *"1" { "time" } else { "times" };
    (is_counted || is_event)
        .then(|| Slip::new(span, format!("write `{words} {number} {times}`")))
        .flatten()
}
