//! Two values next to each other; values of different kinds do not compare.

use crate::model::{Kind, Value};
use std::cmp::Ordering;

/// Whether two known values of one kind are the same.
pub fn same(left: &Value, right: &Value) -> Option<bool> {
    let is_known = |value: &Value| !matches!(value, Value::Digits(_) | Value::Null);
    let compare = left.kind() == right.kind() && is_known(left) && is_known(right);
    compare.then(|| left == right)
}

/// Which of two values of one kind is greater, if that kind has an order of size.
pub fn size(left: &Value, right: &Value) -> Option<Ordering> {
    Some(match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.billionths().cmp(&b.billionths()),
        (Value::Instant(a), Value::Instant(b)) => a.millis().cmp(&b.millis()),
        (Value::Date(a), Value::Date(b)) => a.days().cmp(&b.days()),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        _ => return None,
    })
}

/// The kind of a value that has a size.
pub fn sized(value: &Value) -> Option<Kind> {
    size(value, value).map(|_| value.kind())
}
