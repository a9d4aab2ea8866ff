//! Tests: what is asked of a value.

use super::Read;
use super::absent::absent;
use super::input::Input;
use super::literal::literals;
use super::operator::{described, first_of, keyword, sign, sure, words};
use super::special::{cidr, matches, near};
use super::trouble::{Trouble, found};
use super::value::value;
use super::window::{is_ago, window};
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::tree::{Comparison, PathHead, Place, Predicate, Test, Value, ValueKind};
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, opt};
use nom::sequence::preceded;

/// A value and its test.
// is = value , test ;
pub(super) fn is(input: Input<'_>) -> Read<'_, Box<Predicate>> {
    let (behind, value) = value(input)?;
    let found = described("a test like `= 1`", test).parse(behind);
    tested(input, behind, value, found)
}

fn tested<'a>(
    input: Input<'a>,
    behind: Input<'a>,
    value: Box<Value>,
    found: Read<'a, Box<Test>>,
) -> Read<'a, Box<Predicate>> {
    match found {
        Ok((behind, test)) => Ok((behind, Box::new(Predicate::Is(*value, *test)))),
        Err(nom::Err::Error(_)) if is_event_like(&value, behind) => {
            behind.fails(event_without_did(input, behind))
        }
        // The value stands: nothing else could have been meant.
        Err(nom::Err::Error(trouble)) => Err(nom::Err::Failure(trouble)),
        Err(failure) => Err(failure),
    }
}

/// Whether a lonely name stands where a condition ends.
fn is_event_like(value: &Value, behind: Input<'_>) -> bool {
    let ValueKind::Path(path) = &value.kind else { return false };
    let ends = behind.rest.is_empty()
        || behind.is_sign(0, ")")
        || behind.is_sign(0, ",")
        || behind
            .is_any(0, &["and", "or", "once", "twice", "at", "exactly", "where", "more", "fewer"]);
    path.head == PathHead::Bare && path.rest.is_empty() && ends
}

fn event_without_did(input: Input<'_>, behind: Input<'_>) -> Diagnostic {
    let name = input.text(input.span());
    let message = format!("expected a test of `{name}`, found {}", found(behind));
    Diagnostic::error(Code::Syntax, behind.span(), message)
        .help(format!("if `{name}` is an event, write `did {name}`"))
        .help(format!("or: write `{name} is known`"))
}

// test = comparison , value | "is" , [ "not" ] , value | "is" , ( "known" | "unknown" )
//      | between | one-of | has | text-test | matches | cidr | near | window ;
fn test(input: Input<'_>) -> Read<'_, Box<Test>> {
    let tests = [
        foreign,
        not_built_test,
        compare,
        is_something,
        between,
        one_of,
        has,
        text_test,
        matches,
        cidr,
        near,
        during,
    ];
    first_of(input, tests)
}

fn during(input: Input<'_>) -> Read<'_, Box<Test>> {
    window(input).map(|(input, window)| (input, Box::new(Test::During(*window))))
}

fn compare(input: Input<'_>) -> Read<'_, Box<Test>> {
    let (input, comparison) = alt((
        sign("=").map(|_| Comparison::Equal),
        sign("!=").map(|_| Comparison::NotEqual),
        sign("<=").map(|_| Comparison::AtMost),
        sign("<").map(|_| Comparison::Less),
        sign(">=").map(|_| Comparison::AtLeast),
        sign(">").map(|_| Comparison::Greater),
    ))
    .parse(input)?;
    let (input, other) = sure(value(input))?;
    Ok((input, compared(comparison, other)))
}

fn compared(comparison: Comparison, other: Box<Value>) -> Box<Test> {
    Box::new(Test::Compare(comparison, *other))
}

fn is_something(input: Input<'_>) -> Read<'_, Box<Test>> {
    let (input, _) = keyword("is").parse(input)?;
    if let Ok((input, _)) = keyword("known").parse(input) {
        return Ok((input, Box::new(Test::Known(true))));
    }
    if let Ok((input, _)) = keyword("unknown").parse(input) {
        return Ok((input, Box::new(Test::Known(false))));
    }
    let (input, not) = opt(keyword("not")).parse(input)?;
    let comparison = if not.is_some() { Comparison::NotEqual } else { Comparison::Equal };
    let (input, other) = sure(value(input))?;
    Ok((input, compared(comparison, other)))
}

// between = "between" , value , "and" , value ;
fn between(input: Input<'_>) -> Read<'_, Box<Test>> {
    if is_ago(input) {
        return Err(nom::Err::Error(Trouble::Unexpected));
    }
    let (input, _) = keyword("between").parse(input)?;
    let (input, low) = sure(value(input))?;
    let (input, _) = sure(keyword("and").parse(input))?;
    let (input, high) = sure(value(input))?;
    Ok((input, Box::new(Test::Between(*low, *high))))
}

// one-of = [ "not" ] , "one" , "of" , literals ;
fn one_of(input: Input<'_>) -> Read<'_, Box<Test>> {
    let (input, negated) =
        alt((words(&["not", "one", "of"]).map(|_| true), words(&["one", "of"]).map(|_| false)))
            .parse(input)?;
    cut(literals).map(|values| Box::new(Test::OneOf { negated, values })).parse(input)
}

// has = "has" , ( ( "any" | "all" ) , "of" , literals | value ) ;
fn has(input: Input<'_>) -> Read<'_, Box<Test>> {
    let (input, _) = keyword("has").parse(input)?;
    let either = alt((words(&["any", "of"]).map(|_| false), words(&["all", "of"]).map(|_| true)));
    if let (input, Some(all)) = opt(either).parse(input)? {
        let (input, values) = sure(literals(input))?;
        return Ok((input, Box::new(Test::HasOf { all, values })));
    }
    let (input, element) = sure(value(input))?;
    Ok((input, Box::new(Test::Has(*element))))
}

// text-test = ( "contains" | "starts" , "with" | "ends" , "with" ) , value , [ "ignoring" , "case" ] ;
fn text_test(input: Input<'_>) -> Read<'_, Box<Test>> {
    let (input, place) = alt((
        keyword("contains").map(|_| Place::Anywhere),
        preceded(keyword("starts"), cut(keyword("with"))).map(|_| Place::Start),
        preceded(keyword("ends"), cut(keyword("with"))).map(|_| Place::End),
    ))
    .parse(input)?;
    let (input, part) = sure(value(input))?;
    let (input, ignoring) = opt(words(&["ignoring", "case"])).parse(input)?;
    let ignoring_case = ignoring.is_some();
    Ok((input, Box::new(Test::Text { place, part: *part, ignoring_case })))
}

fn not_built_test(input: Input<'_>) -> Read<'_, Box<Test>> {
    absent(&["in", "list"], "lists").parse(input)
}

/// What people write who come from SQL.
fn foreign(input: Input<'_>) -> Read<'_, Box<Test>> {
    let not = usize::from(input.is_word(1, "not"));
    let behind_is = input.skip(1 + not);
    let (n_tokens, ours) = match () {
        () if input.is_word(0, "is") && behind_is.is_any(0, &["null", "empty"]) => {
            (2 + not, if not == 1 { "is known" } else { "is unknown" })
        }
        () if input.is_word(0, "is") && not == 1 && behind_is.is_word(0, "known") => {
            (3, "is unknown")
        }
        () if input.is_word(0, "is") && not == 1 && behind_is.is_word(0, "unknown") => {
            (3, "is known")
        }
        () if input.is_word(0, "is")
            && behind_is.is_word(0, "one")
            && behind_is.is_word(1, "of") =>
        {
            (3 + not, if not == 1 { "not one of" } else { "one of" })
        }
        () if input.is_sign(0, "=") && input.is_word(1, "null") => (2, "is unknown"),
        () if input.is_sign(0, "!=") && input.is_word(1, "null") => (2, "is known"),
        () if input.is_word(0, "in") && input.is_sign(1, "(") => (1, "one of"),
        () if input.is_word(0, "not") && input.is_word(1, "in") && input.is_sign(2, "(") => {
            (2, "not one of")
        }
        () if input.is_word(0, "like") => (1, "contains"),
        () => return Err(nom::Err::Error(Trouble::Unexpected)),
    };
    let span = input.span_of(n_tokens);
    let written = input.text(span);
    let message = format!("`{written}` is not how this language asks it");
    let diagnostic = Diagnostic::error(Code::ForeignPhrase, span, message);
    if ours == "contains" {
        return input.fails(
            diagnostic.help("write `contains \"x\"`, `starts with \"x\"` or `ends with \"x\"`"),
        );
    }
    input.fails(diagnostic.label(format!("write `{ours}`")))
}
