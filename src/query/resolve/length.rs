//! Lengths of time: in milliseconds, or in months of the calendar.

use super::given::Given;
use super::value::is_whole_days;
use super::{Kinds, Resolver};
use crate::lang::tree::{Length, Reach};
use crate::lang::{Code, Diagnostic, Span};
use crate::model::Unit;

/// Milliseconds of the longest length: all time that the language knows.
const LENGTH_MS_MAX: i64 = 10_000 * 366 * 86_400_000;

/// As many months.
const LENGTH_MONTHS_MAX: u64 = 10_000 * 12;

/// A length as it is measured.
pub(super) enum Measure {
    /// By so many milliseconds.
    Ms(i64),
    /// By so many months, from day to day.
    Months(i32),
}

impl Measure {
    fn of(length: &Length) -> Option<Measure> {
        length_ms(length).map(Measure::Ms).or_else(|| length_months(length).map(Measure::Months))
    }
}

impl Resolver<'_> {
    /// A length that measures what the window is asked of.
    pub(super) fn length(&mut self, length: &Length, subject: Kinds) -> Option<Measure> {
        if subject == Kinds::DATE && !is_whole_days(length.unit) {
            return self.refuse(
                Diagnostic::error(
                    Code::WindowKind,
                    length.span,
                    format!("a date is compared by whole days, not by {}s", length.unit.name()),
                )
                .help("use days or weeks"),
            );
        }
        match Measure::of(length) {
            Some(Measure::Ms(0) | Measure::Months(0)) => self.refuse(
                Diagnostic::error(Code::Range, length.span, "a window of no length holds nothing")
                    .help("a length is at least 1"),
            ),
            Some(measure) => Some(measure),
            None => self.refuse(
                Diagnostic::error(Code::Length, length.span, "longer than all time")
                    .label("at most 10,000 years"),
            ),
        }
    }

    /// How far a window or a gap reaches.
    pub(super) fn reach(&mut self, reach: &Reach, subject: Kinds) -> Option<Measure> {
        match reach {
            Reach::Length(length) => self.length(length, subject),
            Reach::Parameter(name) => match self.given(name)? {
                Given::Length(length) => {
                    self.length(&Length { span: name.span, ..length }, subject)
                }
                Given::Value(typed) => self.refuse(
                    Diagnostic::error(
                        Code::TypeMismatch,
                        name.span,
                        format!(
                            "a length of time is asked for here, and this is {}",
                            typed.kinds.words()
                        ),
                    )
                    .help(format!("declare it `${}: duration`", name.node)),
                ),
            },
        }
    }

    pub(super) fn hint_of_last_one(&mut self, reach: &Reach, span: Span) {
        let Reach::Length(length) = reach else { return };
        if length.count == 1 && !matches!(length.unit, Unit::Fixed(_)) {
            let unit = length.unit.name();
            let silent = match unit {
                "year" => " `in last 12 months` is the same without a warning",
                "quarter" => " `in last 3 months` is the same without a warning",
                _ => "",
            };
            self.warn(
                Code::LastOneUnit,
                span,
                format!("`in last 1 {unit}` reaches from a {unit} ago to now"),
                Some(format!("did you mean `last {unit}`, the previous calendar {unit}?{silent}")),
            );
        }
    }
}

/// Milliseconds of a length in a fixed unit, if there are so many.
pub(super) fn length_ms(length: &Length) -> Option<i64> {
    let Unit::Fixed(unit) = length.unit else { return None };
    let count = i64::try_from(length.count).ok()?;
    count.checked_mul(unit.ms()).filter(|ms| *ms <= LENGTH_MS_MAX)
}

/// Months of a length that the calendar measures, if there are so many.
pub(super) fn length_months(length: &Length) -> Option<i32> {
    let months = length.count.checked_mul(length.unit.months()?)?;
    i32::try_from(months).ok().filter(|_| months <= LENGTH_MONTHS_MAX)
}
