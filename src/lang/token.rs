//! Tokens: the words, signs and literals of a text, each with its place.

use super::Span;
use crate::model::{Date, Text, Timestamp, Unit};

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A bare word: a keyword or a name.
    Word(Text),
    /// A word in backticks: always a name.
    Ticked(Text),
    /// A text in double quotes, decoded.
    Text(Text),
    /// Digits, perhaps with a point: as written.
    Number(Text),
    /// `90d`: digits and the letters right behind them.
    Short(Text, Text),
    /// `5%`: the digits.
    Percent(Text),
    /// `2026-03-01`.
    Date(Date),
    /// `2026-03-01T12:00:00Z`.
    Timestamp(Timestamp),
    /// `$idle`: a name that no value was given for.
    Parameter(Text),
    /// True or false that was given.
    Bool(bool),
    /// A length of time that was given: how many of a unit.
    Span(u64, Unit),
    /// A list that was given.
    List(Vec<TokenKind>),
    /// `/re/i` behind `matches` or `blocking`.
    Regex,
    /// A sign.
    Sign(&'static str),
    /// Something the lexer has already complained about.
    Bad,
}

/// A comment without its dashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comment {
    pub text: String,
    pub span: Span,
}
