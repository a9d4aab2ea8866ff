//! Points in time: an instant, or a whole local day.

use super::super::predicate::Point;
use super::calendar::day_of;
use super::expression::value;
use super::matcher::anchor;
use super::place::Place;
use crate::model::{Date, Timestamp, Value, Zone};

/// Where a point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    Instant(Timestamp),
    /// A date, and its local day: from the first millisecond, up to that of the next day.
    Day {
        date: Date,
        start_ms: i64,
        end_ms: i64,
    },
}

/// Where a point lies for that person or event; none if it is missing.
pub(super) fn bound<L>(point: &Point<L>, at: &dyn Place<L>) -> Option<Bound> {
    match point {
        Point::Instant(instant) => Some(Bound::Instant(*instant)),
        Point::Day { date, start, end } => Some(day(*date, *start, *end)),
        Point::Anchor(which, matcher) => {
            anchor(*which, matcher, at.seen()).map(|event| Bound::Instant(event.when))
        }
        Point::Value(expr, local) => of_value(&value(expr, at), &at.seen().zone(local)),
    }
}

/// The milliseconds at which a point begins, and a whole day ends.
pub(crate) fn bound_ms<L>(point: &Point<L>, at: &dyn Place<L>) -> Option<[i64; 2]> {
    bound(point, at).map(|bound| [bound.begins(true), bound.begins(false)])
}

fn of_value(value: &Value, zone: &Zone) -> Option<Bound> {
    match value {
        Value::Instant(instant) => Some(Bound::Instant(*instant)),
        Value::Date(date) => {
            Some(day(*date, zone.start_of(*date), zone.start_of(date.plus_days(1))))
        }
        _ => None,
    }
}

/// The last day of the calendar has no next: it never ends.
fn day(date: Date, start: Timestamp, end: Timestamp) -> Bound {
    let end_ms = if date == Date::MAX { i64::MAX } else { end.millis() };
    Bound::Day { date, start_ms: start.millis(), end_ms }
}

impl Bound {
    /// The first millisecond that counts from here: with the point or after it.
    pub(super) fn begins(self, included: bool) -> i64 {
        match (self, included) {
            (Bound::Instant(instant), true) => instant.millis(),
            (Bound::Instant(instant), false) => instant.millis() + 1,
            (Bound::Day { start_ms, .. }, true) => start_ms,
            (Bound::Day { end_ms, .. }, false) => end_ms,
        }
    }

    /// The first millisecond that no longer counts: the point left in or out.
    pub(super) fn ends(self, included: bool) -> i64 {
        self.begins(!included)
    }

    /// The day of the point.
    pub(super) fn date(self, zone: &Zone) -> Date {
        match self {
            Bound::Instant(instant) => day_of(zone, instant),
            Bound::Day { date, .. } => date,
        }
    }
}
