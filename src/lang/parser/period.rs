//! Periods of the calendar: `this month`, `in february of last year`.

use super::Read;
use super::input::Input;
use super::literal::{MONTHS, UNITS, unit_at};
use super::operator::{int, words};
use super::trouble::{Expected, Trouble};
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::token::TokenKind;
use crate::lang::tree::{WindowKind, YearOf};
use crate::lang::{Span, Spanned};
use crate::model::{Period, Turn};
use nom::Parser;
use nom::branch::alt;
use nom::combinator::value;

/// Whether a period begins here.
pub(super) fn is_period(input: Input<'_>) -> bool {
    input.is_any(0, &["today", "yesterday", "tomorrow"])
        || input.is_any(0, &["this", "last", "next"])
            && UNITS.iter().any(|(one, ..)| input.is_word(1, one))
}

/// Where the period that begins here stands.
pub(super) fn span_of_period(input: Input<'_>) -> Span {
    input.span_of(if input.is_any(0, &["this", "last", "next"]) { 2 } else { 1 })
}

// period = "today" | "yesterday" | "tomorrow" | ( "this" | "last" | "next" ) , unit ;
pub(super) fn period(input: Input<'_>) -> Read<'_, WindowKind> {
    if !is_period(input) {
        return Err(nom::Err::Error(Trouble::Unexpected));
    }
    if let Ok((behind, turn)) = turn_of_days(input) {
        return Ok((behind, WindowKind::Period(turn, Period::Day)));
    }
    let (name, turn) = turn(input)?;
    match unit_at(name).and_then(Period::of) {
        Some(period) => Ok((name.skip(1), WindowKind::Period(turn, period))),
        None => input.fails(too_short(input)),
    }
}

fn turn_of_days(input: Input<'_>) -> Read<'_, Turn> {
    alt((
        value(Turn::This, words(&["today"])),
        value(Turn::Last, words(&["yesterday"])),
        value(Turn::Next, words(&["tomorrow"])),
    ))
    .parse(input)
}

fn turn(input: Input<'_>) -> Read<'_, Turn> {
    alt((
        value(Turn::This, words(&["this"])),
        value(Turn::Last, words(&["last"])),
        value(Turn::Next, words(&["next"])),
    ))
    .parse(input)
}

fn too_short(input: Input<'_>) -> Diagnostic {
    let unit = input.text(input.skip(1).span()).to_lowercase();
    let written = input.text(input.span()).to_lowercase();
    let found = Diagnostic::error(
        Code::Unit,
        span_of_period(input),
        format!("the calendar has no `{written} {unit}`"),
    )
    .label("periods are days, weeks, months, quarters and years");
    match &*written {
        "last" => found.help(format!("`in last 1 {unit}` is the {unit} that ends now")),
        "next" => found.help(format!("`in next 1 {unit}` is the {unit} that begins now")),
        _ => found,
    }
}

// month-ref = month , [ "of" , year-of ] | "any" , month ;
pub(super) fn month_ref(input: Input<'_>) -> Read<'_, WindowKind> {
    if let (true, Some(month)) = (input.is_word(0, "any"), month_at(input.skip(1))) {
        return Ok((input.skip(2), WindowKind::Month(month, YearOf::Any)));
    }
    let Some(month) = month_at(input) else {
        return input.expected(Expected::Thing("a month"));
    };
    let name = input.skip(1);
    let of_year = |(behind, year)| (behind, WindowKind::Month(month, year));
    if is_year_of(name) {
        return year_of(name.skip(1)).map(of_year);
    }
    Ok((name, WindowKind::Month(month, YearOf::Turn(Turn::This))))
}

/// `of people` begins something else.
fn is_year_of(input: Input<'_>) -> bool {
    let turn = input.is_any(1, &["this", "last", "next"]) && input.is_word(2, "year");
    input.is_word(0, "of") && (turn || matches!(input.ahead(1), Some(TokenKind::Number(_))))
}

// year-of = ( "this" | "last" | "next" ) , "year" | int ;
fn year_of(input: Input<'_>) -> Read<'_, YearOf> {
    if let Ok((behind, turn)) = turn(input) {
        return Ok((behind.skip(1), YearOf::Turn(turn)));
    }
    let (behind, year) = int(input)?;
    Ok((behind, YearOf::Number(Spanned::new(year, input.span()))))
}

/// The number of the month that the next token names.
pub(super) fn month_at(input: Input<'_>) -> Option<u8> {
    let place = MONTHS.iter().position(|month| input.is_word(0, month))?;
    Some(place as u8 + 1)
}
