//! Windows by the calendar: they move at the starts of local days.

use crate::model::{Period, Turn};

/// A stretch of local days, seen from today. What is said here of days is said
/// of instants by the local day that they lie in; where a stretch ends or begins
/// at `now`, it does so to the millisecond, and for dates with today.
///
/// ```
/// use throng::model::{Period, Turn};
/// use throng::query::predicate::Calendar;
/// let last_quarter = Calendar::Period { of: Period::Quarter, turn: Turn::Last };
/// let tomorrow = Calendar::Period { of: Period::Day, turn: Turn::Next };
/// assert_ne!(last_quarter, tomorrow);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// From the day so many months before today, held at its month's end, to now.
    Last {
        /// How many, a year being twelve.
        months: i32,
    },
    /// From now to before the day so many months after today.
    Next {
        /// How many.
        months: i32,
    },
    /// From the day `to` months before today to before the day `from` months
    /// before it; if `from` is 0, to now.
    Ago {
        /// The nearer end.
        from: i32,
        /// The further one.
        to: i32,
    },
    /// The period that holds today, or the one before or after it.
    Period {
        /// Of what.
        of: Period,
        /// Which.
        turn: Turn,
    },
    /// The week that holds today, or the one before or after it, where weeks
    /// begin on another day than Monday.
    Week {
        /// The day of the week on which one begins, Monday being 1.
        first_day: u8,
        /// Which.
        turn: Turn,
    },
    /// A month of today's year, or of the one before or after it.
    Month {
        /// From 1 to 12.
        month: u32,
        /// Of which year.
        year: Turn,
    },
    /// A month of every year.
    AnyMonth {
        /// From 1 to 12.
        month: u32,
    },
}

impl Calendar {
    /// Whether it begins now: what is visible of events lies behind.
    pub fn is_ahead(&self) -> bool {
        matches!(self, Calendar::Next { .. })
    }

    /// Whether it reaches up to now.
    pub fn ends_now(&self) -> bool {
        matches!(self, Calendar::Last { .. } | Calendar::Ago { from: 0, .. })
    }
}
