//! Whole forms of statements, for those who began one in a shorter way or gave
//! its clauses in another order.

use super::input::Input;
use super::slip::Slip;
use super::trouble::Expected;
use crate::lang::keyword::keywords;
use crate::lang::token::TokenKind;

/// Statements that are short enough to be shown whole, by their first word.
const FORMS: [(&str, &str); 20] = [
    ("why", "why is profile \"user_id:17\" [not] in audience NAME [as of INSTANT]"),
    (
        "members",
        "members of audience NAME as announced at INSTANT`; who is in it now: `list user_id of \
         people in audience NAME",
    ),
    ("forecast", "forecast audience NAME [per day] [in next 30 days]"),
    ("verify", "verify audience NAME"),
    ("watch", "watch audience NAME [from N] [with VALUE, ...] [settled for 10 minutes]"),
    ("overlap", "overlap of NAME, NAME, ..."),
    ("retention", "retention of EVENT returning to EVENT per week for 8"),
    ("timeline", "timeline of profile \"user_id:17\" [in last 30 days] [limit 20]"),
    ("freeze", "freeze audience NAME as list NAME"),
    ("rename", "rename audience NAME to NAME"),
    ("pause", "pause audience NAME"),
    ("resume", "resume audience NAME"),
    ("link", "link \"user_id:17\" with \"email:ada@example.org\""),
    ("unlink", "unlink \"user_id:17\" from \"email:ada@example.org\""),
    ("forget", "forget profile \"user_id:17\" [and suppress]`, or `forget event \"MESSAGE ID\""),
    ("drop", "drop audience NAME`, or `drop trait | condition | list | experiment | model NAME"),
    ("describe", "describe event NAME`, or `describe profile \"user_id:17\""),
    ("add", "add \"x\" to list NAME"),
    ("remove", "remove \"x\" from list NAME`; a definition goes by `drop audience NAME"),
    ("set", "set timezone = \"Europe/Prague\""),
];

/// The clauses of reports in their order: how each begins, and how it is shown.
type Clauses = &'static [(&'static [&'static [&'static str]], &'static str)];

const IN_ZONE: &[&[&str]] = &[&["in", "timezone"], &["in", "their"]];
const WINDOW: &[&[&str]] = &[&["in", "last"], &["in", "next"], &["since"], &["between"], &["from"]];

const ORDERS: [(&str, Clauses); 4] = [
    (
        "list",
        &[
            (&[&["of"]], "of people ..."),
            (&[&["sort", "by"]], "sort by ..."),
            (&[&["limit"]], "limit ..."),
            (&[&["as", "of"]], "as of ..."),
            (IN_ZONE, "in timezone ..."),
        ],
    ),
    (
        "trend",
        &[
            (&[&["per"]], "per ..."),
            (WINDOW, "in last ..."),
            (&[&["of"]], "of people ..."),
            (&[&["by"]], "by ..."),
            (&[&["as", "of"]], "as of ..."),
            (IN_ZONE, "in timezone ..."),
        ],
    ),
    (
        "forecast",
        &[
            (&[&["per"]], "per ..."),
            (&[&["in", "next"]], "in next ..."),
            (IN_ZONE, "in timezone ..."),
        ],
    ),
    (
        "timeline",
        &[
            (WINDOW, "in last ..."),
            (&[&["limit"]], "limit ..."),
            (&[&["as", "of"]], "as of ..."),
            (IN_ZONE, "in timezone ..."),
        ],
    ),
];

/// The form of the statement that begins at `start`, to be written instead.
pub(super) fn form(start: Input<'_>) -> Option<String> {
    let (_, form) = FORMS.iter().find(|(verb, _)| start.is_word(0, verb))?;
    Some(format!("write `{form}`"))
}

/// The slip of a shorter form, or of clauses in another order.
pub(super) fn formed(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    clause_too_late(start, input)
        .or_else(|| second_key(start, input))
        .or_else(|| bare_audience(start, input))
        .or_else(|| instead_of_is(start, input))
}

/// A clause that stands behind one which it should stand before.
fn clause_too_late(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let (verb, clauses) = ORDERS.iter().find(|(verb, _)| start.is_word(0, verb))?;
    let begins = |from: Input<'_>, words: &[&str]| {
        words.iter().enumerate().all(|(n, word)| from.is_word(n, word))
    };
    let place_at = |from: Input<'_>| {
        // `as of` is read before the `of` in it.
        let one = |(heads, _): &(&[&[&str]], &str)| heads.iter().any(|head| begins(from, head));
        clauses.iter().position(one)
    };
    // What did not fit may be the second word of a clause, as in `in timezone`.
    let back = |n: usize| input.at().checked_sub(n).map(|at| start.moved_to(at));
    let late = [Some(input), back(1)].into_iter().flatten();
    let (late, place) = late.filter_map(|late| Some((late, place_at(late)?))).next()?;
    let before = (1..late.at()).map(|at| start.moved_to(at));
    let given: Vec<usize> = before.filter_map(place_at).collect();
    let last = given.into_iter().filter(|other| *other > place).max()?;
    let (shown, other) = (clauses[place].1, clauses[last].1);
    let bare = |clause: &'static str| clause.trim_end_matches(" ...");
    let label = format!("`{}` stands before `{}`", bare(shown), bare(other));
    let order: Vec<&str> = clauses.iter().map(|(_, shown)| *shown).collect();
    Slip::new(late.span(), label)?.help(format!("the order is `{verb} ... {}`", order.join(" ")))
}

/// A list has one value that it is sorted by.
fn second_key(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let mut before = (0..input.at()).map(|at| start.moved_to(at));
    let is_sorted = before.any(|it| it.is_word(0, "sort") && it.is_word(1, "by"));
    if !start.is_word(0, "list") || !input.is_sign(0, ",") || !is_sorted {
        return None;
    }
    Slip::new(input.span(), "a list is sorted by one value")?
        .help("people with equal values stand as they were first seen; a number of two values can be one: `sort by a * 1000 + b`")
}

/// `verify winback`: the word `audience` is what names one.
fn bare_audience(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let name = input.text(input.span());
    if input.is_word(0, "audience")
        && input.at().checked_sub(1).is_some_and(|at| start.moved_to(at).is_word(0, "of"))
    {
        let named = input.text(input.skip(1).span());
        return Slip::new(input.span_of(2), format!("write `people in audience {named}`"));
    }
    let is_name = match input.first() {
        Some(TokenKind::Word(word)) => !keywords().iter().any(|it| word.eq_ignore_ascii_case(it)),
        other => matches!(other, Some(TokenKind::Text(_))),
    };
    let expected = input.source.expected.borrow();
    let is_alone = expected.iter().all(|it| *it == Expected::Word("audience"));
    let is_explained =
        start.is_word(0, "explain") && expected.contains(&Expected::Word("audience"));
    let ends = input.rest.len() == 1;
    let fits = !expected.is_empty() && is_alone || is_explained && ends;
    (input.at() == 1 && is_name && fits)
        .then(|| Slip::new(input.span(), format!("write `audience {name}`")))
        .flatten()
}

/// `create audience x as ...`.
fn instead_of_is(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let expected = input.source.expected.borrow();
    let is_other = input.is_any(0, &["as", "where", "are"]) || input.is_sign(0, "=");
    (start.is_word(0, "create") && is_other && expected.contains(&Expected::Word("is")))
        .then(|| Slip::new(input.span(), "write `is`"))
        .flatten()
}
