//! `declare`: what calls carry, said beforehand.

use super::Read;
use super::input::Input;
use super::literal::literals;
use super::name::{dotted, ident, name, path, string};
use super::operator::{described, keyword, list, sign, small_int, words};
use super::special::regex;
use super::trouble::{Expected, Trouble};
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::token::TokenKind;
use crate::lang::tree::{
    Blocking, Currency, Declare, ElementType, IdentifierKind, Literal, Name, TypeName,
};
use crate::lang::{Span, Spanned};
use crate::model::{Party, Text};
use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, opt};
use nom::sequence::preceded;

// declare = "declare" , ( event-def | attribute-def | identifier-def | source-def ) ;
pub(super) fn declare(input: Input<'_>) -> Read<'_, Declare> {
    let kinds = alt((event_def, attribute_def, identifier_def, source_def));
    preceded(keyword("declare"), cut(kinds)).parse(input)
}

// event-def = "event" , name , [ dotted , declared , [ currency ] ] ;
fn event_def(input: Input<'_>) -> Read<'_, Declare> {
    let (input, name) = preceded(keyword("event"), cut(name)).parse(input)?;
    if !input.is_sign(0, ".") {
        return Ok((input, Declare::Event { name, property: None, currency: None }));
    }
    let (input, (path, declared)) = cut((dotted, declared)).parse(input)?;
    let (input, currency) = opt(currency).parse(input)?;
    Ok((input, Declare::Event { name, property: Some((path, declared)), currency }))
}

// attribute-def = "attribute" , ident , declared , [ currency ] ;
fn attribute_def(input: Input<'_>) -> Read<'_, Declare> {
    let (input, (name, declared)) =
        preceded(keyword("attribute"), cut((ident, declared))).parse(input)?;
    let (input, currency) = opt(currency).parse(input)?;
    Ok((input, Declare::Attribute { name, declared, currency }))
}

// source-def = "source" , name , ( "first" | "third" ) , "party" ;
fn source_def(input: Input<'_>) -> Read<'_, Declare> {
    let (input, name) = preceded(keyword("source"), cut(name)).parse(input)?;
    let (input, party) = cut(alt((
        words(&["first", "party"]).map(|_| Party::First),
        words(&["third", "party"]).map(|_| Party::Third),
    )))
    .parse(input)?;
    Ok((input, Declare::Source { name, party }))
}

// declared = ":" , type ;
fn declared(input: Input<'_>) -> Read<'_, Spanned<TypeName>> {
    preceded(sign(":"), cut(type_)).parse(input)
}

// currency = "currency" , ( string | path ) ;
fn currency(input: Input<'_>) -> Read<'_, Currency> {
    let said = alt((string.map(Currency::Code), path.map(Currency::At)));
    preceded(keyword("currency"), cut(said)).parse(input)
}

/// The types by their names.
pub(in crate::lang) const TYPES: [(&str, TypeName, ElementType); 10] = [
    ("text", TypeName::Text, ElementType::Text),
    ("number", TypeName::Number, ElementType::Number),
    ("bool", TypeName::Bool, ElementType::Bool),
    ("date", TypeName::Date, ElementType::Date),
    ("instant", TypeName::Instant, ElementType::Instant),
    ("duration", TypeName::Duration, ElementType::Duration),
    ("ip", TypeName::Ip, ElementType::Ip),
    ("geo", TypeName::Geo, ElementType::Geo),
    ("version", TypeName::Version, ElementType::Version),
    ("id", TypeName::Id, ElementType::Id),
];

// type = base-type | "list" , "of" , base-type ;
pub(super) fn type_(input: Input<'_>) -> Read<'_, Spanned<TypeName>> {
    let list_of =
        preceded(words(&["list", "of"]), cut(base_type)).map(|(_, e)| TypeName::ListOf(e));
    let either = alt((list_of, base_type.map(|(declared, _)| declared)));
    let (behind, declared) =
        described("a type (text, number, bool, date, instant, duration, ip, geo, version, id or a list of one)", either)
            .parse(input)?;
    Ok((behind, Spanned::new(declared, input.span_to(behind))))
}

// base-type = "text" | "number" | "bool" | "date" | "instant" | "duration" | "ip" | "geo"
//           | "version" | "id" ;
pub(super) fn base_type(input: Input<'_>) -> Read<'_, (TypeName, ElementType)> {
    for (name, declared, element) in TYPES {
        if let Ok((input, _)) = keyword(name).parse(input) {
            return Ok((input, (declared, element)));
        }
    }
    Err(nom::Err::Error(Trouble::Unexpected))
}

/// What is said of a namespace, so far.
#[derive(Default)]
struct Options {
    priority: Option<Spanned<u32>>,
    limit: Option<Option<u32>>,
    from: Vec<Spanned<Text>>,
    blocking: Option<Blocking>,
}

// identifier-def = "identifier" , ident , [ ":" , ( "personal" | "carrier" ) ] , { id-option } ;
fn identifier_def(input: Input<'_>) -> Read<'_, Declare> {
    let (input, name) = preceded(keyword("identifier"), cut(ident)).parse(input)?;
    let (mut input, kind) = opt(preceded(sign(":"), cut(identifier_kind))).parse(input)?;
    let mut options = Options::default();
    while let (behind, Some(())) = opt(|input| id_option(input, &mut options)).parse(input)? {
        input = behind;
    }
    Ok((input, identifier(name, kind, options)))
}

fn identifier(name: Name, kind: Option<IdentifierKind>, options: Options) -> Declare {
    let Options { priority, limit, from, blocking } = options;
    let blocking = blocking.unwrap_or_default();
    Declare::Identifier { name, kind, priority, limit, from, blocking }
}

fn identifier_kind(input: Input<'_>) -> Read<'_, IdentifierKind> {
    alt((
        keyword("personal").map(|_| IdentifierKind::Personal),
        keyword("carrier").map(|_| IdentifierKind::Carrier),
    ))
    .parse(input)
}

// id-option = "priority" , int | "limit" , ( int | "none" ) | "from" , string , { "," , string }
//           | "blocking" , blocked ;
fn id_option<'a>(input: Input<'a>, options: &mut Options) -> Read<'a, ()> {
    let behind = match () {
        () if input.is_word(0, "priority") => {
            let (behind, priority) = cut(small_int).parse(input.skip(1))?;
            once(input, options.priority.is_some())?;
            options.priority = Some(Spanned::new(priority, input.skip(1).span_to(behind)));
            behind
        }
        () if input.is_word(0, "limit") => {
            let none = keyword("none").map(|_| None);
            let (behind, limit) = cut(alt((none, small_int.map(Some)))).parse(input.skip(1))?;
            once(input, options.limit.is_some())?;
            options.limit = Some(limit);
            behind
        }
        () if input.is_word(0, "from") => {
            let (behind, from) = cut(list(string)).parse(input.skip(1))?;
            once(input, !options.from.is_empty())?;
            options.from = from;
            behind
        }
        () if input.is_word(0, "blocking") => {
            let (behind, blocking) = cut(blocked).parse(input.skip(1))?;
            once(input, options.blocking.is_some())?;
            options.blocking = Some(blocking);
            behind
        }
        () => {
            let options = ["priority", "limit", "from", "blocking"];
            return options
                .map(|option| input.expected(Expected::Word(option)))
                .into_iter()
                .next_back()
                .expect("there are four");
        }
    };
    Ok((behind, ()))
}

/// Refuses an option that was given before.
fn once(input: Input<'_>, given: bool) -> Result<(), nom::Err<Trouble>> {
    if !given {
        return Ok(());
    }
    let option = input.text(input.span());
    let message = format!("`{option}` is given twice");
    let diagnostic = Diagnostic::error(Code::Syntax, input.span(), message);
    Err(nom::Err::Failure(Trouble::Told(Box::new(diagnostic))))
}

// blocked = literals | regex ;
/// The values that name nobody; they are texts, as all identifiers are.
fn blocked(input: Input<'_>) -> Read<'_, Blocking> {
    if matches!(input.first(), Some(TokenKind::Regex)) {
        return regex(input).map(|(behind, pattern)| (behind, Blocking::Pattern(pattern)));
    }
    let (behind, values) = literals(input)?;
    let mut texts = Vec::new();
    for value in values {
        match value.node {
            Literal::Text(text) => texts.push(Spanned::new(text, value.span)),
            _ => return input.fails(no_text(input, value.span)),
        }
    }
    Ok((behind, Blocking::Values(texts)))
}

fn no_text(input: Input<'_>, span: Span) -> Diagnostic {
    let written = input.text(span);
    Diagnostic::error(Code::TypeMismatch, span, "values of identifiers are texts")
        .label(format!("write `\"{written}\"`"))
}
