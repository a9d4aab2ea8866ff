//! Identifiers: `namespace:value`, naming a person or a thing that persons hold.

use super::Text;
use super::limits::{IDENTIFIER_BYTES_MAX, NAME_BYTES_MAX};
use std::fmt;
use std::str::FromStr;

/// A namespace and a value in it, normalised as the namespace's policy says.
///
/// In text the first colon parts the two.
///
/// ```
/// use throng::model::Identifier;
/// let ada: Identifier = "crm:a:7".parse().unwrap();
/// assert_eq!((&*ada.namespace, &*ada.value), ("crm", "a:7"));
/// assert_eq!(ada, Identifier::new("crm", "a:7"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier {
    /// What kind of identifier it is: `user_id`, `email`, `anonymous_id`, ...
    pub namespace: Text,
    /// Which one.
    pub value: Text,
}

/// The birth number of an identifier: its place in the log's order of first mentions, from 1.
///
/// ```
/// use throng::model::IdentifierNumber;
/// assert!(IdentifierNumber(1) < IdentifierNumber(2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdentifierNumber(pub u32);

/// Why a text is no identifier.
///
/// ```
/// use throng::model::{Identifier, IdentifierError};
/// assert_eq!("ada@example.org".parse::<Identifier>(), Err(IdentifierError::Shape));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdentifierError {
    /// No colon parts namespace and value, or one of the two is empty.
    Shape,
    /// Namespace or value is longer than its limit in bytes.
    TooLong {
        /// How many bytes it has.
        given: usize,
        /// How many it may have.
        limit: usize,
    },
}

impl Identifier {
    /// An identifier of these two parts, as they are.
    pub fn new(namespace: impl Into<Text>, value: impl Into<Text>) -> Identifier {
        Identifier { namespace: namespace.into(), value: value.into() }
    }
}

impl FromStr for Identifier {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Identifier, IdentifierError> {
        let (namespace, value) = text.split_once(':').ok_or(IdentifierError::Shape)?;
        if namespace.is_empty() || value.is_empty() {
            return Err(IdentifierError::Shape);
        }
        for (part, limit) in [(namespace, NAME_BYTES_MAX), (value, IDENTIFIER_BYTES_MAX)] {
            if part.len() > limit {
                return Err(IdentifierError::TooLong { given: part.len(), limit });
            }
        }
        Ok(Identifier::new(namespace, value))
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.namespace, self.value)
    }
}

impl fmt::Display for IdentifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdentifierError::Shape => f.write_str(
                "an identifier is written `namespace:value`, like `email:ada@example.org`",
            ),
            IdentifierError::TooLong { given, limit } => {
                write!(f, "a part of an identifier has {given} bytes, at most {limit} are allowed")
            }
        }
    }
}

impl std::error::Error for IdentifierError {}
