//! Units of time: fixed lengths, and those of the calendar.

/// A unit of time as the language names it.
///
/// ```
/// use throng::model::{FixedUnit, Unit};
/// assert_ne!(Unit::Fixed(FixedUnit::Day), Unit::Month);
/// assert_eq!(Unit::Fixed(FixedUnit::Day).name(), "day");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A length in milliseconds.
    Fixed(FixedUnit),
    /// A calendar month.
    Month,
    /// Three calendar months.
    Quarter,
    /// A calendar year.
    Year,
}

/// A unit that is always the same number of milliseconds; a day is 24 hours.
///
/// ```
/// use throng::model::FixedUnit;
/// assert_eq!(FixedUnit::Day.ms(), 24 * FixedUnit::Hour.ms());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum FixedUnit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
}

impl FixedUnit {
    /// Milliseconds in one.
    pub fn ms(self) -> i64 {
        match self {
            FixedUnit::Millisecond => 1,
            FixedUnit::Second => 1_000,
            FixedUnit::Minute => 60_000,
            FixedUnit::Hour => 3_600_000,
            FixedUnit::Day => 86_400_000,
            FixedUnit::Week => 7 * 86_400_000,
        }
    }
}

impl Unit {
    /// The name of one of it, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Fixed(FixedUnit::Millisecond) => "millisecond",
            Unit::Fixed(FixedUnit::Second) => "second",
            Unit::Fixed(FixedUnit::Minute) => "minute",
            Unit::Fixed(FixedUnit::Hour) => "hour",
            Unit::Fixed(FixedUnit::Day) => "day",
            Unit::Fixed(FixedUnit::Week) => "week",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
        }
    }
}
