//! Values side by side: the operator decides the kind that it reads.

use crate::model::Value;
use std::cmp::Ordering;

/// Whether two known values of one kind are equal; none if a value is missing
/// or the kinds differ.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    let missing = matches!(left, Value::Null | Value::Digits(_));
    (!missing && left.kind() == right.kind()).then(|| left == right)
}

/// How two values compare that have an order of size: numbers, instants, dates
/// and durations, each among its own.
pub(super) fn size(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Instant(left), Value::Instant(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Duration(left), Value::Duration(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// An order of all values, for rows: kinds apart, missing last.
///
/// ```
/// use std::cmp::Ordering;
/// use throng::{model::Value, query::holds};
/// assert_eq!(holds::order(&Value::from(2), &Value::from(10)), Ordering::Less);
/// assert_eq!(holds::order(&Value::Null, &Value::from("z")), Ordering::Greater);
/// ```
pub fn order(left: &Value, right: &Value) -> Ordering {
    let by_kind = || kind(left).cmp(&kind(right));
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Digits(left), Value::Digits(right)) => left.cmp(right),
        (Value::List(left), Value::List(right)) => in_turn(left.iter(), right.iter(), order),
        (Value::Object(left), Value::Object(right)) => {
            in_turn(left.iter(), right.iter(), |(key, value), (other, other_value)| {
                key.cmp(other).then_with(|| order(value, other_value))
            })
        }
        _ => size(left, right).unwrap_or_else(by_kind),
    }
}

/// The first difference decides; else the shorter comes first.
fn in_turn<T>(
    mut left: impl Iterator<Item = T>,
    mut right: impl Iterator<Item = T>,
    order: impl Fn(T, T) -> Ordering,
) -> Ordering {
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) => match order(a, b) {
                Ordering::Equal => {}
                different => return different,
            },
            (a, b) => return a.is_some().cmp(&b.is_some()),
        }
    }
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Bool(_) => 0,
        Value::Number(_) => 1,
        Value::Digits(_) => 2,
        Value::Date(_) => 3,
        Value::Instant(_) => 4,
        Value::Duration(_) => 5,
        Value::Text(_) => 6,
        Value::List(_) => 7,
        Value::Object(_) => 8,
        Value::Null => 9,
    }
}
