//! When an instant or a date enters or leaves a window that moves with now.

use super::super::super::holds::{Place, day_of, value_at};
use super::super::super::predicate::{Calendar, Check, Test, Window};
use super::Moment;
use super::calendar::turns;
use crate::model::{Date, FixedUnit, Timestamp, Value, Zone};

/// All such instants for the value as it is at the beginning of a stretch.
pub(super) fn crossings<L, P: Place<L> + Moment>(
    test: &Test<L>,
    place: P,
    from: Timestamp,
) -> Vec<Timestamp> {
    let Check::During(window, local) = &test.check else { return Vec::new() };
    let here = place.at(from);
    let (value, zone) = (value_at(&test.subject, &here), here.seen().zone(local));
    if let Window::Calendar(of, local) = window {
        return by_calendar(*of, &value, &here.seen().zone(local), from);
    }
    match value {
        Value::Instant(instant) => {
            ages(window, 1).into_iter().map(|age| instant.plus_ms(age)).collect()
        }
        Value::Date(date) => {
            let day_ms = FixedUnit::Day.ms();
            let ages = ages(window, day_ms).into_iter();
            ages.map(|age| midnight(date, age / day_ms, &zone)).collect()
        }
        _ => Vec::new(),
    }
}

/// Local days enter and leave as days begin; an instant also as now comes to it.
fn by_calendar(of: Calendar, value: &Value, zone: &Zone, from: Timestamp) -> Vec<Timestamp> {
    match value {
        Value::Instant(instant) => {
            let mut found = turns(of, day_of(zone, *instant), zone, from);
            found.extend([*instant, instant.plus_ms(1)]);
            found
        }
        Value::Date(date) => turns(of, *date, zone, from),
        _ => Vec::new(),
    }
}

/// The ages at which a value enters or leaves, in steps of a millisecond or a day.
fn ages<L>(window: &Window<L>, step: i64) -> Vec<i64> {
    match window {
        Window::Last { ms } => vec![0, *ms],
        Window::Ago { from_ms, to_ms } => vec![*from_ms, *to_ms],
        Window::Next { ms } => vec![step.saturating_sub(*ms), step],
        Window::Calendar(..)
        | Window::Range { .. }
        | Window::Within { .. }
        | Window::WithinMonths { .. } => Vec::new(),
    }
}

fn midnight(date: Date, days: i64, zone: &Zone) -> Timestamp {
    let days = days.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
    zone.start_of(date.plus_days(days))
}
