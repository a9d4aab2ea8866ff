//! When an instant or a date enters or leaves a window that moves with now.

use super::super::super::holds::{Place, value_at};
use super::super::super::predicate::{Check, Test, Window};
use super::Moment;
use crate::model::{Date, FixedUnit, Timestamp, Value, Zone};

/// All such instants for the value as it is at the beginning of a stretch.
pub(super) fn crossings<L, P: Place<L> + Moment>(
    test: &Test<L>,
    place: P,
    from: Timestamp,
) -> Vec<Timestamp> {
    let Check::During(window, zone) = &test.check else { return Vec::new() };
    match value_at(&test.subject, &place.at(from)) {
        Value::Instant(instant) => {
            ages(window, 1).into_iter().map(|age| instant.plus_ms(age)).collect()
        }
        Value::Date(date) => {
            let day_ms = FixedUnit::Day.ms();
            let ages = ages(window, day_ms).into_iter();
            ages.map(|age| midnight(date, age / day_ms, zone)).collect()
        }
        _ => Vec::new(),
    }
}

/// The ages at which a value enters or leaves, in steps of a millisecond or a day.
fn ages<L>(window: &Window<L>, step: i64) -> Vec<i64> {
    match window {
        Window::Last { ms } => vec![0, *ms],
        Window::Ago { from_ms, to_ms } => vec![*from_ms, *to_ms],
        Window::Next { ms } => vec![step.saturating_sub(*ms), step],
        Window::Range { .. } | Window::Within { .. } => Vec::new(),
    }
}

fn midnight(date: Date, days: i64, zone: &Zone) -> Timestamp {
    let days = days.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
    zone.start_of(date.plus_days(days))
}
