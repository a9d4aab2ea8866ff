//! What people did: events, their filters, counts and windows.

use super::Read;
use super::condition::{cond, nothing};
use super::input::Input;
use super::name::name;
use super::operator::{described, first_of, group, int, keyword, list, optional, sure, words};
use super::pattern::pattern;
use super::trouble::Trouble;
use super::window::window;
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::token::TokenKind;
use crate::lang::tree::{
    Amount, Binds, Condition, Event, Matcher, Occurrence, Placing, Predicate, Subject, Times,
    Window,
};
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, opt, value};
use nom::sequence::{preceded, terminated};

// did = "did" , [ "not" ] , occurrence | "never" , "did" , matcher ;
pub(super) fn did(input: Input<'_>) -> Read<'_, Box<Predicate>> {
    first_of(input, [never, did_or_not])
}

fn did_or_not(input: Input<'_>) -> Read<'_, Box<Predicate>> {
    let (input, _) = keyword("did").parse(input)?;
    let (input, not) = opt(keyword("not")).parse(input)?;
    let (input, occurrence) = sure(occurrence(input))?;
    Ok((input, done(not.is_some(), false, occurrence)))
}

fn done(negated: bool, never: bool, occurrence: Box<Occurrence>) -> Box<Predicate> {
    Box::new(Predicate::Did { negated, never, occurrence: *occurrence })
}

fn never(input: Input<'_>) -> Read<'_, Box<Predicate>> {
    let (input, _) = keyword("never").parse(input)?;
    let (input, _) = cut(keyword("did")).parse(input)?;
    let (behind, occurrence) = sure(occurrence(input))?;
    if occurrence.times.is_some() || !occurrence.windows.is_empty() {
        behind.complain(never_with_clause(&occurrence));
    }
    Ok((behind, done(true, true, occurrence)))
}

fn never_with_clause(occurrence: &Occurrence) -> Diagnostic {
    let window = occurrence.windows.first().map(|placing| placing.window.span);
    let span = window.or(occurrence.times.as_ref().map(|times| times.span)).unwrap_or_default();
    Diagnostic::error(Code::NeverWindow, span, "`never did` takes neither window nor count")
        .help("write `did not` for a window: `did not order in last 90 days`")
}

// occurrence = ( matcher | pattern ) , { clause } ;
fn occurrence(input: Input<'_>) -> Read<'_, Box<Occurrence>> {
    let (input, subject) = first_of(input, [pattern, events])?;
    clauses(input, subject)
}

fn events(input: Input<'_>) -> Read<'_, Box<Subject>> {
    matcher(input).map(|(input, matcher)| (input, Box::new(Subject::Events(*matcher))))
}

fn unbounded(subject: Box<Subject>) -> Box<Occurrence> {
    Box::new(Occurrence { subject: *subject, times: None, windows: Vec::new() })
}

fn clauses(mut input: Input<'_>, subject: Box<Subject>) -> Read<'_, Box<Occurrence>> {
    let mut occurrence = unbounded(subject);
    while let (behind, Some(clause)) = optional(input, clause(input))? {
        add(&mut occurrence, clause, behind);
        input = behind;
    }
    Ok((input, occurrence))
}

fn add(occurrence: &mut Occurrence, clause: Clause, behind: Input<'_>) {
    match clause {
        Clause::Window(placing) => occurrence.windows.push(*placing),
        Clause::Times(times) => match &occurrence.times {
            Some(first) => behind.complain(second_count(first, &times)),
            None => occurrence.times = Some(times),
        },
    }
}

fn second_count(first: &Times, second: &Times) -> Diagnostic {
    Diagnostic::error(Code::SecondCount, second.span, "an occurrence takes one count")
        .label("a second one")
        .also(first.span, "the first")
}

enum Clause {
    Times(Times),
    Window(Box<Placing>),
}

// clause = times | [ "starting" | "ending" ] , window ;
fn clause(input: Input<'_>) -> Read<'_, Clause> {
    first_of(input, [starting, counting, during])
}

fn counting(input: Input<'_>) -> Read<'_, Clause> {
    times(input).map(|(input, times)| (input, Clause::Times(times)))
}

fn during(input: Input<'_>) -> Read<'_, Clause> {
    window(input).map(|(input, window)| (input, placing(Binds::Each, window)))
}

/// A window that binds the first event or the last one only.
fn starting(input: Input<'_>) -> Read<'_, Clause> {
    let (input, binds) =
        alt((value(Binds::First, keyword("starting")), value(Binds::Last, keyword("ending"))))
            .parse(input)?;
    sure(window(input)).map(|(input, window)| (input, placing(binds, window)))
}

fn placing(binds: Binds, window: Box<Window>) -> Clause {
    Clause::Window(Box::new(Placing { binds, window: *window }))
}

// times = "once" | "twice" | amount , int , ( "times" | "time" )
//       | "between" , int , "and" , int , "times" ;
fn times(input: Input<'_>) -> Read<'_, Times> {
    let counted = |parser, amount: fn(u64) -> Amount| {
        preceded(words(parser), cut(terminated(number_of_times, times_word))).map(amount)
    };
    let (behind, amount) = alt((
        value(Amount::Exactly(1), keyword("once")),
        value(Amount::Exactly(2), keyword("twice")),
        counted(&["at", "least"], Amount::AtLeast),
        counted(&["at", "most"], Amount::AtMost),
        counted(&["exactly"], Amount::Exactly),
        counted(&["more", "than"], Amount::MoreThan),
        counted(&["fewer", "than"], Amount::FewerThan),
        between_times,
        bare_number,
    ))
    .parse(input)?;
    Ok((behind, Times { amount, span: input.span_to(behind) }))
}

fn times_word(input: Input<'_>) -> Read<'_, ()> {
    value((), alt((keyword("times"), keyword("time")))).parse(input)
}

/// A count; `at least once` is said so often that it gets an answer of its own.
fn number_of_times(input: Input<'_>) -> Read<'_, u64> {
    let number = match () {
        () if input.is_word(0, "once") => "1 time",
        () if input.is_word(0, "twice") => "2 times",
        () => return int(input),
    };
    let found = input.text(input.span());
    let message = format!("expected a whole number, found `{found}`");
    input.fails(
        Diagnostic::error(Code::Syntax, input.span(), message).label(format!("write `{number}`")),
    )
}

fn between_times(input: Input<'_>) -> Read<'_, Amount> {
    if super::window::is_ago(input) {
        return Err(nom::Err::Error(Trouble::Unexpected));
    }
    let bounds = cut((int, keyword("and"), int, times_word));
    preceded(keyword("between"), bounds)
        .map(|(from, _, to, ())| Amount::Between(from, to))
        .parse(input)
}

/// `did order 3 times` does not say whether more are meant as well.
fn bare_number(input: Input<'_>) -> Read<'_, Amount> {
    let Some(TokenKind::Number(number)) = input.first() else {
        return Err(nom::Err::Error(Trouble::Unexpected));
    };
    if !input.is_any(1, &["times", "time"]) {
        return Err(nom::Err::Error(Trouble::Unexpected));
    }
    let message = "a count says how it compares";
    let times = if **number == *"1" { "time" } else { "times" };
    input.fails(
        Diagnostic::error(Code::Syntax, input.span_of(2), message)
            .help(format!("write `at least {number} {times}`"))
            .help(format!("or: write `exactly {number} {times}`")),
    )
}

// matcher = event | "any" , "event" , [ where ]
//         | "any" , "of" , "(" , event , { "," , event } , ")" ;
pub(super) fn matcher(input: Input<'_>) -> Read<'_, Box<Matcher>> {
    let either = |input| first_of(input, [any_event, any_of, one_event]);
    described("an event's name", either).parse(input)
}

fn any_event(input: Input<'_>) -> Read<'_, Box<Matcher>> {
    let (behind, _) = words(&["any", "event"]).parse(input)?;
    let (behind, filter) = optional(behind, where_(behind))?;
    Ok((behind, Box::new(Matcher::AnyEvent(filter, input.span_to(behind)))))
}

pub(super) fn any_of(input: Input<'_>) -> Read<'_, Box<Matcher>> {
    let (behind, _) = words(&["any", "of"]).parse(input)?;
    let (behind, events) = sure(group(list(event), |_| Vec::new()).parse(behind))?;
    Ok((behind, Box::new(Matcher::AnyOf(events, input.span_to(behind)))))
}

// event = name , [ where ] ;
pub(super) fn event(input: Input<'_>) -> Read<'_, Event> {
    let (input, name) = described("an event's name", name).parse(input)?;
    let (input, filter) = optional(input, where_(input))?;
    Ok((input, Event { name, filter }))
}

fn one_event(input: Input<'_>) -> Read<'_, Box<Matcher>> {
    event(input).map(|(input, event)| (input, Box::new(Matcher::Event(event))))
}

// where = "where" , "(" , cond , ")" ;
pub(super) fn where_(input: Input<'_>) -> Read<'_, Box<Condition>> {
    let (behind, at) = keyword("where").parse(input)?;
    if !behind.is_sign(0, "(") {
        return input.fails(where_without_parentheses(input, behind, at));
    }
    sure(group(cond, nothing).parse(behind))
}

fn where_without_parentheses(
    input: Input<'_>,
    behind: Input<'_>,
    at: crate::lang::Span,
) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(Code::WhereParentheses, at, "`where` needs parentheses around its tests");
    match super::condition::unary(behind) {
        Ok((end, _)) => {
            let test = input.text(behind.span_to(end));
            diagnostic.help(format!("write `where ({test})`"))
        }
        Err(_) => diagnostic.help("write `where (total > 100)`"),
    }
}
