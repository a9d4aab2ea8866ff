//! Names, texts and paths.

use super::Read;
use super::input::Input;
use super::operator::{sign, small_int};
use super::trouble::Expected;
use crate::lang::Spanned;
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::keyword::is_reserved;
use crate::lang::token::TokenKind;
use crate::lang::tree::{Accessor, Name, PathHead, ValuePath};
use crate::model::Text;
use crate::model::limits::NAME_BYTES_MAX;
use nom::Parser;
use nom::branch::alt;
use nom::combinator::cut;
use nom::multi::many0;
use nom::sequence::{preceded, terminated};

// ident = letter-or-_ , { letter-or-_ | digit } | "`" , { any - "`" } , "`" ;
pub(super) fn ident(input: Input<'_>) -> Read<'_, Name> {
    match input.first() {
        Some(TokenKind::Word(word)) if !is_reserved(word) => named(input, word),
        Some(TokenKind::Ticked(word)) => named(input, word),
        _ => input.expected(Expected::Thing("a name")),
    }
}

// name = ident | string ;
pub(super) fn name(input: Input<'_>) -> Read<'_, Name> {
    match input.first() {
        Some(TokenKind::Text(text)) if !text.is_empty() => named(input, text),
        _ => ident(input),
    }
}

/// Any word, as behind a dot.
fn word(input: Input<'_>) -> Read<'_, Name> {
    match input.first() {
        Some(TokenKind::Word(word) | TokenKind::Ticked(word)) => named(input, word),
        _ => input.expected(Expected::Thing("a name")),
    }
}

fn named<'a>(input: Input<'a>, name: &Text) -> Read<'a, Name> {
    if name.len() > NAME_BYTES_MAX {
        let message =
            format!("a name has at most {NAME_BYTES_MAX} bytes, this one has {}", name.len());
        return input.fails(Diagnostic::error(Code::Syntax, input.span(), message));
    }
    Ok((input.skip(1), Spanned::new(name.clone(), input.span())))
}

// string = '"' , { any - '"' | escape } , '"' ;
pub(super) fn string(input: Input<'_>) -> Read<'_, Spanned<Text>> {
    match input.first() {
        Some(TokenKind::Text(text)) => {
            Ok((input.skip(1), Spanned::new(text.clone(), input.span())))
        }
        _ => input.expected(Expected::Thing("a text in double quotes")),
    }
}

// profile-ref = string ;
pub(super) fn profile_ref(input: Input<'_>) -> Read<'_, Spanned<Text>> {
    match input.first() {
        Some(TokenKind::Text(_)) => string(input),
        _ => input.expected(Expected::Thing("a person like `\"email:ada@example.org\"`")),
    }
}

// path = ident , { accessor } | ( "event" | "profile" ) , "." , ident , { accessor } ;
pub(super) fn path(input: Input<'_>) -> Read<'_, ValuePath> {
    let (behind, (head, first)) =
        alt((terminated(head, sign(".")).and(word), ident.map(|first| (PathHead::Bare, first))))
            .parse(input)?;
    let (behind, rest) = accessors(behind)?;
    Ok((behind, ValuePath { head, first, rest, span: input.span_to(behind) }))
}

fn head(input: Input<'_>) -> Read<'_, PathHead> {
    let head = match () {
        () if input.is_word(0, "event") => PathHead::Event,
        () if input.is_word(0, "profile") => PathHead::Profile,
        () => return input.expected(Expected::Thing("a name")),
    };
    Ok((input.skip(1), head))
}

pub(super) fn accessors(input: Input<'_>) -> Read<'_, Vec<Spanned<Accessor>>> {
    if !input.is_sign(0, ".") && !input.is_sign(0, "[") {
        return Ok((input, Vec::new()));
    }
    many0(accessor).parse(input)
}

// accessor = "." , ident | "[" , int , "]" ;
pub(super) fn accessor(input: Input<'_>) -> Read<'_, Spanned<Accessor>> {
    let key = preceded(sign("."), cut(word)).map(|key: Name| Accessor::Key(key.node));
    let index = preceded(sign("["), cut(terminated(small_int, sign("]")))).map(Accessor::Index);
    let (behind, accessor) = alt((key, index)).parse(input)?;
    Ok((behind, Spanned::new(accessor, input.span_to(behind))))
}

// dotted = "." , ident , { "." , ident } ;
pub(super) fn dotted(input: Input<'_>) -> Read<'_, Vec<Name>> {
    nom::multi::many1(preceded(sign("."), cut(word))).parse(input)
}
