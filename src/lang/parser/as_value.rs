//! Slips of conditions that stand where a value is expected, and of ranks that
//! are asked like functions: a value says itself what it is then and else.

use super::input::Input;
use super::slip::Slip;
use super::trouble::Expected;
use crate::lang::token::TokenKind;

/// More of a text than this is not repeated.
const SHOWN_MAX: usize = 60;

/// The slip of a condition as a value.
pub(super) fn as_value(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    unit_as_function(input)
        .or_else(|| part_of_order(start, input))
        .or_else(|| condition(input))
        .or_else(|| comparison(start, input))
}

/// Units of time that are functions elsewhere, and what is asked here.
const UNITS: [(&str, &str); 4] = [
    ("year", "write `this year`, `in february of 2026`, or `trend ... per year`"),
    ("month", "write `month_of_year(...)`, 1 to 12 whatever the year"),
    ("day", "write `day_of_week(...)`, 1 for Monday, or `days since ...`"),
    ("hour", "write `hour_of_day(...)`, 0 to 23"),
];

/// `year(last_seen)`.
fn unit_as_function(input: Input<'_>) -> Option<Slip> {
    let (_, ours) = UNITS.iter().find(|(unit, _)| input.is_word(0, unit))?;
    input.is_sign(1, "(").then(|| Slip::new(input.span(), *ours)).flatten()
}

/// `quintile of spent`, and the window functions of SQL.
fn part_of_order(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    const CHAIN: &str = "each part of the order is asked for: `if in quintile 5 of spent then 5 \
                         else if in quintile 4 of spent then 4 else ...`";
    if input.is_word(0, "over") {
        return Slip::new(input.span(), "a place among others is a condition")?.help(CHAIN);
    }
    let before = input.at().checked_sub(2).map(|at| start.moved_to(at))?;
    let is_part = before.is_any(0, &["quartile", "quintile", "decile"]) && before.is_word(1, "of");
    let is_asked = before.at() > 0 && start.moved_to(before.at() - 1).is_word(0, "in");
    (is_part && !is_asked)
        .then(|| Slip::new(before.span_of(2), "it is a condition and names which part"))
        .flatten()?
        .help(CHAIN)
}

/// `list did order as buys`.
fn condition(input: Input<'_>) -> Option<Slip> {
    let expected = input.source.expected.borrow();
    let is_value = expected.contains(&Expected::Thing("a value"));
    let begins = input.is_any(0, &["did", "never", "meets", "have", "not"])
        || input.is_word(0, "in")
            && input.is_any(
                1,
                &["top", "bottom", "quartile", "quintile", "decile", "audience", "sample", "list"],
            );
    if !is_value || expected.contains(&Expected::Thing("a condition")) || !begins {
        return None;
    }
    let n = n_of_condition(input);
    choice(input, n, "a condition is no value")
}

/// `list spent > 10 as big`.
fn comparison(start: Input<'_>, input: Input<'_>) -> Option<Slip> {
    let signs = ["=", "!=", "<", "<=", ">", ">="];
    let words = ["is", "contains", "one", "between", "has", "matches", "starts", "ends"];
    let compares = signs.iter().any(|sign| input.is_sign(0, sign)) || input.is_any(0, &words);
    let expected = input.source.expected.borrow();
    let is_value = expected.contains(&Expected::Thing("an operator"))
        && !expected.iter().any(|it| matches!(it, Expected::Thing(it) if it.starts_with("a test")));
    if !compares || !is_value {
        return None;
    }
    let from = value_before(start, input)?;
    let n = n_of_condition(from);
    choice(from, n, "a comparison is no value")
}

fn choice(from: Input<'_>, n: usize, why: &str) -> Option<Slip> {
    let span = from.span_of(n);
    let written = from.text(span);
    let shown = if written.len() > SHOWN_MAX { "..." } else { written };
    Slip::new(span, format!("{why}: write `if {shown} then 1 else 0`"))
}

/// Where the column or the group begins whose value stands before `input`.
fn value_before<'a>(start: Input<'a>, input: Input<'a>) -> Option<Input<'a>> {
    let mut at = input.at();
    while at > 0 {
        let here = start.moved_to(at - 1);
        if here.is_sign(0, ")") {
            at = input.source.partners[at - 1]?;
            continue;
        }
        let begins = here.is_sign(0, ",") || here.is_word(0, "by");
        if begins || at == 1 && here.is_word(0, "list") {
            return Some(start.moved_to(at));
        }
        let is_inside = here.is_any(0, &["if", "then", "else", "and", "or", "people", "whose"]);
        if is_inside || here.is_sign(0, "(") {
            return None;
        }
        at -= 1;
    }
    None
}

/// How many tokens there are up to the end of a column.
fn n_of_condition(from: Input<'_>) -> usize {
    let mut n = 0;
    while n < from.rest.len() {
        let here = from.skip(n);
        if let (Some(TokenKind::Sign("(")), Some(end)) =
            (here.first(), from.source.partners[here.at()])
        {
            n = end + 1 - from.at();
            continue;
        }
        let of_people = here.is_word(0, "of") && here.is_any(1, &["people", "everyone"]);
        let ends = here.is_sign(0, ",") || here.is_sign(0, ")");
        if ends || of_people || here.is_any(0, &["as", "limit", "then", "else"]) {
            break;
        }
        n += 1;
    }
    n.max(1)
}
