//! Lengths of time between two events.

use super::Local;

/// A length of time that is counted from an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Length {
    /// So many milliseconds.
    Ms(i64),
    /// To the start of the local day so many months after the local day of the
    /// instant, held at its month's end.
    Months(i32, Local),
}

impl Length {
    /// Whether it is told by the days of each person.
    pub fn is_theirs(&self) -> bool {
        matches!(self, Length::Months(_, local) if local.is_theirs())
    }
}
