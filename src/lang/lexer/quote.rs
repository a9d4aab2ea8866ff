//! Texts in quotes.

use super::{Piece, Read, complain};
use crate::lang::Span;
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::token::TokenKind;
use crate::model::nfc;
use nom::Parser;
use nom::bytes::complete::tag;

/// `"..."`, with escapes.
pub(super) fn text(input: &str) -> Read<'_, Piece> {
    let (inside, _) = tag("\"").parse(input)?;
    let mut decoded = String::new();
    let mut complaint = None;
    let mut at = 0;
    while let Some(c) = inside[at..].chars().next().filter(|c| *c != '\n') {
        match c {
            '"' => {
                let kind = TokenKind::Text(nfc(&decoded).into());
                return Ok((&inside[at + 1..], (kind, complaint)));
            }
            '\\' => match escape(&inside[at..]) {
                Some((c, n_bytes)) => {
                    decoded.push(c);
                    at += n_bytes;
                }
                None => {
                    complaint.get_or_insert_with(|| unknown_escape(inside, at));
                    at += 1;
                }
            },
            c => {
                decoded.push(c);
                at += c.len_utf8();
            }
        }
    }
    let complaint = complain(Code::Quote, "this text is never closed").label("`\"` is missing");
    Ok((&inside[at..], (TokenKind::Text(nfc(&decoded).into()), Some(complaint))))
}

/// The character that an escape at the start of `text` means, and the escape's bytes.
fn escape(text: &str) -> Option<(char, usize)> {
    let simple = |c| Some((c, 2));
    match text.as_bytes().get(1)? {
        b'"' => simple('"'),
        b'\\' => simple('\\'),
        b'n' => simple('\n'),
        b't' => simple('\t'),
        b'r' => simple('\r'),
        b'u' => {
            let (digits, _) = text.get(2..)?.strip_prefix('{')?.split_once('}')?;
            let number =
                (digits.len() <= 6).then(|| u32::from_str_radix(digits, 16).ok()).flatten()?;
            Some((char::from_u32(number)?, 4 + digits.len()))
        }
        _ => None,
    }
}

fn unknown_escape(inside: &str, at: usize) -> Diagnostic {
    let shown: String = inside[at..].chars().take(2).filter(|c| *c != '\n').collect();
    // The opening quote lies before the line's first byte.
    let span = Span::new(at as u32 + 1, (at + shown.len()) as u32 + 1);
    Diagnostic::error(Code::Quote, span, format!("`{shown}` is no escape"))
        .label("write `\\\\` for a backslash")
}

/// Quotes that word processors and SQL write: read as a text, with a complaint.
pub(super) fn foreign(input: &str) -> Read<'_, Piece> {
    let (open, closing) = match input.chars().next() {
        Some('\'') => ('\'', '\''),
        Some('“') => ('“', '”'),
        Some('„') => ('„', '“'),
        _ => return Err(nom::Err::Error(())),
    };
    let inside = &input[open.len_utf8()..];
    let end = inside.find([closing, '\n']).unwrap_or(inside.len());
    let words = &inside[..end];
    let behind = inside[end..].strip_prefix(closing).unwrap_or(&inside[end..]);
    let message = if open == '\'' {
        "texts stand in double quotes, not in single ones"
    } else {
        "texts stand in straight double quotes"
    };
    let complaint = complain(Code::SingleQuote, message).label(format!("write `\"{words}\"`"));
    Ok((behind, (TokenKind::Text(nfc(words).into()), Some(complaint))))
}
