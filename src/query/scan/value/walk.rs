//! Ways into nested values.

use crate::model::{Object, Path, Step, Value};

/// What steps lead to from a value. A key on an array is asked of each of its
/// elements: one flat list. A number that is out of range is missing.
pub fn lead(from: &Value, steps: &[Step]) -> Value {
    let mut at = from;
    for (n_gone, step) in steps.iter().enumerate() {
        let next = match (step, at) {
            (Step::Key(key), Value::Object(object)) => object.get(key),
            (Step::Index(place), Value::List(list)) => list.get(*place as usize),
            (Step::Key(_), Value::List(list)) => {
                let mut flat = Vec::new();
                for element in list {
                    each(lead(element, &steps[n_gone..]), &mut |value| flat.push(value));
                }
                return Value::List(flat);
            }
            _ => None,
        };
        let Some(next) = next else { return Value::Null };
        at = next;
    }
    if matches!(at, Value::Digits(_)) { Value::Null } else { at.clone() }
}

/// What a path leads to from an object.
pub fn lead_from(object: &Object, path: &Path) -> Value {
    let Some((Step::Key(key), rest)) = path.steps().split_first() else { return Value::Null };
    object.get(key).map_or(Value::Null, |field| lead(field, rest))
}

/// The known values that a value holds: a list gives its elements, however deep.
pub fn each(value: Value, visit: &mut dyn FnMut(Value)) {
    match value {
        Value::List(elements) => elements.into_iter().for_each(|element| each(element, visit)),
        Value::Null | Value::Digits(_) => {}
        known => visit(known),
    }
}

/// A place that a path through arrays leads to.
#[derive(Clone, Copy)]
pub struct Element<'v> {
    /// The innermost array element on the way that is an object.
    pub object: Option<&'v Object>,
    pub value: &'v Value,
}

/// Every place that steps lead to, each array on the way and at the end taken
/// element by element.
pub fn elements<'v>(from: &'v Value, steps: &[Step], visit: &mut dyn FnMut(Element<'v>)) {
    open(Element { object: None, value: from }, steps, visit);
}

fn open<'v>(at: Element<'v>, steps: &[Step], visit: &mut dyn FnMut(Element<'v>)) {
    match (at.value, steps) {
        (Value::List(list), [Step::Index(place), rest @ ..]) => {
            if let Some(element) = list.get(*place as usize) {
                open(inside(at, element), rest, visit);
            }
        }
        (Value::List(list), _) => {
            list.iter().for_each(|element| open(inside(at, element), steps, visit));
        }
        (Value::Object(object), [Step::Key(key), rest @ ..]) => {
            if let Some(value) = object.get(key) {
                open(Element { value, ..at }, rest, visit);
            }
        }
        (_, []) => visit(at),
        _ => {}
    }
}

/// An element of an array; one that is an object is where bare names are read.
fn inside<'v>(at: Element<'v>, value: &'v Value) -> Element<'v> {
    match value {
        Value::Object(object) => Element { object: Some(object), value },
        _ => Element { value, ..at },
    }
}
