//! Text to tokens.
//!
//! Nothing stops it: what it cannot read becomes a diagnostic and a token that
//! stands for it, so that the parser goes on and one run reports several errors.

mod literal;
mod quote;

use super::Span;
use super::diagnostic::{Code, Diagnostic};
use super::token::{Comment, Token, TokenKind};
use crate::model::nfc;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_till, take_while};
use nom::character::complete::{multispace1, satisfy};
use nom::combinator::{recognize, value};
use nom::sequence::{pair, preceded};
use nom::{IResult, Parser};

/// A text taken apart.
pub(super) struct Lexed {
    pub tokens: Vec<Token>,
    pub comments: Vec<Comment>,
    pub diagnostics: Vec<Diagnostic>,
}

/// What one step of the lexer reads: a token's kind and what is wrong with it.
type Piece = (TokenKind, Option<Diagnostic>);
type Read<'a, T> = IResult<&'a str, T, ()>;

/// The tokens, comments and complaints of a text of less than 4 GiB.
pub(super) fn lex(text: &str) -> Lexed {
    let mut lexed = Lexed { tokens: Vec::new(), comments: Vec::new(), diagnostics: Vec::new() };
    let mut rest = text;
    while !rest.is_empty() {
        if let Ok((behind, _)) = multispace1::<_, ()>(rest) {
            rest = behind;
            continue;
        }
        let start = text.len() - rest.len();
        if let Ok((behind, line)) = comment(rest) {
            let span = span(start, text.len() - behind.len());
            lexed.comments.push(Comment { text: tidy(line), span });
            rest = behind;
            continue;
        }
        let is_regex = lexed.tokens.last().is_some_and(expects_regex);
        if let Some(behind) = foreign_comment(rest).filter(|_| !is_regex) {
            let span = span(start, text.len() - behind.len());
            let complaint = complain(Code::Character, "a comment begins with `--`, on each line");
            lexed.diagnostics.push(placed(complaint, start, span));
            rest = behind;
            continue;
        }
        let (behind, (kind, complaint)) =
            piece(rest, lexed.tokens.last()).unwrap_or_else(|_| odd(rest));
        let span = span(start, text.len() - behind.len());
        lexed.diagnostics.extend(complaint.map(|d| placed(d, start, span)));
        lexed.tokens.push(Token { kind, span });
        rest = behind;
    }
    lexed
}

fn span(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}

/// Pieces complain in their own coordinates; an empty place means the whole piece.
fn placed(mut complaint: Diagnostic, start: usize, whole: Span) -> Diagnostic {
    let own = complaint.span;
    complaint.span = if own.start == own.end {
        whole
    } else {
        Span::new(own.start + start as u32, own.end + start as u32)
    };
    complaint
}

// comment = "--" , { any - newline } ;
fn comment(input: &str) -> Read<'_, &str> {
    preceded(tag("--"), take_till(|c| c == '\n')).parse(input)
}

/// What follows a comment as SQL has it; the whole text if that is never closed.
fn foreign_comment(input: &str) -> Option<&str> {
    let inside = input.strip_prefix("/*")?;
    Some(inside.split_once("*/").map_or("", |(_, behind)| behind))
}

fn tidy(line: &str) -> String {
    let line = line.strip_prefix(' ').unwrap_or(line);
    line.trim_end().to_owned()
}

fn piece<'a>(input: &'a str, before: Option<&Token>) -> Read<'a, Piece> {
    if before.is_some_and(expects_regex)
        && let Ok(found) = regex(input)
    {
        return Ok(found);
    }
    alt((
        literal::dated,
        literal::numeric,
        word,
        ticked,
        quote::text,
        quote::foreign,
        parameter,
        foreign_operator,
        sign,
    ))
    .parse(input)
}

fn plain(kind: TokenKind) -> Piece {
    (kind, None)
}

fn expects_regex(before: &Token) -> bool {
    let words = ["matches", "blocking"];
    matches!(&before.kind, TokenKind::Word(word) if words.iter().any(|w| word.eq_ignore_ascii_case(w)))
}

// regex = "/" , { any - "/" | "\/" } , "/" , [ "i" ] ;
fn regex(input: &str) -> Read<'_, Piece> {
    let (inside, _) = tag("/").parse(input)?;
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            '\n' => break,
            '/' if !escaped => {
                let behind = &inside[at + 1..];
                return Ok((behind.strip_prefix('i').unwrap_or(behind), plain(TokenKind::Regex)));
            }
            _ => escaped = c == '\\' && !escaped,
        }
    }
    Err(nom::Err::Error(()))
}

/// The characters of a bare word; combining marks may follow a letter.
pub(super) fn begins_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

pub(super) fn continues_word(c: char) -> bool {
    begins_word(c) || c.is_numeric() || ('\u{300}'..='\u{36f}').contains(&c)
}

fn bare(input: &str) -> Read<'_, &str> {
    recognize(pair(satisfy(begins_word), take_while(continues_word))).parse(input)
}

fn word(input: &str) -> Read<'_, Piece> {
    bare.map(|word| plain(TokenKind::Word(nfc(word).into()))).parse(input)
}

fn ticked(input: &str) -> Read<'_, Piece> {
    let (inside, _) = tag("`").parse(input)?;
    let end = inside.find(['`', '\n']).unwrap_or(inside.len());
    let (name, behind) = inside.split_at(end);
    match behind.strip_prefix('`') {
        Some(behind) if !name.is_empty() => {
            Ok((behind, plain(TokenKind::Ticked(nfc(name).into()))))
        }
        Some(behind) => Ok((behind, bad(Code::Quote, "a name in backticks is empty"))),
        None => Ok((behind, bad(Code::Quote, "this backtick is never closed"))),
    }
}

fn parameter(input: &str) -> Read<'_, Piece> {
    preceded(tag("$"), bare).map(|name| plain(TokenKind::Parameter(nfc(name).into()))).parse(input)
}

fn sign(input: &str) -> Read<'_, Piece> {
    alt((
        value("!=", tag("!=")),
        value("<=", tag("<=")),
        value(">=", tag(">=")),
        value("<", tag("<")),
        value(">", tag(">")),
        value("=", tag("=")),
        value("+", tag("+")),
        value("-", tag("-")),
        value("*", tag("*")),
        value("/", tag("/")),
        value("(", tag("(")),
        value(")", tag(")")),
        value(",", tag(",")),
        value(";", tag(";")),
        alt((
            value(":", tag(":")),
            value(".", tag(".")),
            value("[", tag("[")),
            value("]", tag("]")),
        )),
    ))
    .map(|sign| plain(TokenKind::Sign(sign)))
    .parse(input)
}

/// Operators of other languages are read as what they mean, with a complaint.
fn foreign_operator(input: &str) -> Read<'_, Piece> {
    let word = |word: &str| TokenKind::Word(word.into());
    let (sign, ours, kind) = match input.as_bytes() {
        [b'=', b'=', ..] => ("==", "=", TokenKind::Sign("=")),
        [b'<', b'>', ..] => ("<>", "!=", TokenKind::Sign("!=")),
        [b'&', b'&', ..] => ("&&", "and", word("and")),
        [b'|', b'|', ..] => ("||", "or", word("or")),
        [b'!', next, ..] if *next != b'=' => ("!", "not", word("not")),
        _ => return Err(nom::Err::Error(())),
    };
    let complaint =
        complain(Code::ForeignOperator, format!("`{sign}` is not an operator of this language"))
            .label(format!("write `{ours}`"));
    Ok((&input[sign.len()..], (kind, Some(complaint))))
}

/// A character that begins no token.
fn odd(input: &str) -> (&str, Piece) {
    let c = input.chars().next().unwrap_or_default();
    let message = match c {
        '%' => "`%` stands right behind a number: `5%`".to_owned(),
        '{' | '}' => "braces mean nothing here; groups stand in `( )`".to_owned(),
        c if c.is_control() => format!("the character U+{:04X} means nothing here", u32::from(c)),
        c => format!("the character `{c}` means nothing here"),
    };
    (&input[c.len_utf8()..], (TokenKind::Bad, Some(complain(Code::Character, message))))
}

/// A complaint about a whole piece; its place is filled in later.
fn complain(code: Code, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, Span::default(), message)
}

fn bad(code: Code, message: impl Into<String>) -> Piece {
    (TokenKind::Bad, Some(complain(code, message)))
}

#[cfg(test)]
mod tests;
