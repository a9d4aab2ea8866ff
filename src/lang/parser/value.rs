//! Values: literals, paths, aggregates, calls and arithmetic.

use super::Read;
use super::aggregate::agg;
use super::condition::cond;
use super::definition::param_name;
use super::height::check_height;
use super::input::Input;
use super::literal::{literal, negative, unit_at};
use super::name::{ident, path};
use super::operator::{described, first_of, group, keyword, list, sign, sure};
use super::trouble::{Expected, Trouble};
use super::window::bound;
use crate::lang::Span;
use crate::lang::tree::{Choice, Condition, Direction, Literal, Operator, Value, ValueKind};
use crate::model::Unit;
use nom::Parser;

// value = sum | [ sum , ( "+" | "-" ) ] , [ term , ( "*" | "/" ) ] , [ "-" ] , choice ;
/// A choice is the last operand, since its own last value reaches as far as it can.
pub(super) fn value(input: Input<'_>) -> Read<'_, Box<Value>> {
    described("a value", sum).parse(input)
}

// sum = term , { ( "+" | "-" ) , term } ;
fn sum(input: Input<'_>) -> Read<'_, Box<Value>> {
    chain(input, term, &[("+", Operator::Add), ("-", Operator::Subtract)])
}

// term = factor , { ( "*" | "/" ) , factor } ;
fn term(input: Input<'_>) -> Read<'_, Box<Value>> {
    chain(input, factor, &[("*", Operator::Multiply), ("/", Operator::Divide)])
}

/// Operands joined by operators, grouped from the left.
fn chain<'a>(
    input: Input<'a>,
    operand: fn(Input<'a>) -> Read<'a, Box<Value>>,
    operators: &[(&'static str, Operator)],
) -> Read<'a, Box<Value>> {
    let (mut behind, mut left) = operand(input)?;
    while let Some(operator) = operator(behind, operators) {
        let (end, right) = sure(operand(behind.skip(1)))?;
        left = arithmetic(operator, left, right, input.span_to(end));
        check_height(input, &left)?;
        behind = end;
    }
    Ok((behind, left))
}

fn operator(input: Input<'_>, operators: &[(&'static str, Operator)]) -> Option<Operator> {
    let found = operators.iter().find(|(sign, _)| input.is_sign(0, sign));
    if found.is_none() {
        input.source.note(input.at(), Expected::Thing("an operator"));
    }
    found.map(|(_, operator)| *operator)
}

fn arithmetic(operator: Operator, left: Box<Value>, right: Box<Value>, span: Span) -> Box<Value> {
    Box::new(Value { kind: ValueKind::Arithmetic(operator, left, right), span })
}

// factor = [ "-" ] , atom ;
fn factor(input: Input<'_>) -> Read<'_, Box<Value>> {
    if !input.is_sign(0, "-") {
        return atom(input);
    }
    if let Ok(found) = negative_number(input) {
        return Ok(found);
    }
    let (behind, inner) = sure(atom(input.skip(1)))?;
    Ok((behind, placed(Box::new(ValueKind::Negative(inner)), input.span_to(behind))))
}

/// A minus and a number are one literal, unless a unit follows.
fn negative_number(input: Input<'_>) -> Read<'_, Box<Value>> {
    let (behind, number) = negative(input)?;
    if unit_at(behind).is_some() {
        return Err(nom::Err::Error(Trouble::Unexpected));
    }
    Ok((behind, placed(Box::new(ValueKind::Literal(number)), input.span_to(behind))))
}

fn placed(kind: Box<ValueKind>, span: Span) -> Box<Value> {
    Box::new(Value { kind: *kind, span })
}

// atom = literal | path | agg | call | elapsed | param-name | "(" , value , ")" ;
fn atom(input: Input<'_>) -> Read<'_, Box<Value>> {
    if input.is_sign(0, "(") {
        let (behind, mut inner) = group(value, no_value).parse(input)?;
        inner.span = input.span_to(behind);
        return Ok((behind, inner));
    }
    let kinds = [choice, given, elapsed, aggregate, call, literal_atom, path_atom];
    let (behind, kind) = first_of(input, kinds)?;
    Ok((behind, placed(kind, input.span_to(behind))))
}

fn aggregate(input: Input<'_>) -> Read<'_, Box<ValueKind>> {
    agg(input).map(|(input, aggregate)| (input, Box::new(ValueKind::Aggregate(aggregate))))
}

fn given(input: Input<'_>) -> Read<'_, Box<ValueKind>> {
    param_name(input).map(|(input, name)| (input, Box::new(ValueKind::Parameter(name))))
}

fn literal_atom(input: Input<'_>) -> Read<'_, Box<ValueKind>> {
    literal(input).map(|(input, literal)| (input, Box::new(ValueKind::Literal(literal))))
}

fn path_atom(input: Input<'_>) -> Read<'_, Box<ValueKind>> {
    path(input).map(|(input, path)| (input, Box::new(ValueKind::Path(path))))
}

// elapsed = unit , ( "since" | "until" ) , bound ;
fn elapsed(input: Input<'_>) -> Read<'_, Box<ValueKind>> {
    let (behind, (unit, direction)) = distance(input)?;
    let found = sure(bound(behind));
    found.map(|(input, bound)| (input, Box::new(ValueKind::Elapsed(unit, direction, *bound))))
}

fn distance(input: Input<'_>) -> Read<'_, (Unit, Direction)> {
    let direction = match () {
        () if input.is_word(1, "since") => Direction::Since,
        () if input.is_word(1, "until") => Direction::Until,
        () => return Err(nom::Err::Error(Trouble::Unexpected)),
    };
    match unit_at(input) {
        Some(unit) => Ok((input.skip(2), (unit, direction))),
        None => Err(nom::Err::Error(Trouble::Unexpected)),
    }
}

// choice = "if" , cond , "then" , value , "else" , value ;
fn choice(input: Input<'_>) -> Read<'_, Box<ValueKind>> {
    let (behind, _) = keyword("if").parse(input)?;
    let (behind, condition) = sure(cond(behind.deeper()?))?;
    let (behind, _) = sure(keyword("then").parse(behind))?;
    let (behind, then) = sure(value(behind))?;
    let (behind, _) = sure(keyword("else").parse(behind))?;
    let (behind, otherwise) = sure(value(behind))?;
    Ok((behind.level_of(input), chosen(condition, then, otherwise)))
}

fn chosen(condition: Box<Condition>, then: Box<Value>, otherwise: Box<Value>) -> Box<ValueKind> {
    let choice = Choice { condition: *condition, then: *then, otherwise: *otherwise };
    Box::new(ValueKind::Choice(Box::new(choice)))
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

/// A value that stands in for one that could not be read.
fn no_value(span: Span) -> Box<Value> {
    Box::new(Value { kind: ValueKind::Literal(Literal::Missing), span })
}

/// `: value`, as aggregates have it.
pub(super) fn colon_value(input: Input<'_>) -> Read<'_, Box<Value>> {
    let (input, _) = sign(":").parse(input)?;
    sure(value(input))
}
