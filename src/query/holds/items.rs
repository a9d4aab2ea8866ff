//! The walk through the arrays of an event: what is found, and the element
//! whose fields bare names are.

use super::place::Row;
use crate::model::{Path, Step, Value};

/// Each place that a path leads to; the event as a whole without a path.
pub(crate) fn scopes<'a>(row: Row<'a>, items: Option<&Path>) -> Vec<Row<'a>> {
    let Some(path) = items else { return vec![row] };
    let mut found = Vec::new();
    if let Some((Step::Key(key), rest)) = path.steps().split_first() {
        let field = row.event.body.properties().and_then(|properties| properties.get(key));
        field.into_iter().for_each(|value| walk(row, value, rest, &mut found));
    }
    found
}

/// Every array on the way and at its end is taken element by element.
fn walk<'a>(row: Row<'a>, value: &'a Value, steps: &[Step], found: &mut Vec<Row<'a>>) {
    match (value, steps.split_first()) {
        (Value::List(elements), Some((Step::Index(place), rest))) => {
            let element = elements.get(*place as usize);
            element.into_iter().for_each(|e| walk(row.inside(e), e, rest, found));
        }
        (Value::List(elements), _) => {
            elements.iter().for_each(|e| walk(row.inside(e), e, steps, found));
        }
        (Value::Object(object), Some((Step::Key(key), rest))) => {
            object.get(key).into_iter().for_each(|field| walk(row, field, rest, found));
        }
        (_, Some(_)) => {}
        (value, None) => found.push(row.at_element(value)),
    }
}
