//! The periods that a report has rows for: those of the calendar, in a zone.

use crate::model::{Date, FixedUnit, Period, Timestamp, Value, Zone};
use crate::query::{CrowdError, Per};

/// More rows of one report are nobody's to read.
pub(super) const PERIODS_MAX: usize = 10_000;

/// Periods that follow one another without a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Axis {
    /// Where each begins, and where the last one ends.
    pub edges: Vec<Timestamp>,
    /// The name of each: its first local day, or the instant of an hour.
    pub names: Vec<Value>,
}

impl Axis {
    /// From the period of one instant to that of another.
    pub fn new(per: Per, zone: &Zone, from: Timestamp, to: Timestamp) -> Result<Axis, CrowdError> {
        let mut axis = Axis::default();
        if from > to {
            return Ok(axis);
        }
        match per {
            Per::Hour => axis.hours(zone, from, to)?,
            Per::Period(period) => axis.periods(period, zone, from, to)?,
        }
        Ok(axis)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// The place of the period that holds an instant.
    pub fn place(&self, at: Timestamp) -> Option<usize> {
        let n_begun = self.edges.partition_point(|edge| *edge <= at);
        n_begun.checked_sub(1).filter(|place| *place < self.len())
    }

    fn periods(
        &mut self,
        period: Period,
        zone: &Zone,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<(), CrowdError> {
        let mut first = first_day(period, today(zone, from));
        loop {
            let start = zone.start_of(first);
            let next = next(period, first);
            self.edges.push(start);
            if start > to {
                return Ok(());
            }
            // The calendar ends with the last period.
            if next == first {
                self.edges.push(Timestamp::MAX);
                return self.add(Value::Date(first));
            }
            // A day that the zone skipped holds nothing.
            match zone.start_of(next) == start {
                true => drop(self.edges.pop()),
                false => self.add(Value::Date(first))?,
            }
            first = next;
        }
    }

    /// Hours count from the start of the local day; the last of a day may be short.
    fn hours(&mut self, zone: &Zone, from: Timestamp, to: Timestamp) -> Result<(), CrowdError> {
        let mut day = today(zone, from);
        let mut start = zone.start_of(day);
        let n_hours = from.since(start) / FixedUnit::Hour.ms();
        start = start.plus_ms(n_hours * FixedUnit::Hour.ms());
        while start <= to {
            self.edges.push(start);
            self.add(Value::Instant(start))?;
            let next_day = zone.start_of(day.plus_days(1));
            start = start.plus_ms(FixedUnit::Hour.ms());
            while start >= next_day && day < Date::MAX && zone.start_of(day.plus_days(1)) <= start {
                day = day.plus_days(1);
                start = zone.start_of(day);
            }
        }
        self.edges.push(start);
        Ok(())
    }

    fn add(&mut self, name: Value) -> Result<(), CrowdError> {
        if self.names.len() == PERIODS_MAX {
            return Err(CrowdError::TooManyPeriods { limit: PERIODS_MAX });
        }
        self.names.push(name);
        Ok(())
    }
}

/// The local day that has begun last.
pub(super) fn today(zone: &Zone, at: Timestamp) -> Date {
    let shown = zone.local_day(at);
    let next = shown.plus_days(1);
    if next > shown && zone.start_of(next) <= at { next } else { shown }
}

/// The first day of the period that holds a day.
fn first_day(period: Period, day: Date) -> Date {
    let (year, month, _) = day.ymd();
    let first = match period {
        Period::Day => Some(day),
        // 1970-01-01 was a Thursday, three days after a Monday.
        Period::Week => Date::from_days(day.days() - (day.days() + 3).rem_euclid(7)),
        Period::Month => Date::from_ymd(year, month, 1),
        Period::Quarter => Date::from_ymd(year, (month - 1) / 3 * 3 + 1, 1),
        Period::Year => Date::from_ymd(year, 1, 1),
    };
    first.unwrap_or(Date::MIN)
}

/// The first day of the period after the one that begins on a day; at the end of
/// the calendar the same.
fn next(period: Period, first: Date) -> Date {
    let days = match period {
        Period::Day => 1,
        Period::Week => 7,
        Period::Month => 31,
        Period::Quarter => 92,
        Period::Year => 366,
    };
    match first.plus_days(days) {
        beyond if beyond.days() - first.days() < days => first,
        there => first_day(period, there),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(per: Per, zone: &str, span: [&str; 2], expected: &[(&str, &str)]) {
        let zone = Zone::named(zone).unwrap();
        let [from, to] = span.map(|at| at.parse().unwrap());
        let axis = Axis::new(per, &zone, from, to).unwrap();
        let name = |value: &Value| match value {
            Value::Date(day) => day.to_string(),
            Value::Instant(at) => at.to_string(),
            other => format!("{other:?}"),
        };
        let found: Vec<(String, String)> =
            axis.names.iter().map(name).zip(axis.edges.iter().map(ToString::to_string)).collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        assert_eq!(found, expected, "{per:?} in {zone:?}");
        assert_eq!(axis.edges.len(), axis.len() + 1);
        assert!(axis.edges.is_sorted() && *axis.edges.last().unwrap() > to);
        assert_eq!((axis.place(from), axis.place(to)), (Some(0), axis.len().checked_sub(1)));
    }

    #[test]
    fn periods_begin_at_local_midnights() {
        let span = ["2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z"];
        check(
            Per::Period(Period::Day),
            "Europe/Bratislava",
            span,
            &[
                ("2026-03-28", "2026-03-27T23:00:00Z"),
                ("2026-03-29", "2026-03-28T23:00:00Z"),
                ("2026-03-30", "2026-03-29T22:00:00Z"),
            ],
        );
        let span = ["2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z"];
        let weeks =
            [("2025-12-29", "2025-12-29T00:00:00Z"), ("2026-01-05", "2026-01-05T00:00:00Z")];
        check(Per::Period(Period::Week), "UTC", span, &weeks);
        let span = ["2025-12-31T23:59:59.999Z", "2026-04-01T00:00:00Z"];
        let quarters = [
            ("2025-10-01", "2025-10-01T00:00:00Z"),
            ("2026-01-01", "2026-01-01T00:00:00Z"),
            ("2026-04-01", "2026-04-01T00:00:00Z"),
        ];
        check(Per::Period(Period::Quarter), "UTC", span, &quarters);
    }

    #[test]
    fn a_skipped_day_has_no_row_and_a_short_day_fewer_hours() {
        let span = ["2011-12-30T09:59:59.999Z", "2011-12-30T10:00:00Z"];
        let days = [("2011-12-29", "2011-12-29T10:00:00Z"), ("2011-12-31", "2011-12-30T10:00:00Z")];
        check(Per::Period(Period::Day), "Pacific/Apia", span, &days);
        let span = ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"];
        let zone = Zone::named("Europe/Bratislava").unwrap();
        let [from, to] = span.map(|at| at.parse().unwrap());
        assert_eq!(Axis::new(Per::Hour, &zone, from, to).unwrap().len(), 24);
        // A day of 23 hours and a half hour's shift.
        let lord_howe = Zone::named("Australia/Lord_Howe").unwrap();
        let from: Timestamp = "2026-10-03T13:30:00Z".parse().unwrap();
        let axis = Axis::new(Per::Hour, &lord_howe, from, from.plus_ms(86_400_000 - 1)).unwrap();
        assert_eq!((axis.len(), axis.edges[0]), (25, from));
    }

    #[test]
    fn too_many_periods_are_refused_and_none_are_none() {
        let [first, last] = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"]
            .map(|at| at.parse::<Timestamp>().unwrap());
        let days = Per::Period(Period::Day);
        assert_eq!(
            Axis::new(days, &Zone::UTC, first, last),
            Err(CrowdError::TooManyPeriods { limit: PERIODS_MAX })
        );
        assert_eq!(Axis::new(days, &Zone::UTC, last, first), Ok(Axis::default()));
        assert_eq!(
            Axis::new(Per::Period(Period::Year), &Zone::UTC, first, last).unwrap().len(),
            9_999
        );
    }
}
