//! Ways into nested values. A way through an array yields one flat list.

use crate::model::{Object, Step, Value};

/// What a path leads to; missing where it leads nowhere.
pub(super) fn of(value: &Value, steps: &[Step]) -> Value {
    let Some((step, rest)) = steps.split_first() else { return known(value) };
    match (value, step) {
        (Value::Object(object), Step::Key(key)) => {
            object.get(key).map_or(Value::Null, |field| of(field, rest))
        }
        (Value::List(elements), Step::Index(place)) => {
            elements.get(*place as usize).map_or(Value::Null, |element| of(element, rest))
        }
        (Value::List(elements), Step::Key(_)) => {
            Value::List(elements.iter().flat_map(|element| each(of(element, steps))).collect())
        }
        _ => Value::Null,
    }
}

/// The same from the fields of an object.
pub(super) fn of_object(object: Option<&Object>, steps: &[Step]) -> Value {
    match (object, steps.split_first()) {
        (Some(object), Some((Step::Key(key), rest))) => {
            object.get(key).map_or(Value::Null, |field| of(field, rest))
        }
        _ => Value::Null,
    }
}

/// The value itself; a number that is out of range is missing.
pub(super) fn known(value: &Value) -> Value {
    match value {
        Value::Digits(_) => Value::Null,
        other => other.clone(),
    }
}

/// The known values of a value: the elements of a list, one by one.
pub(super) fn each(value: Value) -> Vec<Value> {
    match value {
        Value::Null | Value::Digits(_) => Vec::new(),
        Value::List(elements) => elements.into_iter().flat_map(each).collect(),
        other => vec![other],
    }
}
