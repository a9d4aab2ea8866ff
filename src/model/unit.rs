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

/// A stretch of the calendar that begins at the start of a local day and ends
/// where the next one begins.
///
/// ```
/// use throng::model::{Period, Unit};
/// assert_eq!(Period::of(Unit::Month), Some(Period::Month));
/// assert_eq!(Period::Week.name(), "week");
/// let hour = throng::model::FixedUnit::Hour;
/// assert_eq!(Period::of(Unit::Fixed(hour)), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Period {
    Day,
    /// From Monday on.
    Week,
    Month,
    Quarter,
    Year,
}

impl Period {
    /// The period that a unit names; below a day there is none.
    pub fn of(unit: Unit) -> Option<Period> {
        match unit {
            Unit::Fixed(FixedUnit::Day) => Some(Period::Day),
            Unit::Fixed(FixedUnit::Week) => Some(Period::Week),
            Unit::Fixed(_) => None,
            Unit::Month => Some(Period::Month),
            Unit::Quarter => Some(Period::Quarter),
            Unit::Year => Some(Period::Year),
        }
    }

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Quarter => "quarter",
            Period::Year => "year",
        }
    }
}

/// Which of periods that follow one another.
///
/// ```
/// use throng::model::Turn;
/// assert_eq!([Turn::Last, Turn::This, Turn::Next].map(Turn::shift), [-1, 0, 1]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Turn {
    /// The one before.
    Last,
    /// The one that holds today.
    This,
    /// The one behind it.
    Next,
}

impl Turn {
    /// How many periods after the one that holds today.
    ///
    /// ```
    /// use throng::model::Turn;
    /// assert_eq!(Turn::Next.shift(), 1);
    /// ```
    pub fn shift(self) -> i32 {
        match self {
            Turn::Last => -1,
            Turn::This => 0,
            Turn::Next => 1,
        }
    }
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
    /// How many months one is, if months measure it.
    ///
    /// ```
    /// use throng::model::{FixedUnit, Unit};
    /// assert_eq!((Unit::Year.months(), Unit::Fixed(FixedUnit::Week).months()), (Some(12), None));
    /// ```
    pub fn months(self) -> Option<u64> {
        match self {
            Unit::Fixed(_) => None,
            Unit::Month => Some(1),
            Unit::Quarter => Some(3),
            Unit::Year => Some(12),
        }
    }

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
