//! Values: literals, paths, aggregates, calls and arithmetic.

use super::Read;
use super::absent::{FUNCTIONS, absent, not_built};
use super::aggregate::agg;
use super::height::check_height;
use super::input::Input;
use super::literal::{civil, literal, negative, unit_at};
use super::name::{ident, path};
use super::operator::{described, group, list, sign};
use super::trouble::{Expected, Trouble};
use super::window::bound;
use crate::lang::Span;
use crate::lang::token::TokenKind;
use crate::lang::tree::{Direction, Literal, Operator, Value, ValueKind};
use crate::model::Unit;
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, opt};
use nom::sequence::preceded;

// value = sum ;
pub(super) fn value(input: Input<'_>) -> Read<'_, Box<Value>> {
    described("a value", sum).parse(input)
}

// sum = term , { ( "+" | "-" ) , term } ;
fn sum(input: Input<'_>) -> Read<'_, Box<Value>> {
    let operator = alt((sign("+").map(|_| Operator::Add), sign("-").map(|_| Operator::Subtract)));
    chain(input, term, described("an operator", operator))
}

// term = factor , { ( "*" | "/" ) , factor } ;
fn term(input: Input<'_>) -> Read<'_, Box<Value>> {
    let operator =
        alt((sign("*").map(|_| Operator::Multiply), sign("/").map(|_| Operator::Divide)));
    chain(input, factor, described("an operator", operator))
}

/// Operands joined by operators, grouped from the left.
fn chain<'a>(
    input: Input<'a>,
    operand: fn(Input<'a>) -> Read<'a, Box<Value>>,
    operator: impl Parser<Input<'a>, Output = Operator, Error = Trouble>,
) -> Read<'a, Box<Value>> {
    let (mut behind, mut left) = operand(input)?;
    let mut operator = opt(operator);
    while let (next, Some(operator)) = operator.parse(behind)? {
        let (end, right) = cut(operand).parse(next)?;
        let kind = ValueKind::Arithmetic(operator, left, right);
        left = Box::new(Value { kind, span: input.span_to(end) });
        check_height(input, &left)?;
        behind = end;
    }
    Ok((behind, left))
}

// factor = [ "-" ] , atom ;
fn factor(input: Input<'_>) -> Read<'_, Box<Value>> {
    if !input.is_sign(0, "-") {
        return atom(input);
    }
    if let Ok((behind, number)) = negative(input)
        && unit_at(behind).is_none()
    {
        let kind = ValueKind::Literal(number);
        return Ok((behind, Box::new(Value { kind, span: input.span_to(behind) })));
    }
    let (behind, inner) = cut(atom).parse(input.skip(1))?;
    let kind = ValueKind::Negative(inner);
    Ok((behind, Box::new(Value { kind, span: input.span_to(behind) })))
}

// atom = literal | path | agg | call | elapsed | "(" , value , ")" ;
fn atom(input: Input<'_>) -> Read<'_, Box<Value>> {
    if input.is_sign(0, "(") {
        let (behind, mut inner) = group(value, no_value).parse(input)?;
        inner.span = input.span_to(behind);
        return Ok((behind, inner));
    }
    let (behind, kind) = alt((
        not_built_atom,
        elapsed,
        agg.map(|aggregate| Box::new(ValueKind::Aggregate(aggregate))),
        call,
        literal.map(|literal| Box::new(ValueKind::Literal(literal))),
        path.map(|path| Box::new(ValueKind::Path(path))),
    ))
    .parse(input)?;
    Ok((behind, Box::new(Value { kind: *kind, span: input.span_to(behind) })))
}

// elapsed = unit , ( "since" | "until" ) , bound ;
fn elapsed(input: Input<'_>) -> Read<'_, Box<ValueKind>> {
    let direction = match () {
        () if input.is_word(1, "since") => Direction::Since,
        () if input.is_word(1, "until") => Direction::Until,
        () => return Err(nom::Err::Error(Trouble::Unexpected)),
    };
    match unit_at(input) {
        Some(unit @ Unit::Fixed(_)) => {
            let (input, bound) = cut(bound).parse(input.skip(2))?;
            Ok((input, Box::new(ValueKind::Elapsed(unit, direction, *bound))))
        }
        Some(_) => input.fails(civil(input.span())),
        None => Err(nom::Err::Error(Trouble::Unexpected)),
    }
}

// call = ident , "(" , value , { "," , value } , ")" ;
fn call(input: Input<'_>) -> Read<'_, Box<ValueKind>> {
    if !input.is_sign(1, "(") {
        return input.expected(Expected::Thing("a value"));
    }
    let (input, name) = ident(input)?;
    let (input, arguments) = group(list(value), |_| Vec::new()).parse(input)?;
    let arguments = arguments.into_iter().map(|argument| *argument).collect();
    Ok((input, Box::new(ValueKind::Call(name, arguments))))
}

fn not_built_atom(input: Input<'_>) -> Read<'_, Box<ValueKind>> {
    match input.first() {
        Some(TokenKind::Parameter) => input.fails(not_built("parameters", input.span())),
        Some(TokenKind::Word(_)) if input.is_sign(1, "(") && input.is_any(0, &FUNCTIONS) => {
            let name = input.text(input.span()).to_ascii_lowercase();
            input.fails(not_built(&format!("the function `{name}`"), input.span()))
        }
        _ => absent(&["if"], "values by `if ... then ... else`").parse(input),
    }
}

/// A value that stands in for one that could not be read.
fn no_value(span: Span) -> Box<Value> {
    Box::new(Value { kind: ValueKind::Literal(Literal::Missing), span })
}

/// `: value`, as aggregates have it.
pub(super) fn colon_value(input: Input<'_>) -> Read<'_, Box<Value>> {
    preceded(sign(":"), cut(value)).parse(input)
}
