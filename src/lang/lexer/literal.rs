//! Dates, instants, numbers, and what is written right behind numbers.

use super::{Piece, Read, bad, begins_word, complain, continues_word, plain};
use crate::lang::diagnostic::Code;
use crate::lang::token::TokenKind;
use crate::model::{Date, Timestamp, TimestampError};
use nom::Parser;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{char, digit1, one_of};
use nom::combinator::{opt, recognize};
use nom::sequence::pair;

/// `2026-03-01`, and an instant if a `T` follows.
pub(super) fn dated(input: &str) -> Read<'_, Piece> {
    let (behind, day) =
        recognize((digits(4), char('-'), digits(2), char('-'), digits(2))).parse(input)?;
    if behind.starts_with(continues_word) && !behind.starts_with(['T', 't']) {
        return Err(nom::Err::Error(()));
    }
    if behind.starts_with(['T', 't']) {
        return timestamp(input);
    }
    let piece = match day.parse::<Date>() {
        Ok(day) => plain(TokenKind::Date(day)),
        Err(_) => {
            let complaint = complain(Code::Date, format!("`{day}` is no day of the calendar"));
            let complaint = complaint.help("a date is year, month, day: `2026-02-28`");
            (TokenKind::Bad, Some(complaint))
        }
    };
    Ok((behind, piece))
}

fn digits<'a>(count: usize) -> impl Parser<&'a str, Output = &'a str, Error = ()> {
    nom::bytes::complete::take_while_m_n(count, count, |c: char| c.is_ascii_digit())
}

fn timestamp(input: &str) -> Read<'_, Piece> {
    let clock = take_while(|c: char| c.is_ascii_digit() || c == ':' || c == '.');
    let offset =
        recognize(pair(one_of("+-"), take_while1(|c: char| c.is_ascii_digit() || c == ':')));
    let zone = opt(recognize(one_of("Zz")).or(offset));
    let (behind, written) = recognize((
        digits(4),
        char('-'),
        digits(2),
        char('-'),
        digits(2),
        one_of("Tt"),
        clock,
        zone,
    ))
    .parse(input)?;
    let (behind, stray) = take_while(continues_word).parse(behind)?;
    let written = &input[..written.len() + stray.len()];
    let piece = match written.parse::<Timestamp>() {
        Ok(at) => plain(TokenKind::Timestamp(at)),
        Err(error) => (TokenKind::Bad, Some(no_instant(written, &error))),
    };
    Ok((behind, piece))
}

fn no_instant(written: &str, error: &TimestampError) -> crate::lang::Diagnostic {
    let complaint = complain(Code::Date, format!("`{written}` is no instant: {error}"));
    let with_zone = format!("{written}Z");
    match with_zone.parse::<Timestamp>() {
        Ok(_) => complaint.label(format!("an offset is missing; write `{with_zone}`")),
        Err(_) => complaint,
    }
}

/// `12`, `0.5`, `5%`, `90d`.
pub(super) fn numeric(input: &str) -> Read<'_, Piece> {
    let (behind, number) = recognize(pair(digit1, opt(pair(char('.'), digit1)))).parse(input)?;
    if let Ok((behind, _)) = tag::<_, _, ()>("%").parse(behind) {
        return Ok((behind, plain(TokenKind::Percent(number.into()))));
    }
    if !behind.starts_with(begins_word) {
        return Ok((behind, plain(TokenKind::Number(number.into()))));
    }
    let (behind, letters) = take_while(continues_word).parse(behind)?;
    let piece = if number.contains('.') {
        bad(Code::Number, format!("`{number}{letters}` is no number"))
    } else {
        plain(TokenKind::Short(number.into(), letters.into()))
    };
    Ok((behind, piece))
}
