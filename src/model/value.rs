//! Values: what a property, an attribute, a literal or an answer may be.

use super::{Date, Decimal, Object, Timestamp};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Text, shared and not changed: values are copied far more often than made.
///
/// ```
/// use throng::model::Text;
/// let text: Text = "order".into();
/// assert_eq!(&*text.clone(), "order");
/// ```
pub type Text = Arc<str>;

/// Whether two texts are equal; most that are lie in one place, and need no look.
pub(crate) fn same(a: &str, b: &str) -> bool {
    std::ptr::eq(a, b) || a == b
}

/// A value. The wire sends the kinds of JSON only; the others come from
/// declared types, literals and answers.
///
/// ```
/// use throng::model::Value;
/// assert_eq!(Value::from(12), Value::Number("12".parse().unwrap()));
/// assert_eq!(Value::text("gold").as_text().map(|text| &**text), Some("gold"));
/// assert!(Value::default().is_null());
/// assert_eq!(Value::text("gold").kind(), Value::from("silver").kind());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Value {
    /// Nothing is known: missing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An exact number.
    Number(Decimal),
    /// A number outside what [`Decimal`] holds exactly, kept as it was written.
    Digits(Text),
    /// Text, in Unicode normal form C.
    Text(Text),
    /// An instant.
    Instant(Timestamp),
    /// A day.
    Date(Date),
    /// A length of time in milliseconds.
    Duration(i64),
    /// Values in order.
    List(Vec<Value>),
    /// Fields by key.
    Object(Object),
}

/// What sort of value one is.
///
/// ```
/// use throng::model::{Kind, Value};
/// assert_eq!(Value::Bool(true).kind(), Kind::Bool);
/// assert_eq!(Value::Digits("1e400".into()).kind().name(), "number");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    Null,
    Bool,
    Number,
    Text,
    Instant,
    Date,
    Duration,
    List,
    Object,
}

impl Value {
    /// Text, brought to normal form C.
    pub fn text(text: &str) -> Value {
        Value::Text(nfc(text).into())
    }

    /// What sort of value this is; a number kept as digits is a number.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Bool,
            Value::Number(_) | Value::Digits(_) => Kind::Number,
            Value::Text(_) => Kind::Text,
            Value::Instant(_) => Kind::Instant,
            Value::Date(_) => Kind::Date,
            Value::Duration(_) => Kind::Duration,
            Value::List(_) => Kind::List,
            Value::Object(_) => Kind::Object,
        }
    }

    /// Whether this is [`Value::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text of a text value.
    pub fn as_text(&self) -> Option<&Text> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Kind {
    /// The kind as the language names it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "bool",
            Kind::Number => "number",
            Kind::Text => "text",
            Kind::Instant => "instant",
            Kind::Date => "date",
            Kind::Duration => "duration",
            Kind::List => "list",
            Kind::Object => "object",
        }
    }
}

/// Unicode normal form C; most text is in it already and is not copied.
///
/// ```
/// use throng::model::nfc;
/// assert_eq!(nfc("e\u{301}"), "\u{e9}");
/// ```
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(Decimal::from(number))
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Value {
        Value::Bool(bool)
    }
}

impl From<Option<Decimal>> for Value {
    fn from(number: Option<Decimal>) -> Value {
        number.map_or(Value::Null, Value::Number)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
