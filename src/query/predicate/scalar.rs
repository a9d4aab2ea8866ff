//! Functions of one value.

/// What is made of one value. A value of a kind that the function does not read
/// makes nothing: missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// A text in small letters.
    Lower,
    /// A text in capital letters.
    Upper,
    /// A text without white space at its ends.
    Trim,
    /// What follows the last `@` of a text, in small letters.
    Domain,
    /// How many known elements a list has.
    Size,
    /// The number of the month of an instant or a date, from 1.
    MonthOfYear,
    /// The day of the week of an instant or a date, 1 being Monday.
    DayOfWeek,
    /// The hour that clocks show at an instant, from 0.
    HourOfDay,
    /// `"spring"`, `"summer"`, `"autumn"` or `"winter"` of an instant or a date.
    Season,
    /// The next yearly recurrence of the day of an instant or a date, today included.
    Anniversary,
}

impl Scalar {
    /// Each of them.
    pub const ALL: [Scalar; 10] = [
        Scalar::Lower,
        Scalar::Upper,
        Scalar::Trim,
        Scalar::Domain,
        Scalar::Size,
        Scalar::MonthOfYear,
        Scalar::DayOfWeek,
        Scalar::HourOfDay,
        Scalar::Season,
        Scalar::Anniversary,
    ];

    /// The function as the language names it.
    pub fn name(self) -> &'static str {
        match self {
            Scalar::Lower => "lower",
            Scalar::Upper => "upper",
            Scalar::Trim => "trim",
            Scalar::Domain => "domain",
            Scalar::Size => "size",
            Scalar::MonthOfYear => "month_of_year",
            Scalar::DayOfWeek => "day_of_week",
            Scalar::HourOfDay => "hour_of_day",
            Scalar::Season => "season",
            Scalar::Anniversary => "anniversary",
        }
    }
}
