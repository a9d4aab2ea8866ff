//! Reports: questions about many people, and timelines.

use super::Read;
use super::aggregate::agg;
use super::condition::people;
use super::did::matcher;
use super::input::Input;
use super::literal::{length, unit};
use super::name::{ident, name, profile_ref, string};
use super::operator::{described, int, keyword, list as list_of, sign, words};
use super::pattern::sequence;
use super::trouble::Trouble;
use super::value::value;
use super::window::{instant, window};
use crate::lang::Spanned;
use crate::lang::tree::{
    AsOf, Column, Group, People, Report, ReportKind, Sort, Subject, TimeZone, Value, ValueKind,
};
use crate::model::Unit;
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, opt};
use nom::sequence::preceded;

// report = ( count | totals | list | trend | funnel | retention | timeline | overlap | forecast ) ,
//          [ as-of ] , [ zone ]
//        | members ;
pub(super) fn report(input: Input<'_>) -> Read<'_, Report> {
    if let (input, Some(kind)) = opt(members).parse(input)? {
        return Ok((input, Report { kind, as_of: None, zone: None }));
    }
    let kinds = (count, totals, list, trend, funnel, retention, timeline, overlap, forecast);
    let (input, kind) = alt(kinds).parse(input)?;
    let (input, as_of) = opt(as_of).parse(input)?;
    let (input, zone) = opt(zone).parse(input)?;
    Ok((input, Report { kind, as_of, zone }))
}

// count = "count" , ( people | "events" , matcher , [ window ] , [ of-people ] ) , [ group ] ;
fn count(input: Input<'_>) -> Read<'_, ReportKind> {
    preceded(keyword("count"), cut(alt((count_events, count_people)))).parse(input)
}

fn count_people(input: Input<'_>) -> Read<'_, ReportKind> {
    let (input, (people, group)) = (people, opt(group)).parse(input)?;
    Ok((input, ReportKind::CountPeople { people, group }))
}

fn count_events(input: Input<'_>) -> Read<'_, ReportKind> {
    let (input, matcher) = preceded(keyword("events"), cut(matcher)).parse(input)?;
    let (input, (window, people, group)) =
        (opt(window), opt(of_people), opt(group)).parse(input)?;
    let (matcher, window) = (*matcher, window.map(|window| *window));
    Ok((input, ReportKind::CountEvents { matcher, window, people, group }))
}

// totals = "total" , agg , [ "as" , ident ] , { "," , agg , [ "as" , ident ] } , [ of-people ] , [ group ] ;
fn totals(input: Input<'_>) -> Read<'_, ReportKind> {
    let (input, columns) = preceded(keyword("total"), cut(list_of(total))).parse(input)?;
    let (input, (people, group)) = (opt(of_people), opt(group)).parse(input)?;
    Ok((input, ReportKind::Total { columns, people, group }))
}

fn total(input: Input<'_>) -> Read<'_, Column> {
    let (behind, aggregate) =
        described("an aggregate like `sum(order.total)`", agg).parse(input)?;
    let span = input.span_to(behind);
    let value = Value { kind: ValueKind::Aggregate(aggregate), span };
    let (behind, name) = opt(preceded(keyword("as"), ident)).parse(behind)?;
    Ok((behind, Column { value, name }))
}

// list = "list" , column , { "," , column } , of-people ,
//        [ "sort" , "by" , value , [ "asc" | "desc" ] ] , [ "limit" , int ] ;
fn list(input: Input<'_>) -> Read<'_, ReportKind> {
    let (input, columns) = preceded(keyword("list"), cut(list_of(column))).parse(input)?;
    let (input, people) = cut(of_people).parse(input)?;
    let (input, (sort, limit)) = (opt(sort), opt(limit)).parse(input)?;
    Ok((input, ReportKind::List { columns, people, sort, limit }))
}

// column = value , [ "as" , ident ] ;
fn column(input: Input<'_>) -> Read<'_, Column> {
    let (input, (value, name)) = (value, opt(preceded(keyword("as"), ident))).parse(input)?;
    Ok((input, Column { value: *value, name }))
}

fn sort(input: Input<'_>) -> Read<'_, Sort> {
    let (input, value) = preceded(words(&["sort", "by"]), cut(value)).parse(input)?;
    let direction = alt((keyword("asc").map(|_| false), keyword("desc").map(|_| true)));
    let (input, descending) = opt(direction).parse(input)?;
    Ok((input, Sort { value: *value, descending: descending.unwrap_or(false) }))
}

fn limit(input: Input<'_>) -> Read<'_, u64> {
    preceded(keyword("limit"), cut(int)).parse(input)
}

// trend = "trend" , total , { "," , total } , "per" , unit , [ window ] , [ of-people ] , [ group ] ;
fn trend(input: Input<'_>) -> Read<'_, ReportKind> {
    let (input, columns) = preceded(keyword("trend"), cut(list_of(total))).parse(input)?;
    let (input, per) = per(input)?;
    let (input, (window, people, group)) =
        (opt(window), opt(of_people), opt(group)).parse(input)?;
    let window = window.map(|window| *window);
    Ok((input, ReportKind::Trend { columns, per, window, people, group }))
}

// funnel = "funnel" , sequence , [ window ] , [ of-people ] , [ group ] ;
fn funnel(input: Input<'_>) -> Read<'_, ReportKind> {
    let (input, subject) = preceded(keyword("funnel"), cut(sequence)).parse(input)?;
    let Subject::Sequence(sequence) = *subject else {
        return Err(nom::Err::Error(Trouble::Unexpected));
    };
    let (input, (window, people, group)) =
        (opt(window), opt(of_people), opt(group)).parse(input)?;
    let window = window.map(|window| *window);
    Ok((input, ReportKind::Funnel { sequence, window, people, group }))
}

// retention = "retention" , "of" , matcher , "returning" , "to" , matcher , "per" , unit ,
//             "for" , int , [ window ] , [ of-people ] , [ group ] ;
fn retention(input: Input<'_>) -> Read<'_, ReportKind> {
    let of = preceded(keyword("of"), matcher);
    let (input, of) = preceded(keyword("retention"), cut(of)).parse(input)?;
    let (input, returning) = cut(preceded(words(&["returning", "to"]), matcher)).parse(input)?;
    let (input, per) = per(input)?;
    let (input, n_periods) = cut(preceded(keyword("for"), int)).parse(input)?;
    let (input, (window, people, group)) =
        (opt(window), opt(of_people), opt(group)).parse(input)?;
    let window = window.map(|window| *window);
    Ok((input, ReportKind::Retention { of, returning, per, n_periods, window, people, group }))
}

fn per(input: Input<'_>) -> Read<'_, Spanned<Unit>> {
    let (input, _) = cut(keyword("per")).parse(input)?;
    let (behind, unit) = cut(unit).parse(input)?;
    Ok((behind, Spanned::new(unit, input.span_to(behind))))
}

// overlap = "overlap" , "of" , name , "," , name , { "," , name } ;
fn overlap(input: Input<'_>) -> Read<'_, ReportKind> {
    let (input, first) =
        preceded(keyword("overlap"), cut(preceded(keyword("of"), name))).parse(input)?;
    let (input, others) = cut(preceded(sign(","), list_of(name))).parse(input)?;
    let audiences = std::iter::once(first).chain(others).collect();
    Ok((input, ReportKind::Overlap { audiences }))
}

// forecast = "forecast" , "audience" , name , [ "per" , unit ] , [ "in" , "next" , span ] ;
fn forecast(input: Input<'_>) -> Read<'_, ReportKind> {
    let audience = preceded(keyword("audience"), name);
    let (input, audience) = preceded(keyword("forecast"), cut(audience)).parse(input)?;
    let is_per = input.is_word(0, "per");
    let (input, per) =
        if is_per { per(input).map(|(i, it)| (i, Some(it)))? } else { (input, None) };
    let (input, length) = opt(preceded(words(&["in", "next"]), cut(length))).parse(input)?;
    Ok((input, ReportKind::Forecast { audience, per, length }))
}

// members = "members" , "of" , "audience" , name , "as" , "announced" , "at" , instant ;
fn members(input: Input<'_>) -> Read<'_, ReportKind> {
    let audience = preceded(words(&["of", "audience"]), name);
    let (input, audience) = preceded(keyword("members"), cut(audience)).parse(input)?;
    let at = preceded(words(&["as", "announced", "at"]), instant);
    let (input, at) = cut(at).parse(input)?;
    Ok((input, ReportKind::Members { audience, at }))
}

// timeline = "timeline" , "of" , "profile" , profile-ref , [ window ] , [ "limit" , int ] ;
fn timeline(input: Input<'_>) -> Read<'_, ReportKind> {
    let of_profile = preceded(words(&["of", "profile"]), profile_ref);
    let (input, profile) = preceded(keyword("timeline"), cut(of_profile)).parse(input)?;
    let (input, (window, limit)) = (opt(window), opt(limit)).parse(input)?;
    let window = window.map(|window| *window);
    Ok((input, ReportKind::Timeline { profile, window, limit }))
}

// of-people = "of" , people ;
fn of_people(input: Input<'_>) -> Read<'_, People> {
    preceded(keyword("of"), cut(people)).parse(input)
}

// group = "by" , value , { "," , value } , [ "top" , int ] ;
fn group(input: Input<'_>) -> Read<'_, Group> {
    let (input, by) = preceded(keyword("by"), cut(list_of(value))).parse(input)?;
    let (input, top) = opt(preceded(keyword("top"), cut(int))).parse(input)?;
    Ok((input, Group { by: by.into_iter().map(|value| *value).collect(), top }))
}

// as-of = "as" , "of" , instant , [ "with" , "hindsight" ] ;
pub(super) fn as_of(input: Input<'_>) -> Read<'_, AsOf> {
    let (behind, at) = preceded(words(&["as", "of"]), cut(instant)).parse(input)?;
    let (behind, hindsight) =
        opt(preceded(keyword("with"), cut(keyword("hindsight")))).parse(behind)?;
    Ok((behind, AsOf { at, hindsight: hindsight.is_some(), span: input.span_to(behind) }))
}

// zone = "in" , ( "timezone" , string | "their" , "timezone" ) ;
pub(super) fn zone(input: Input<'_>) -> Read<'_, Spanned<TimeZone>> {
    let theirs = words(&["in", "their", "timezone"]);
    let named = preceded(words(&["in", "timezone"]), cut(string));
    alt((
        theirs.map(|span| Spanned::new(TimeZone::Theirs, span)),
        named.map(|name| Spanned::new(TimeZone::Named(name.node), name.span)),
    ))
    .parse(input)
}
