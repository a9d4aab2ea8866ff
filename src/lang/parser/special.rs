//! Tests that look into texts, addresses and positions.

use super::Read;
use super::input::Input;
use super::literal::{decimal, negative};
use super::name::string;
use super::operator::{keyword, sign, sure, words};
use super::trouble::{Expected, Trouble};
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::token::TokenKind;
use crate::lang::tree::{Literal, Test};
use crate::lang::{Span, Spanned};
use crate::model::{Decimal, Pattern};
use nom::Parser;
use nom::combinator::cut;

// matches = "matches" , regex ;
pub(super) fn matches(input: Input<'_>) -> Read<'_, Box<Test>> {
    let (input, _) = keyword("matches").parse(input)?;
    let (input, pattern) = sure(regex(input))?;
    Ok((input, Box::new(Test::Matches(pattern))))
}

/// An expression between slashes, ready to be looked for.
pub(super) fn regex(input: Input<'_>) -> Read<'_, Spanned<Pattern>> {
    if input.is_sign(0, "/") {
        return input.fails(
            Diagnostic::error(Code::Pattern, input.span(), "this regular expression has no end")
                .label("its closing `/` is missing on this line"),
        );
    }
    if !matches!(input.first(), Some(TokenKind::Regex)) {
        return input.expected(Expected::Thing("a regular expression like `/re/`"));
    }
    let span = input.span();
    match Pattern::new(input.text(span)) {
        Ok(pattern) => Ok((input.skip(1), Spanned::new(pattern, span))),
        Err(why) => input.fails(
            Diagnostic::error(Code::Pattern, span, "this is no regular expression")
                .label(why.to_string()),
        ),
    }
}

// cidr = "in" , "cidr" , string ;
pub(super) fn cidr(input: Input<'_>) -> Read<'_, Box<Test>> {
    let (input, _) = words(&["in", "cidr"]).parse(input)?;
    let (input, network) = cut(string).parse(input)?;
    Ok((input, Box::new(Test::InCidr(network))))
}

// near = "within" , number , "km" , "of" , "(" , signed , "," , signed , ")" ;
pub(super) fn near(input: Input<'_>) -> Read<'_, Box<Test>> {
    let (input, km) = distance(input)?;
    let place = (words(&["km", "of"]), sign("("), signed, sign(","), signed, sign(")"));
    let (input, (_, _, lat, _, lon, _)) = cut(place).parse(input)?;
    Ok((input, Box::new(Test::Near { km, lat, lon })))
}

/// A number of kilometres: else what follows is a window.
fn distance(input: Input<'_>) -> Read<'_, Spanned<Decimal>> {
    let behind = input.skip(1);
    match (input.is_word(0, "within"), behind.first()) {
        (true, Some(TokenKind::Short(digits, unit))) if unit.eq_ignore_ascii_case("km") => {
            input.fails(too_close(behind.span(), digits))
        }
        (true, Some(TokenKind::Number(digits))) if behind.is_word(1, "km") => {
            let (input, km) = sure(decimal(behind, digits))?;
            Ok((input, Spanned::new(km, behind.span())))
        }
        _ => Err(nom::Err::Error(Trouble::Unexpected)),
    }
}

fn too_close(span: Span, digits: &str) -> Diagnostic {
    Diagnostic::error(Code::Unit, span, "a number and `km` are two words")
        .label(format!("write `{digits} km`"))
}

// signed = [ "-" ] , number ;
fn signed(input: Input<'_>) -> Read<'_, Spanned<Decimal>> {
    if let Ok((behind, Literal::Number(number))) = negative(input) {
        return Ok((behind, Spanned::new(number, input.span_to(behind))));
    }
    match input.first() {
        Some(TokenKind::Number(digits)) => {
            decimal(input, digits).map(|(behind, it)| (behind, Spanned::new(it, input.span())))
        }
        _ => input.expected(Expected::Thing("a number of degrees")),
    }
}
