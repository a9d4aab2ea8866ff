//! Slips that are made so often that each has an answer of its own: words of
//! other languages, and of English as it is spoken.

use super::as_value::as_value;
use super::form::formed;
use super::habit::habit;
use super::input::{Input, Source};
use crate::lang::Span;
use crate::lang::token::TokenKind;

/// What to write instead, and of which tokens.
pub(super) struct Slip {
    pub span: Span,
    pub label: String,
    pub help: Option<String>,
}

impl Slip {
    pub(super) fn new(span: Span, label: impl Into<String>) -> Option<Slip> {
        Some(Slip { span, label: label.into(), help: None })
    }

    pub(super) fn help(self, help: impl Into<String>) -> Option<Slip> {
        Some(Slip { help: Some(help.into()), ..self })
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
        .or_else(|| as_value(start, input))
        .or_else(|| formed(start, input))
}

/// What changes or ends a definition elsewhere, and here.
const CHANGES: [(&[&str], &str); 2] = [
    (&["delete", "undefine", "destroy"], "drop"),
    (&["alter", "update", "modify"], "create or replace"),
];

/// How a statement begins.
fn statement(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let at = input.at();
    let kinds = ["audience", "trait", "condition", "list", "experiment", "model"];
    let change = CHANGES.iter().find(|(theirs, _)| at == 0 && input.is_any(0, theirs));
    if let (Some((_, ours)), true) = (change, input.is_any(1, &kinds)) {
        let kind = input.text(input.skip(1).span());
        return Slip::new(input.span_of(2), format!("write `{ours} {kind}`"));
    }
    if at == 0 && input.is_word(0, "help") {
        return Slip::new(input.span(), "in the shell `\\h` lists what can be asked")?
            .help("`\\h list` shows one construct; `throng explain E0102` tells of a message");
    }
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
    let tests = ["contains", "starts", "ends", "has", "matches", "between", "within", "in", "like"];
    if before.is_word(0, "not") && input.is_any(0, &tests) {
        return not_before_test(before, input);
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

/// `country not contains "S"`: `not` stands before the value, where a whole name can be seen.
fn not_before_test(not: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let before = |at: usize, n: usize| at.checked_sub(n).map(|at| not.moved_to(at));
    let is_name =
        |it: &Input<'_>| matches!(it.first(), Some(TokenKind::Word(_) | TokenKind::Ticked(_)));
    let tested = input.span_of(if input.is_word(1, "with") { 2 } else { 1 });
    let written = input.text(tested);
    let test = if input.is_word(0, "like") { "contains" } else { written };
    let Some(mut name) = before(not.at(), 1).filter(is_name) else {
        return Slip::new(not.span(), "`not` stands before the value that is tested");
    };
    while let Some(first) = before(name.at(), 2).filter(|it| it.is_sign(1, ".")).filter(is_name) {
        name = first;
    }
    let value = not.text(name.span_to(not));
    Slip::new(name.span().to(tested), format!("write `not {value} {test}`"))
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
