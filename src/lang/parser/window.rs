//! Windows: where in time.

use super::Read;
use super::definition::param_name;
use super::did::matcher;
use super::input::Input;
use super::literal::{MONTHS, is_bearable, span, too_long, unit_at};
use super::name::path;
use super::operator::{described, first_of, int, keyword, sure, words};
use super::period::{is_period, month_at, month_ref, period, span_of_period};
use super::trouble::{Expected, Trouble};
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::token::TokenKind;
use crate::lang::tree::{Bound, Instant, Moment, Side, Window, WindowKind};
use crate::lang::{Span, Spanned};
use crate::model::Date;
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, opt, value};
use nom::sequence::preceded;

// window = bare-window | relative ;
pub(super) fn window(input: Input<'_>) -> Read<'_, Box<Window>> {
    let found = first_of(input, [window_without_in, bare_window, relative]);
    found.map(|(behind, kind)| (behind, placed(kind, input.span_to(behind))))
}

fn placed(kind: Box<WindowKind>, span: Span) -> Box<Window> {
    Box::new(Window { kind: *kind, span })
}

// relative = ( "since" | "until" | "before" | "after" ) , bound ;
fn relative(input: Input<'_>) -> Read<'_, Box<WindowKind>> {
    let (input, kind) = relation(input)?;
    let found = sure(bound(input));
    found.map(|(input, bound)| (input, Box::new(kind(*bound))))
}

/// How a window lies to its bound.
type Relation = fn(Bound) -> WindowKind;

fn relation(input: Input<'_>) -> Read<'_, Relation> {
    alt((
        value(WindowKind::Since as Relation, keyword("since")),
        value(WindowKind::Until as Relation, keyword("until")),
        value(WindowKind::Before as Relation, keyword("before")),
        value(WindowKind::After as Relation, keyword("after")),
    ))
    .parse(input)
}

// bare-window = "in" , ( "last" | "next" ) , span | ago | range | on | within
//             | [ "in" ] , period | "in" , month-ref ;
fn bare_window(input: Input<'_>) -> Read<'_, Box<WindowKind>> {
    let behind_in = if input.is_word(0, "in") { input.skip(1) } else { input };
    if is_period(behind_in) {
        return period(behind_in).map(|(input, kind)| (input, Box::new(kind)));
    }
    if input.is_word(0, "in") && is_month_ref(behind_in) {
        return month_ref(behind_in).map(|(input, kind)| (input, Box::new(kind)));
    }
    if input.is_word(0, "in") {
        name_months(if behind_in.is_word(0, "any") { behind_in.skip(1) } else { behind_in });
    }
    let last = preceded(words(&["in", "last"]), cut(span)).map(WindowKind::Last);
    let next = preceded(words(&["in", "next"]), cut(span)).map(WindowKind::Next);
    alt((
        last.map(Box::new),
        next.map(Box::new),
        ago.map(Box::new),
        range.map(Box::new),
        on.map(Box::new),
        within,
    ))
    .parse(input)
}

/// What else may stand behind `in`.
fn name_months(behind_in: Input<'_>) {
    behind_in.source.note(behind_in.at(), Expected::Thing("a month like `february`"));
    MONTHS.iter().for_each(|month| behind_in.suggest(month));
}

/// Whether `between` begins `between N and N UNIT ago`, and not a test of a value.
pub(super) fn is_ago(input: Input<'_>) -> bool {
    let number = |n| matches!(input.ahead(n), Some(TokenKind::Number(_)));
    input.is_word(0, "between")
        && number(1)
        && input.is_word(2, "and")
        && number(3)
        && input.is_word(5, "ago")
}

// ago = "between" , int , "and" , int , unit , "ago" ;
fn ago(input: Input<'_>) -> Read<'_, WindowKind> {
    if !is_ago(input) {
        return input.expected(Expected::Word("between"));
    }
    let bounds =
        (keyword("between"), int, keyword("and"), int, super::literal::unit, keyword("ago"));
    let (behind, (_, from, _, to, unit, _)) = cut(bounds).parse(input)?;
    if is_bearable(from, unit) && is_bearable(to, unit) {
        return Ok((behind, WindowKind::Ago { from, to, unit }));
    }
    input.fails(too_long(input.span_to(behind)))
}

// range = "from" , moment , "to" , moment ;
fn range(input: Input<'_>) -> Read<'_, WindowKind> {
    let bounds = cut((moment, keyword("to"), moment));
    preceded(keyword("from"), bounds).map(|(from, _, to)| WindowKind::Range(from, to)).parse(input)
}

// moment = instant | param-name ;
fn moment(input: Input<'_>) -> Read<'_, Moment> {
    alt((param_name.map(Moment::Parameter), instant.map(Moment::Instant))).parse(input)
}

// on = "on" , date ;
fn on(input: Input<'_>) -> Read<'_, WindowKind> {
    preceded(keyword("on"), cut(date)).map(WindowKind::On).parse(input)
}

// within = "within" , span , ( "after" | "before" | "of" ) , bound ;
fn within(input: Input<'_>) -> Read<'_, Box<WindowKind>> {
    // `within 25 km of (48.1, 17.1)` asks a place, not a time.
    if !input.is_word(0, "within") || input.is_word(2, "km") {
        return input.expected(Expected::Word("within"));
    }
    let (behind, (reach, side)) = cut((super::literal::span, side)).parse(input.skip(1))?;
    let (behind, bound) = sure(bound(behind))?;
    Ok((behind, Box::new(WindowKind::Within(reach, side, bound))))
}

fn side(input: Input<'_>) -> Read<'_, Side> {
    alt((
        value(Side::After, keyword("after")),
        value(Side::Before, keyword("before")),
        value(Side::Of, keyword("of")),
    ))
    .parse(input)
}

fn date(input: Input<'_>) -> Read<'_, Spanned<Date>> {
    match input.first() {
        Some(TokenKind::Date(day)) => Ok((input.skip(1), Spanned::new(*day, input.span()))),
        _ => input.expected(Expected::Thing("a date like `2026-03-01`")),
    }
}

// instant = date | timestamp ;
pub(super) fn instant(input: Input<'_>) -> Read<'_, Instant> {
    let instant = match input.first() {
        Some(TokenKind::Date(day)) => Instant::Date(*day, input.span()),
        Some(TokenKind::Timestamp(at)) => Instant::Timestamp(*at, input.span()),
        _ => return input.expected(Expected::Thing("a date or an instant")),
    };
    Ok((input.skip(1), instant))
}

// bound = instant | [ "their" ] , ( "first" | "last" ) , matcher | path | param-name ;
pub(super) fn bound(input: Input<'_>) -> Read<'_, Box<Bound>> {
    let either =
        |input| first_of(input, [period_as_bound, given, instant_bound, first, last, path_bound]);
    let thing = "a date, an instant, `first` or `last` with an event, or an attribute";
    or_age(input, described(thing, either).parse(input))
}

/// Says more where an age stands instead of a bound.
fn or_age<'a>(input: Input<'a>, found: Read<'a, Box<Bound>>) -> Read<'a, Box<Bound>> {
    match found {
        Err(nom::Err::Error(_)) if is_length(input) => input.fails(age_as_bound(input)),
        found => found,
    }
}

fn instant_bound(input: Input<'_>) -> Read<'_, Box<Bound>> {
    instant(input).map(|(input, instant)| (input, Box::new(Bound::Instant(instant))))
}

fn given(input: Input<'_>) -> Read<'_, Box<Bound>> {
    param_name(input).map(|(input, name)| (input, Box::new(Bound::Parameter(name))))
}

fn path_bound(input: Input<'_>) -> Read<'_, Box<Bound>> {
    path(input).map(|(input, path)| (input, Box::new(Bound::Path(path))))
}

fn first(input: Input<'_>) -> Read<'_, Box<Bound>> {
    let (behind, ()) = theirs(input, "first")?;
    let found = sure(matcher(behind.deeper()?));
    let bound = |matcher, end| Box::new(Bound::First(matcher, input.span_to(end)));
    found.map(|(end, matcher)| (end.level_of(input), bound(matcher, end)))
}

fn last(input: Input<'_>) -> Read<'_, Box<Bound>> {
    let (behind, ()) = theirs(input, "last")?;
    let found = sure(matcher(behind.deeper()?));
    let bound = |matcher, end| Box::new(Bound::Last(matcher, input.span_to(end)));
    found.map(|(end, matcher)| (end.level_of(input), bound(matcher, end)))
}

/// `their` is a noise word before `first` and `last`.
fn theirs<'a>(input: Input<'a>, end: &'static str) -> Read<'a, ()> {
    value((), (opt(keyword("their")), keyword(end))).parse(input)
}

fn is_length(input: Input<'_>) -> bool {
    is_short(input)
        || matches!(input.first(), Some(TokenKind::Number(_))) && unit_at(input.skip(1)).is_some()
}

fn age_as_bound(input: Input<'_>) -> Diagnostic {
    Diagnostic::error(Code::Syntax, input.span(), "a length of time is not a place in time")
        .help("`in last 30 days` reaches from 30 days ago to now, `between 30 and 60 days ago` ends earlier")
}

/// `since last month`, `before yesterday`: a window has two ends.
fn period_as_bound<'a, T>(input: Input<'a>) -> Read<'a, T> {
    if is_period(input) {
        let span = span_of_period(input);
        let written = input.text(span);
        let found = Diagnostic::error(Code::Syntax, span, "a period is not a place in time");
        return input.fails(found.help(format!("`{written}` alone is a window")));
    }
    Err(nom::Err::Error(Trouble::Unexpected))
}

fn window_without_in<'a, T>(input: Input<'a>) -> Read<'a, T> {
    if input.is_any(0, &["last", "next"]) && is_length(input.skip(1)) {
        return input.fails(without_in(input));
    }
    Err(nom::Err::Error(Trouble::Unexpected))
}

fn is_month_ref(input: Input<'_>) -> bool {
    let input = if input.is_word(0, "any") { input.skip(1) } else { input };
    month_at(input).is_some()
}

fn without_in(input: Input<'_>) -> Diagnostic {
    let written = input.text(input.span_of(if is_short(input.skip(1)) { 2 } else { 3 }));
    Diagnostic::error(Code::Syntax, input.span(), format!("`in` is missing before `{written}`"))
        .label(format!("write `in {written}`"))
}

fn is_short(input: Input<'_>) -> bool {
    matches!(input.first(), Some(TokenKind::Short(..) | TokenKind::Span(..)))
}
