//! Literals, units and lengths of time.

use super::Read;
use super::definition::param_name;
use super::input::Input;
use super::operator::{group, int, list};
use super::parameter::is_given;
use super::trouble::{Expected, found};
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::nearest::nearest;
use crate::lang::token::TokenKind;
use crate::lang::tree::{Length, Literal, Reach};
use crate::lang::{Span, Spanned};
use crate::model::{Decimal, FixedUnit, Unit};
use nom::Parser;
use nom::branch::alt;

/// Milliseconds in the longest length of time, 10,000 Gregorian years.
const LENGTH_MS_MAX: u64 = 3_652_425 * 86_400_000;

/// The months by their names.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Every unit, singular and plural.
pub(crate) const UNITS: [(&str, &str, Unit); 9] = [
    ("millisecond", "milliseconds", Unit::Fixed(FixedUnit::Millisecond)),
    ("second", "seconds", Unit::Fixed(FixedUnit::Second)),
    ("minute", "minutes", Unit::Fixed(FixedUnit::Minute)),
    ("hour", "hours", Unit::Fixed(FixedUnit::Hour)),
    ("day", "days", Unit::Fixed(FixedUnit::Day)),
    ("week", "weeks", Unit::Fixed(FixedUnit::Week)),
    ("month", "months", Unit::Month),
    ("quarter", "quarters", Unit::Quarter),
    ("year", "years", Unit::Year),
];

// literals = "(" , signed-literal , { "," , signed-literal } , ")" ;
pub(super) fn literals(input: Input<'_>) -> Read<'_, Vec<Spanned<Literal>>> {
    match input.first() {
        Some(TokenKind::List(given)) => given_list(input, given),
        Some(_) if is_given(input) => input.fails(given_alone(input)),
        _ => group(list(signed_literal), |_| Vec::new()).parse(input),
    }
}

/// The complaint about a value where a list was to be given.
fn given_alone(input: Input<'_>) -> Diagnostic {
    let message = format!("expected a list, found {}", found(input));
    Diagnostic::error(Code::Syntax, input.span(), message)
        .help(format!("a list of this one alone is `({})`", input.text(input.span())))
}

/// A list that was given as the value of a parameter.
fn given_list<'a>(input: Input<'a>, given: &'a [TokenKind]) -> Read<'a, Vec<Spanned<Literal>>> {
    if given.is_empty() {
        let message = format!("the list {} is empty", found(input));
        return input.fails(
            Diagnostic::error(Code::Syntax, input.span(), message)
                .help("nothing is one of none; leave the condition out"),
        );
    }
    let literal = |kind: &'a TokenKind| match kind {
        TokenKind::Number(digits) => decimal(input, digits).map(|(_, it)| Literal::Number(it)),
        TokenKind::Text(text) => Ok(Literal::Text(text.clone())),
        _ => input.expected(Expected::Thing("a literal")).map(|(_, literal)| literal),
    };
    let spanned = |kind| literal(kind).map(|it| Spanned::new(it, input.span()));
    Ok((input.skip(1), given.iter().map(spanned).collect::<Result<_, _>>()?))
}

// signed-literal = literal | "-" , number ;
pub(super) fn signed_literal(input: Input<'_>) -> Read<'_, Spanned<Literal>> {
    let (behind, literal) = alt((negative, literal)).parse(input)?;
    Ok((behind, Spanned::new(literal, input.span_to(behind))))
}

/// A number with its minus, which is part of the literal.
pub(super) fn negative(input: Input<'_>) -> Read<'_, Literal> {
    match (input.first(), input.ahead(1)) {
        (Some(TokenKind::Sign("-")), Some(TokenKind::Number(digits))) => {
            let (_, number) = decimal(input.skip(1), digits)?;
            Ok((input.skip(2), Literal::Number(-number)))
        }
        _ => input.expected(Expected::Thing("a literal")),
    }
}

// literal = number | string | "true" | "false" | "missing" | month | date | timestamp
//         | percent | length ;
pub(super) fn literal(input: Input<'_>) -> Read<'_, Literal> {
    let one = |literal| Ok((input.skip(1), literal));
    match input.first() {
        Some(TokenKind::Number(digits)) => {
            let name = input.skip(1);
            if unit_at(name).is_some() {
                return length(input).map(|(input, length)| (input, Literal::Duration(length)));
            }
            // A slip in the unit is found at the word behind the number.
            for (_, plural, _) in UNITS {
                name.suggest(plural);
            }
            decimal(input, digits).map(|(input, number)| (input, Literal::Number(number)))
        }
        Some(TokenKind::Short(..) | TokenKind::Span(..)) => {
            length(input).map(|(i, length)| (i, Literal::Duration(length)))
        }
        Some(TokenKind::Percent(_)) => {
            percent(input).map(|(input, share)| (input, Literal::Percent(share.node)))
        }
        Some(TokenKind::Text(text)) => one(Literal::Text(text.clone())),
        Some(TokenKind::Bool(it)) => one(Literal::Bool(*it)),
        Some(TokenKind::Date(day)) => one(Literal::Date(*day)),
        Some(TokenKind::Timestamp(at)) => one(Literal::Timestamp(*at)),
        Some(TokenKind::Word(word)) => match word_literal(&word.to_ascii_lowercase()) {
            Some(literal) => one(literal),
            None => input.expected(Expected::Thing("a literal")),
        },
        _ => input.expected(Expected::Thing("a literal")),
    }
}

// percent = number , "%" ;
pub(super) fn percent(input: Input<'_>) -> Read<'_, Spanned<Decimal>> {
    match input.first() {
        // Two places further right, in the text: 5% is exactly 0.05.
        Some(TokenKind::Percent(digits)) => decimal(input, &format!("{digits}e-2"))
            .map(|(behind, share)| (behind, Spanned::new(share, input.span()))),
        _ => input.expected(Expected::Thing("a percentage like `5%`")),
    }
}

fn word_literal(word: &str) -> Option<Literal> {
    match word {
        "true" => Some(Literal::Bool(true)),
        "false" => Some(Literal::Bool(false)),
        "missing" => Some(Literal::Missing),
        _ => {
            let place = MONTHS.iter().position(|month| *month == word)?;
            Some(Literal::Month(place as u8 + 1))
        }
    }
}

/// The number of these digits.
pub(super) fn decimal<'a>(input: Input<'a>, digits: &str) -> Read<'a, Decimal> {
    match digits.parse() {
        Ok(number) => Ok((input.skip(1), number)),
        Err(error) => {
            let message = format!("this number is too great: {error}");
            input.fails(Diagnostic::error(Code::Number, input.span(), message))
        }
    }
}

/// The unit that the next token names.
pub(super) fn unit_at(input: Input<'_>) -> Option<Unit> {
    let Some(TokenKind::Word(word)) = input.first() else { return None };
    named_unit(word)
}

fn named_unit(word: &str) -> Option<Unit> {
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    let found = UNITS.iter().find(|(one, many, _)| is(one) || is(many));
    found.map(|(_, _, unit)| *unit)
}

// unit = millisecond | second | minute | hour | day | week | month | quarter | year ;
//                                                                     (* plural too *)
pub(super) fn unit(input: Input<'_>) -> Read<'_, Unit> {
    match unit_at(input) {
        Some(unit) => Ok((input.skip(1), unit)),
        None => {
            UNITS.iter().for_each(|(_, plural, _)| input.suggest(plural));
            input.fails(no_unit(input))
        }
    }
}

fn no_unit(input: Input<'_>) -> Diagnostic {
    let message = format!("expected a unit of time, found {}", found(input));
    let diagnostic = Diagnostic::error(Code::Unit, input.span(), message);
    let word = match input.first() {
        Some(TokenKind::Word(word)) => word,
        _ => {
            return diagnostic
                .help("a length of time is written like `90 days`, `36 hours` or `90d`");
        }
    };
    match near_unit(word) {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
        None => diagnostic.help(UNITS_HELP),
    }
}

const UNITS_HELP: &str =
    "units are milliseconds, seconds, minutes, hours, days, weeks, months, quarters and years";

fn near_unit(word: &str) -> Option<&'static str> {
    // Of one and many, many is meant more often.
    let names = UNITS.iter().flat_map(|(one, many, _)| [(*one, 0), (*many, 1)]);
    nearest(word, names)
}

// span = length | param-name ;
pub(super) fn span(input: Input<'_>) -> Read<'_, Reach> {
    if let Ok((input, name)) = param_name(input) {
        return Ok((input, Reach::Parameter(name)));
    }
    length(input).map(|(input, length)| (input, Reach::Length(length)))
}

// length = int , unit | short ;
pub(super) fn length(input: Input<'_>) -> Read<'_, Length> {
    let (behind, (count, unit)) = match input.first() {
        Some(TokenKind::Short(digits, letters)) => short(input, digits, letters)?,
        Some(TokenKind::Span(count, unit)) => (input.skip(1), (*count, *unit)),
        Some(TokenKind::Number(_)) if is_given(input) && unit_at(input.skip(1)).is_none() => {
            return input.fails(given_without_unit(input));
        }
        Some(TokenKind::Number(_)) => int.and(unit).parse(input)?,
        _ => return input.expected(Expected::Thing("a length of time like `90 days`")),
    };
    let span = input.span_to(behind);
    if !is_bearable(count, unit) {
        return input.fails(too_long(span));
    }
    Ok((behind, Length { count, unit, span }))
}

/// The complaint about a number where a length of time was to be given.
fn given_without_unit(input: Input<'_>) -> Diagnostic {
    let message = format!("expected a length of time, found {}", found(input));
    let name = input.text(input.span());
    Diagnostic::error(Code::Unit, input.span(), message).help(format!(
        "give one like `30 days`, or write the unit behind the number: `{name} days`"
    ))
}

/// Whether so many of a unit are at most 10,000 years.
pub(super) fn is_bearable(count: u64, unit: Unit) -> bool {
    let unit_ms = match unit {
        Unit::Fixed(unit) => unit.ms() as u64,
        Unit::Month => 31 * 86_400_000,
        Unit::Quarter => 92 * 86_400_000,
        Unit::Year => 366 * 86_400_000,
    };
    count.checked_mul(unit_ms).is_some_and(|ms| ms <= LENGTH_MS_MAX)
}

pub(super) fn too_long(span: Span) -> Diagnostic {
    Diagnostic::error(Code::Length, span, "a length of time is at most 10,000 years")
}

// short = int , ( "ms" | "s" | "m" | "h" | "d" | "w" ) ;
fn short<'a>(input: Input<'a>, digits: &str, letters: &str) -> Read<'a, (u64, Unit)> {
    let unit = match &*letters.to_ascii_lowercase() {
        "ms" => FixedUnit::Millisecond,
        "s" => FixedUnit::Second,
        "m" => FixedUnit::Minute,
        "h" => FixedUnit::Hour,
        "d" => FixedUnit::Day,
        "w" => FixedUnit::Week,
        _ => return input.fails(no_short_unit(input.span(), digits, letters)),
    };
    match digits.parse() {
        Ok(count) => Ok((input.skip(1), (count, Unit::Fixed(unit)))),
        Err(_) => input.fails(too_long(input.span())),
    }
}

fn no_short_unit(span: Span, digits: &str, letters: &str) -> Diagnostic {
    // The letters begin behind the digits, which are ASCII.
    let place = Span::new(span.start + digits.len() as u32, span.end);
    let message = format!("expected a unit of time, found `{letters}`");
    let diagnostic = Diagnostic::error(Code::Unit, place, message);
    let named = named_unit(letters).is_some().then_some(letters);
    match named.or_else(|| near_unit(letters)) {
        Some(near) => diagnostic.label(format!("write `{digits} {near}`")),
        None => diagnostic.help("short units are ms, s, m, h, d and w: `90d`"),
    }
}
