//! Stretches of some months around a point: they end with whole local days.

use super::time::{Placed, Spot};
use crate::model::{Date, Zone};
use crate::query::predicate::Side;
use crate::query::scan::plan::calendar::{same_day, start};

/// Where instants lie that are less than some months from a point.
pub fn around_spot(spot: &Spot, months: i32, side: Side, zone: &Zone) -> Placed {
    let day = spot.date(zone);
    let earliest = start(same_day(day, -months), zone);
    let end = start(same_day(day, months), zone);
    let (from, to) = match spot.day {
        Some(_) => (start(day.days().into(), zone), start(i64::from(day.days()) + 1, zone)),
        None => (spot.from, spot.to),
    };
    match side {
        Side::After => Placed::Between(from, end),
        Side::Before => Placed::Between(earliest, to),
        Side::Either => Placed::Between(earliest, end),
    }
}

/// The same of dates: days are compared.
pub fn has_date(day: i64, point: Date, months: i32, side: Side) -> bool {
    let at = i64::from(point.days());
    let (earliest, end) = (same_day(point, -months), same_day(point, months));
    match side {
        Side::After => (at..end).contains(&day),
        Side::Before => (earliest..=at).contains(&day),
        Side::Either => (earliest..end).contains(&day),
    }
}
