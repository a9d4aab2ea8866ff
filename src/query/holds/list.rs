//! Lists: whether a value is one of the elements, whether a person is named by one.

use super::compare::equal;
use super::place::Seen;
use crate::model::Value;
use crate::query::predicate::List;

/// Whether a value is in a list.
pub(super) fn has(list: &List, value: &Value) -> bool {
    // Elements lie under the way they are written, which finds the one to compare with.
    let written = match value {
        Value::Text(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Bool(bool) => bool.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Instant(at) => at.to_string(),
        Value::Duration(ms) => ms.to_string(),
        Value::Null | Value::Digits(_) | Value::List(_) | Value::Object(_) => return false,
    };
    list.elements.get(&*written).is_some_and(|element| equal(element, value) == Some(true))
}

/// Whether the list has an identifier of the person.
pub(super) fn names(list: &List, seen: Seen<'_>) -> bool {
    let mut names = seen.person.identifiers.iter().map(ToString::to_string);
    names.any(|name| list.elements.contains_key(&*name))
}
