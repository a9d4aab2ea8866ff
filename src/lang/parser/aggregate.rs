//! Aggregates over a person's events.

use super::Read;
use super::did::{any_of, where_};
use super::input::Input;
use super::literal::literal;
use super::name::{accessors, name};
use super::operator::{described, group, optional, sign, sure, words};
use super::trouble::Trouble;
use super::value::colon_value;
use super::window::window;
use crate::lang::tree::{Aggregate, Function, Literal, Matcher, Stream};
use crate::lang::{Span, Spanned};
use nom::Parser;
use nom::branch::alt;

/// The aggregate functions by their names.
pub(in crate::lang) const AGGREGATES: [(&str, Function); 17] = [
    ("count", Function::Count),
    ("sum", Function::Sum),
    ("avg", Function::Avg),
    ("min", Function::Min),
    ("max", Function::Max),
    ("distinct", Function::Distinct),
    ("first", Function::First),
    ("last", Function::Last),
    ("median", Function::Median),
    ("stddev", Function::Stddev),
    ("most_frequent", Function::MostFrequent),
    ("collect", Function::Collect),
    ("active_days", Function::ActiveDays),
    ("active_weeks", Function::ActiveWeeks),
    ("active_months", Function::ActiveMonths),
    ("typical_gap", Function::TypicalGap),
    ("decayed", Function::Decayed),
];

// agg = agg-name , "(" , stream , [ colon-value ] , [ where ] , [ window ] , [ "," , literal ] , ")" ;
pub(super) fn agg(input: Input<'_>) -> Read<'_, Box<Aggregate>> {
    let (behind, function) = agg_name(input)?;
    let inside = |input| inside(input, function.clone());
    sure(group(inside, |span| nothing(&function, span)).parse(behind))
}

fn inside(input: Input<'_>, function: Spanned<Function>) -> Read<'_, Box<Aggregate>> {
    let (input, stream) = stream(input)?;
    let (input, value) = optional(input, colon_value(input))?;
    let (input, filter) = optional(input, where_(input))?;
    let (input, window) = optional(input, window(input))?;
    let (input, half_life) = optional(input, behind_comma(input))?;
    let (value, filter) = (value.map(|value| *value), filter.map(|filter| *filter));
    let window = window.map(|window| *window);
    Ok((input, Box::new(Aggregate { function, stream, value, filter, window, half_life })))
}

/// The literal of `decayed`.
fn behind_comma(input: Input<'_>) -> Read<'_, Spanned<Literal>> {
    let (behind, _) = sign(",").parse(input)?;
    let (end, literal) = sure(literal(behind))?;
    Ok((end, Spanned::new(literal, behind.span_to(end))))
}

// agg-name = "count" | "sum" | "avg" | "min" | "max" | "distinct" | "first" | "last" | "median"
//          | "stddev" | "most_frequent" | "collect" | "active_days" | "active_weeks"
//          | "active_months" | "typical_gap" | "decayed" ;           (* only before "(" *)
fn agg_name(input: Input<'_>) -> Read<'_, Spanned<Function>> {
    let named = AGGREGATES.iter().find(|(name, _)| input.is_word(0, name));
    match named.filter(|_| input.is_sign(1, "(")) {
        Some((_, function)) => Ok((input.skip(1), Spanned::new(*function, input.span()))),
        None => Err(nom::Err::Error(Trouble::Unexpected)),
    }
}

// stream = name , [ "." , ident , { accessor } ] | "any" , "event"
//        | "any" , "of" , "(" , event , { "," , event } , ")" ;
fn stream(input: Input<'_>) -> Read<'_, Stream> {
    let any_event = words(&["any", "event"]).map(|at| Matcher::AnyEvent(None, at));
    described(
        "an event's name",
        alt((
            any_event.map(Stream::Union),
            any_of.map(|union| Stream::Union(*union)),
            event_stream,
        )),
    )
    .parse(input)
}

fn event_stream(input: Input<'_>) -> Read<'_, Stream> {
    let (behind, name) = name(input)?;
    if !behind.is_sign(0, ".") {
        return Ok((behind, Stream::Event { name, path: Vec::new() }));
    }
    let (behind, path) = accessors(behind)?;
    Ok((behind, Stream::Event { name, path }))
}

/// An aggregate that stands in for one that could not be read.
fn nothing(function: &Spanned<Function>, span: Span) -> Box<Aggregate> {
    let stream = Stream::Union(Matcher::AnyEvent(None, span));
    let function = function.clone();
    Box::new(Aggregate {
        function,
        stream,
        value: None,
        filter: None,
        window: None,
        half_life: None,
    })
}
