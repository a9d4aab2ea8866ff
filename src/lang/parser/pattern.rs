//! Patterns: sequences and combinations of events.

use super::Read;
use super::did::{event, matcher};
use super::input::Input;
use super::literal::span;
use super::name::path;
use super::operator::{group, int, keyword, list, optional, sure, words};
use super::trouble::{Expected, Trouble};
use crate::lang::Span;
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::token::TokenKind;
use crate::lang::tree::{
    Combination, Event, Gap, Link, Matcher, Reach, Sequence, Step, Subject, Tail,
};
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, value};
use nom::sequence::preceded;

// pattern = sequence | combo ;
pub(super) fn pattern(input: Input<'_>) -> Read<'_, Box<Subject>> {
    super::operator::first_of(input, [sequence, combo])
}

// sequence = "(" , chain , ")" , [ "same" , path ] , [ lasting ] ;
pub(super) fn sequence(input: Input<'_>) -> Read<'_, Box<Subject>> {
    let (behind, mut sequence) = group(chain, nothing).parse(input)?;
    let (behind, same) = optional(behind, preceded(keyword("same"), cut(path)).parse(behind))?;
    let (behind, total) = lasting(behind)?;
    (sequence.same, sequence.total) = (same, total);
    sequence.span = input.span_to(behind);
    Ok((behind, Box::new(Subject::Sequence(sequence))))
}

/// Stands in for a sequence that could not be read.
fn nothing(span: Span) -> Box<Sequence> {
    let first = Matcher::AnyEvent(None, span);
    let (steps, tails) = (Vec::new(), Vec::new());
    Box::new(Sequence { first, steps, tails, same: None, total: None, span })
}

// chain = matcher , ( step , { step } , { tail } | tail , { tail } ) ;
fn chain(input: Input<'_>) -> Read<'_, Box<Sequence>> {
    let (mut behind, first) = matcher(input)?;
    let mut sequence = nothing(input.span());
    sequence.first = *first;
    while let (next, Some(step)) = optional(behind, step(behind))? {
        sequence.steps.push(*step);
        behind = next;
    }
    while let (next, Some(tail)) = optional(behind, tail(behind))? {
        sequence.tails.push(*tail);
        behind = next;
    }
    if sequence.steps.is_empty() && sequence.tails.is_empty() {
        return behind.expected(Expected::Word("then"));
    }
    if behind.is_word(0, "then") {
        return behind.fails(step_behind_tail(behind));
    }
    Ok((behind, sequence))
}

fn step_behind_tail(input: Input<'_>) -> Diagnostic {
    let message = "`then no` stands at the end of a sequence only";
    Diagnostic::error(Code::Syntax, input.span(), message)
        .label("another step")
        .help("what may not lie between two steps is said behind the second: `then b without x`")
}

// step = "then" , [ follows ] , matcher , { gap | without } ;
fn step(input: Input<'_>) -> Read<'_, Box<Step>> {
    let (behind, _) = keyword("then").parse(input)?;
    if behind.is_word(0, "no") {
        return Err(nom::Err::Error(Trouble::Unexpected));
    }
    let (behind, link) = follows(behind);
    let (mut behind, matcher) = sure(matcher(behind))?;
    let mut step =
        Box::new(Step { link, matcher: *matcher, gaps: Vec::new(), without: Vec::new() });
    loop {
        if let (next, Some(gap)) = optional(behind, gap(behind))? {
            step.gaps.push(gap);
            behind = next;
        } else if let (next, Some(other)) = optional(behind, without(behind))? {
            step.without.push(*other);
            behind = next;
        } else {
            return Ok((behind, step));
        }
    }
}

// follows = "immediately" | "strictly" ;
fn follows(input: Input<'_>) -> (Input<'_>, Link) {
    match () {
        () if input.is_word(0, "immediately") => (input.skip(1), Link::Immediately),
        () if input.is_word(0, "strictly") => (input.skip(1), Link::Strictly),
        () => (input, Link::Then),
    }
}

// without = "without" , matcher ;
fn without(input: Input<'_>) -> Read<'_, Box<Matcher>> {
    let (behind, _) = keyword("without").parse(input)?;
    sure(matcher(behind))
}

// tail = "then" , "no" , matcher , { gap } ;
fn tail(input: Input<'_>) -> Read<'_, Box<Tail>> {
    let (behind, _) = words(&["then", "no"]).parse(input)?;
    let (mut behind, matcher) = sure(matcher(behind))?;
    let mut tail = Box::new(Tail { matcher: *matcher, gaps: Vec::new() });
    while let (next, Some(gap)) = optional(behind, gap(behind))? {
        tail.gaps.push(gap);
        behind = next;
    }
    if behind.is_word(0, "without") {
        let message = "`without` speaks of what lies between two steps, and nothing follows `no`";
        return behind.fails(Diagnostic::error(Code::Syntax, behind.span(), message));
    }
    Ok((behind, tail))
}

// gap = "within" , span | "after" , "at" , "least" , span ;
fn gap(input: Input<'_>) -> Read<'_, Gap> {
    alt((
        preceded(keyword("within"), cut(span)).map(Gap::Within),
        preceded(words(&["after", "at", "least"]), cut(span)).map(Gap::AtLeast),
    ))
    .parse(input)
}

// lasting = "within" , span ;
/// How long the whole may last. With a bound behind it, it is a window.
fn lasting(input: Input<'_>) -> Read<'_, Option<Reach>> {
    if !input.is_word(0, "within") {
        return Ok((input, None));
    }
    let (behind, reach) = cut(span).parse(input.skip(1))?;
    let around = behind.is_any(0, &["after", "before"])
        || behind.is_word(0, "of") && !behind.is_any(1, &["people", "everyone"]);
    Ok(if around { (input, None) } else { (behind, Some(reach)) })
}

// combo = needed , "(" , event , { "," , event } , ")" , [ lasting ] ;
fn combo(input: Input<'_>) -> Read<'_, Box<Subject>> {
    let (behind, needed) = needed(input)?;
    let (behind, events) = sure(group(list(event), |_| Vec::<Event>::new()).parse(behind))?;
    let (behind, total) = lasting(behind)?;
    let span = input.span_to(behind);
    let combination = Combination { needed, events, total, span };
    Ok((behind, Box::new(Subject::Combination(Box::new(combination)))))
}

// needed = ( "all" | int ) , "of" ;
fn needed(input: Input<'_>) -> Read<'_, Option<u64>> {
    if matches!(input.first(), Some(TokenKind::Number(_))) && input.is_word(1, "of") {
        return int(input).map(|(behind, n)| (behind.skip(1), Some(n)));
    }
    value(None, words(&["all", "of"])).parse(input)
}
