//! Functions of one value. What they do not read is missing.

use super::super::predicate::Scalar;
use super::calendar::day_of;
use crate::model::{Date, Text, Timestamp, Value, Zone};

/// What a function makes of a value.
pub(super) fn scalar(function: Scalar, value: &Value, now: Timestamp, zone: &Zone) -> Value {
    match (function, value) {
        (Scalar::Lower, Value::Text(text)) => Value::text(&text.to_lowercase()),
        (Scalar::Upper, Value::Text(text)) => Value::text(&text.to_uppercase()),
        (Scalar::Trim, Value::Text(text)) => Value::text(text.trim()),
        (Scalar::Domain, Value::Text(text)) => domain(text),
        (Scalar::Size, Value::List(elements)) => Value::from(n_known(elements)),
        (Scalar::HourOfDay, Value::Instant(at)) => Value::from(i64::from(zone.local_hour(*at))),
        (_, Value::Instant(at)) => of_day(function, day_of(zone, *at), day_of(zone, now)),
        (_, Value::Date(day)) => of_day(function, *day, day_of(zone, now)),
        _ => Value::Null,
    }
}

fn domain(text: &Text) -> Value {
    match text.rsplit_once('@') {
        Some((_, domain)) => Value::text(&domain.to_lowercase()),
        None => Value::Null,
    }
}

fn n_known(elements: &[Value]) -> i64 {
    let is_known = |element: &&Value| !matches!(element, Value::Null | Value::Digits(_));
    elements.iter().filter(is_known).count() as i64
}

fn of_day(function: Scalar, day: Date, today: Date) -> Value {
    let (_, month, _) = day.ymd();
    match function {
        Scalar::MonthOfYear => Value::from(i64::from(month)),
        // 1970-01-01 was a Thursday, the fourth day of its week.
        Scalar::DayOfWeek => Value::from(i64::from((day.days() + 3).rem_euclid(7) + 1)),
        Scalar::Season => Value::from(match month {
            3..=5 => "spring",
            6..=8 => "summer",
            9..=11 => "autumn",
            _ => "winter",
        }),
        Scalar::Anniversary => anniversary(day, today).map_or(Value::Null, Value::Date),
        _ => Value::Null,
    }
}

/// The first day from today on that recurs; beyond the calendar there is none.
fn anniversary(day: Date, today: Date) -> Option<Date> {
    (0..=366).map(|n| today.plus_days(n)).find(|other| recurs(day, *other))
}

/// Whether a day is another one's in its own year: 29 February is kept on the
/// last of a shorter February.
fn recurs(day: Date, other: Date) -> bool {
    let ((_, month, of_month), (_, this_month, this_day)) = (day.ymd(), other.ymd());
    let is_same = (month, of_month) == (this_month, this_day);
    let is_last = other.plus_days(1).ymd().2 == 1;
    is_same || ((month, of_month) == (2, 29) && (this_month, this_day) == (2, 28) && is_last)
}
