//! What definitions are made of: parameters, arguments, names for values, and
//! the definitions that only this construct has: conditions, lists, experiments.

use super::Read;
use super::condition::cond;
use super::declare::{base_type, type_};
use super::input::Input;
use super::literal::{percent, signed_literal};
use super::name::{ident, name, string};
use super::operator::{group, keyword, list, sign, sure};
use super::trouble::{Expected, Trouble};
use super::value::value;
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::token::TokenKind;
use crate::lang::tree::{Let, Name, Parameter, StatementKind, Value, Variant};
use crate::lang::{Span, Spanned};
use nom::Parser;
use nom::combinator::{cut, opt};
use nom::sequence::preceded;

// condition = "condition" , ident , [ params ] , "is" , cond ;
pub(super) fn condition(input: Input<'_>, replace: bool) -> Read<'_, StatementKind> {
    let (input, name) = preceded(keyword("condition"), cut(ident)).parse(input)?;
    let (input, params) = sure(optional_params(input))?;
    let (input, condition) = cut(preceded(keyword("is"), cond)).parse(input)?;
    let condition = *condition;
    Ok((input, StatementKind::CreateCondition { replace, name, params, condition }))
}

// list-def = "list" , name , "of" , base-type ;
pub(super) fn list_def(input: Input<'_>, replace: bool) -> Read<'_, StatementKind> {
    let (input, name) = preceded(keyword("list"), cut(name)).parse(input)?;
    let (behind, (_, (_, of))) = cut((keyword("of"), base_type)).parse(input)?;
    let of = Spanned::new(of, input.skip(1).span_to(behind));
    Ok((behind, StatementKind::CreateList { replace, name, of }))
}

// experiment = "experiment" , name , "is" , "(" , variant , { "," , variant } , ")" ;
pub(super) fn experiment(input: Input<'_>, replace: bool) -> Read<'_, StatementKind> {
    let (input, name) = preceded(keyword("experiment"), cut(name)).parse(input)?;
    let variants = group(list(variant), |_| Vec::new());
    let (input, variants) = cut(preceded(keyword("is"), variants)).parse(input)?;
    Ok((input, StatementKind::CreateExperiment { replace, name, variants }))
}

// variant = string , percent ;
fn variant(input: Input<'_>) -> Read<'_, Variant> {
    let (input, (name, share)) = (string, cut(percent)).parse(input)?;
    Ok((input, Variant { name, share }))
}

// optional-params = [ params ] ;
pub(super) fn optional_params(input: Input<'_>) -> Read<'_, Vec<Parameter>> {
    if !input.is_sign(0, "(") {
        return Ok((input, Vec::new()));
    }
    params(input)
}

// params = "(" , param , { "," , param } , ")" ;
fn params(input: Input<'_>) -> Read<'_, Vec<Parameter>> {
    let (behind, params) = group(list(param), |_| Vec::new()).parse(input)?;
    for (place, parameter) in params.iter().enumerate() {
        if params[..place].iter().any(|other| other.name.node == parameter.name.node) {
            behind.complain(twice(&parameter.name));
        }
    }
    Ok((behind, params))
}

fn twice(name: &Name) -> Diagnostic {
    Diagnostic::error(
        Code::Syntax,
        name.span,
        format!("two parameters are called `${}`", name.node),
    )
}

// param = param-name , ":" , type , [ "=" , signed-literal ] ;
fn param(input: Input<'_>) -> Read<'_, Parameter> {
    let Some(TokenKind::Parameter(name)) = input.first() else {
        return input.expected(Expected::Thing("a parameter like `$days: duration`"));
    };
    let name = Spanned::new(name.clone(), input.span());
    let (input, of) = cut(preceded(sign(":"), type_)).parse(input.skip(1))?;
    let (input, default) = opt(preceded(sign("="), cut(signed_literal))).parse(input)?;
    input.source.own.borrow_mut().insert(name.node.clone());
    Ok((input, Parameter { name, of, default }))
}

/// The name of a parameter of the definition that is being read.
// param-name = "$" , ident ;
pub(super) fn param_name(input: Input<'_>) -> Read<'_, Name> {
    match input.first() {
        Some(TokenKind::Parameter(name)) if input.source.own.borrow().contains(name) => {
            Ok((input.skip(1), Spanned::new(name.clone(), input.span())))
        }
        // What is no parameter of it explains itself when nothing else fits.
        _ => Err(nom::Err::Error(Trouble::Unexpected)),
    }
}

// optional-args = [ args ] ;
pub(super) fn optional_args(input: Input<'_>) -> Read<'_, Vec<Value>> {
    if !input.is_sign(0, "(") {
        return Ok((input, Vec::new()));
    }
    args(input)
}

// args = "(" , value , { "," , value } , ")" ;
fn args(input: Input<'_>) -> Read<'_, Vec<Value>> {
    let (behind, arguments) = group(list(value), |_: Span| Vec::new()).parse(input)?;
    Ok((behind, arguments.into_iter().map(|argument| *argument).collect()))
}

// lets = { let } ;
pub(super) fn lets(mut input: Input<'_>) -> Read<'_, Vec<Let>> {
    let mut lets = Vec::new();
    // A trait may be called `let`; the sign tells.
    while input.is_word(0, "let") && input.is_sign(2, "=") {
        let (behind, named) = let_(input)?;
        lets.push(named);
        input = behind;
    }
    Ok((input, lets))
}

// let = "let" , ident , "=" , value ;
fn let_(input: Input<'_>) -> Read<'_, Let> {
    let (input, (_, name, _, value)) =
        cut((keyword("let"), ident, sign("="), value)).parse(input)?;
    Ok((input, Let { name, value: *value }))
}
