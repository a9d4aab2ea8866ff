//! Two values compared, where their kinds agree.

use crate::model::Value;
use crate::query::predicate::{Comparison, Place};
use std::cmp::Ordering;
use unicode_casefold::UnicodeCaseFold;

/// Whether a comparison holds; with a missing operand, or kinds that differ, none does.
pub(crate) fn holds(comparison: Comparison, left: &Value, right: &Value) -> bool {
    match comparison {
        Comparison::Equal => equal(left, right) == Some(true),
        Comparison::NotEqual => equal(left, right) == Some(false),
        _ => order(left, right).is_some_and(|order| agrees(comparison, order)),
    }
}

/// Whether two operands in that order fulfil a comparison.
pub(crate) fn agrees(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::AtMost => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::AtLeast => order.is_ge(),
    }
}

/// Whether two known values of one kind are the same; a number kept as digits is not known.
pub(crate) fn equal(left: &Value, right: &Value) -> Option<bool> {
    let known = |value: &Value| !matches!(value, Value::Null | Value::Digits(_));
    (known(left) && known(right) && left.kind() == right.kind()).then(|| left == right)
}

/// The order of two values of a kind that has one.
pub(crate) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Instant(a), Value::Instant(b)) => Some(a.cmp(b)),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// Whether a text stands in another at that place.
pub(crate) fn stands(whole: &str, part: &str, place: Place, ignoring_case: bool) -> bool {
    if ignoring_case {
        let fold = |text: &str| text.case_fold().collect::<String>();
        return stands(&fold(whole), &fold(part), place, false);
    }
    match place {
        Place::Anywhere => whole.contains(part),
        Place::Start => whole.starts_with(part),
        Place::End => whole.ends_with(part),
    }
}
