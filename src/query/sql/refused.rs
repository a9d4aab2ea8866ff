//! What cannot be said in SQL.

use std::fmt;

/// A construct that the compiler has no SQL for, as a noun.
///
/// ```
/// use throng::query::sql::Refused;
/// let refused = Refused::new("the score of a model");
/// assert_eq!(refused.to_string(), "the score of a model is not compiled to SQL");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The construct.
    pub construct: String,
}

impl Refused {
    /// Refuses a construct.
    pub fn new(construct: impl Into<String>) -> Refused {
        Refused { construct: construct.into() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not compiled to SQL", self.construct)
    }
}

impl std::error::Error for Refused {}

/// Something in SQL, or what has none.
pub(super) type Made<T> = Result<T, Refused>;
