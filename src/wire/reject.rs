//! Rejects: what is wrong with one call, where, and how to mend it.

use std::fmt;

/// Why one call was not taken: a stable reason, a message with its place, a remedy.
///
/// ```
/// use throng::wire::{Defaults, Reason, Reject, calls_of_json};
/// let reject = calls_of_json(br#"{"type":"track","userId":"u1"}"#, &Defaults::file("import")).unwrap_err();
/// assert_eq!(reject.reason, Reason::MissingField);
/// assert_eq!(reject.message, "a track call needs `event`");
/// let wrong = Reject::new(Reason::WrongType, "`userId` must be text", "send text").at(20);
/// assert_eq!(wrong.to_string(), "wrong_type: `userId` must be text (column 20); send text");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Which rule it breaks.
    pub reason: Reason,
    /// What is wrong, in words.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
    /// Where: the character of a line of JSON, or the column of a row of CSV, from 1.
    pub column: Option<u32>,
}

/// The rules that a call may break. The names are stable: files and scripts keep them.
///
/// ```
/// use throng::wire::Reason;
/// assert_eq!(Reason::InvalidTime.name(), "invalid_time");
/// assert!(Reason::ALL.contains(&Reason::InvalidTime));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names say it")]
pub enum Reason {
    BrokenJson,
    NotAnObject,
    InvalidUtf8,
    NulCharacter,
    RepeatedKey,
    WrongType,
    MissingField,
    MissingMessageId,
    UnknownType,
    InvalidTime,
    TimeOutOfRange,
    CallTooLong,
    TextTooLong,
    NameTooLong,
    TooManyLeaves,
    TooDeep,
    WrongColumns,
    UnclosedQuote,
}

impl Reason {
    /// Every reason.
    pub const ALL: &'static [Reason] = &[
        Reason::BrokenJson,
        Reason::NotAnObject,
        Reason::InvalidUtf8,
        Reason::NulCharacter,
        Reason::RepeatedKey,
        Reason::WrongType,
        Reason::MissingField,
        Reason::MissingMessageId,
        Reason::UnknownType,
        Reason::InvalidTime,
        Reason::TimeOutOfRange,
        Reason::CallTooLong,
        Reason::TextTooLong,
        Reason::NameTooLong,
        Reason::TooManyLeaves,
        Reason::TooDeep,
        Reason::WrongColumns,
        Reason::UnclosedQuote,
    ];

    /// The name as summaries, reject files and replies write it.
    pub fn name(self) -> &'static str {
        match self {
            Reason::BrokenJson => "broken_json",
            Reason::NotAnObject => "not_an_object",
            Reason::InvalidUtf8 => "invalid_utf8",
            Reason::NulCharacter => "nul_character",
            Reason::RepeatedKey => "repeated_key",
            Reason::WrongType => "wrong_type",
            Reason::MissingField => "missing_field",
            Reason::MissingMessageId => "missing_message_id",
            Reason::UnknownType => "unknown_type",
            Reason::InvalidTime => "invalid_time",
            Reason::TimeOutOfRange => "time_out_of_range",
            Reason::CallTooLong => "call_too_long",
            Reason::TextTooLong => "text_too_long",
            Reason::NameTooLong => "name_too_long",
            Reason::TooManyLeaves => "too_many_leaves",
            Reason::TooDeep => "too_deep",
            Reason::WrongColumns => "wrong_columns",
            Reason::UnclosedQuote => "unclosed_quote",
        }
    }
}

impl Reject {
    /// A reject without a place.
    pub fn new(reason: Reason, message: impl Into<String>, remedy: impl Into<String>) -> Reject {
        Reject { reason, message: message.into(), remedy: remedy.into(), column: None }
    }

    /// The same at that column, from 1.
    #[must_use]
    pub fn at(mut self, column: usize) -> Reject {
        self.column = Some(u32::try_from(column).unwrap_or(u32::MAX));
        self
    }

    /// The same at that byte of a text, said in characters.
    #[must_use]
    pub(crate) fn at_byte(self, text: &[u8], byte: usize) -> Reject {
        let before = &text[..byte.min(text.len())];
        self.at(1 + before.iter().filter(|byte| **byte & 0xC0 != 0x80).count())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.reason, self.message)?;
        if let Some(column) = self.column {
            write!(f, " (column {column})")?;
        }
        write!(f, "; {}", self.remedy)
    }
}

impl std::error::Error for Reject {}
