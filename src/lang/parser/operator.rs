//! Readers that productions are made of.

use super::Read;
use super::input::Input;
use super::trouble::{Expected, Trouble};
use crate::lang::Span;
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::token::TokenKind;
use nom::Parser;

/// One keyword, in any case.
pub(super) fn keyword<'a>(
    keyword: &'static str,
) -> impl Parser<Input<'a>, Output = Span, Error = Trouble> {
    move |input: Input<'a>| {
        if input.is_word(0, keyword) {
            return Ok((input.skip(1), input.span()));
        }
        input.expected(Expected::Word(keyword))
    }
}

/// Keywords one behind the other; nothing is read unless all are there.
pub(super) fn words<'a>(
    keywords: &'static [&'static str],
) -> impl Parser<Input<'a>, Output = Span, Error = Trouble> {
    move |input: Input<'a>| {
        for (n, keyword) in keywords.iter().enumerate() {
            if !input.is_word(n, keyword) {
                return input.skip(n).expected(Expected::Word(keyword));
            }
        }
        Ok((input.skip(keywords.len()), input.span_of(keywords.len())))
    }
}

/// One sign.
pub(super) fn sign<'a>(
    sign: &'static str,
) -> impl Parser<Input<'a>, Output = Span, Error = Trouble> {
    move |input: Input<'a>| {
        if input.is_sign(0, sign) {
            return Ok((input.skip(1), input.span()));
        }
        input.expected(Expected::Sign(sign))
    }
}

/// A production under a description: if not even its first token fits, the
/// description is what was expected, not every sign it might begin with.
pub(super) fn described<'a, T>(
    thing: &'static str,
    mut production: impl Parser<Input<'a>, Output = T, Error = Trouble>,
) -> impl Parser<Input<'a>, Output = T, Error = Trouble> {
    move |input: Input<'a>| {
        let source = input.source;
        let fresh = source.furthest.get() < input.at();
        let before = source.expected.borrow().clone();
        let found = production.parse(input);
        if source.furthest.get() > input.at() || !matches!(found, Err(nom::Err::Error(_))) {
            return found;
        }
        if source.furthest.get() == input.at() {
            *source.expected.borrow_mut() = if fresh { Default::default() } else { before };
        }
        input.expected(Expected::Thing(thing))
    }
}

/// A production as a value.
type Production<T> = for<'a> fn(Input<'a>) -> Read<'a, T>;

/// The first of several productions that fits.
///
/// What may stand inside itself is chosen by this and not by nom's `alt`, and
/// made sure by [`sure`] and not by `cut`: without optimisation those take
/// several times the stack, which is what bounds the depth of a text.
pub(super) fn first_of<'a, T, const N: usize>(
    input: Input<'a>,
    productions: [Production<T>; N],
) -> Read<'a, T> {
    for production in productions {
        match production(input) {
            Err(nom::Err::Error(_)) => {}
            found => return found,
        }
    }
    Err(nom::Err::Error(Trouble::Unexpected))
}

/// What must stand here: if it does not, nothing else is tried.
pub(super) fn sure<T>(found: Read<'_, T>) -> Read<'_, T> {
    match found {
        Err(nom::Err::Error(trouble)) => Err(nom::Err::Failure(trouble)),
        found => found,
    }
}

/// What may stand here or not.
pub(super) fn optional<'a, T>(input: Input<'a>, found: Read<'a, T>) -> Read<'a, Option<T>> {
    match found {
        Ok((input, found)) => Ok((input, Some(found))),
        Err(nom::Err::Error(_)) => Ok((input, None)),
        Err(failure) => Err(failure),
    }
}

/// `item , { "," , item }`, at least one.
pub(super) fn list<'a, T>(
    item: fn(Input<'a>) -> Read<'a, T>,
) -> impl Parser<Input<'a>, Output = Vec<T>, Error = Trouble> {
    move |input: Input<'a>| {
        let (mut input, first) = item(input)?;
        let mut items = vec![first];
        while let Ok((behind, _)) = sign(",").parse(input) {
            let (behind, next) = sure(item(behind))?;
            items.push(next);
            input = behind;
        }
        Ok((input, items))
    }
}

/// `"(" inside ")"`, one level deeper. Behind the opening one there is no way
/// back: what fails inside is noted, and reading goes on behind the closing
/// one with what `stand_in` gives. A statement with an error is dropped in the
/// end, so what stands in is never seen.
pub(super) fn group<'a, T>(
    mut inside: impl Parser<Input<'a>, Output = T, Error = Trouble>,
    stand_in: impl Fn(Span) -> T,
) -> impl Parser<Input<'a>, Output = T, Error = Trouble> {
    move |outer: Input<'a>| {
        let (input, open) = sign("(").parse(outer)?;
        let input = input.deeper()?;
        let Some(partner) = outer.source.partners[outer.at()] else {
            return outer.fails(unclosed(open));
        };
        let trouble = match inside.parse(input) {
            Ok((behind, inside)) if behind.is_sign(0, ")") => {
                return Ok((behind.skip(1).level_of(outer), inside));
            }
            Ok((behind, _)) => sign(")").parse(behind).err(),
            Err(trouble) => Some(trouble),
        };
        let behind = stumble(outer, partner, trouble)?;
        Ok((behind, stand_in(outer.span_to(behind))))
    }
}

/// Notes what failed inside a group, and goes on behind it.
fn stumble<'a>(
    outer: Input<'a>,
    partner: usize,
    trouble: Option<nom::Err<Trouble>>,
) -> Result<Input<'a>, nom::Err<Trouble>> {
    match trouble {
        Some(nom::Err::Error(trouble) | nom::Err::Failure(trouble)) => {
            let told = trouble.diagnostic(outer.source);
            outer.source.diagnostics.borrow_mut().extend(told);
        }
        Some(incomplete) => return Err(incomplete),
        None => {}
    }
    outer.source.stumble(partner);
    Ok(outer.moved_to(partner + 1))
}

/// The complaint about a parenthesis without its partner.
fn unclosed(open: Span) -> Diagnostic {
    Diagnostic::error(Code::Parenthesis, open, "this parenthesis is never closed")
        .label("its `)` is missing")
}

/// A whole number that fits 64 bits.
// int = digit , { digit } ;
pub(super) fn int(input: Input<'_>) -> Read<'_, u64> {
    let Some(TokenKind::Number(digits)) = input.first() else {
        return input.expected(Expected::Thing("a whole number"));
    };
    if digits.contains(['.', '-']) {
        let message = format!("expected a whole number, found `{digits}`");
        return input.fails(Diagnostic::error(Code::Number, input.span(), message));
    }
    match digits.parse() {
        Ok(number) => Ok((input.skip(1), number)),
        Err(_) => {
            let message = format!("a count is at most {}", u64::MAX);
            input.fails(Diagnostic::error(Code::Number, input.span(), message))
        }
    }
}

/// A whole number that fits 32 bits.
pub(super) fn small_int(input: Input<'_>) -> Read<'_, u32> {
    let (behind, number) = int(input)?;
    match u32::try_from(number) {
        Ok(number) => Ok((behind, number)),
        Err(_) => {
            let message = format!("this number is at most {}", u32::MAX);
            input.fails(Diagnostic::error(Code::Number, input.span(), message))
        }
    }
}
