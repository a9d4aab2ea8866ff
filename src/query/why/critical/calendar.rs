//! When a local day enters or leaves a window by the calendar.

use super::super::super::holds::{day_of, lies};
use super::super::super::predicate::Calendar;
use crate::model::{Date, Timestamp, Zone};
use std::cmp::Ordering;

/// The starts of the local days, after the one of an instant, on which it does:
/// a day only falls, so each is found by halving.
pub(super) fn turns(of: Calendar, day: Date, zone: &Zone, from: Timestamp) -> Vec<Timestamp> {
    let first = day_of(zone, from);
    let fallen = [Ordering::Equal, Ordering::Less].map(|to| {
        let falls = |today: Date| lies(of, day, today) <= to;
        first_that(falls, first).map(|today| zone.start_of(today))
    });
    fallen.into_iter().flatten().collect()
}

/// The first day after another from which on something holds.
fn first_that(holds: impl Fn(Date) -> bool, from: Date) -> Option<Date> {
    let (mut before, mut after) = (from.days(), Date::MAX.days());
    if holds(from) || !holds(Date::MAX) {
        return None;
    }
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if holds(Date::from_days(middle)?) { after = middle } else { before = middle }
    }
    Date::from_days(after)
}
