//! Ways into nested values.

use super::declared::declared;
use crate::model::{Object, Path, Step, Value};
use crate::query::predicate::Type;
use std::borrow::Cow;

const MISSING: Cow<'static, Value> = Cow::Owned(Value::Null);

/// What a path leads to inside an object, read as its declared type.
pub(crate) fn declared_at<'v>(
    object: &'v Object,
    path: &Path,
    kind: Option<Type>,
) -> Cow<'v, Value> {
    declared(fields(object, path.steps()), kind)
}

/// What steps lead to inside an object.
fn fields<'v>(object: &'v Object, steps: &[Step]) -> Cow<'v, Value> {
    match steps.split_first() {
        Some((Step::Key(key), rest)) => object.get(key).map_or(MISSING, |value| walk(value, rest)),
        _ => MISSING,
    }
}

/// What steps lead to inside a value; through an array, a list of what is known.
pub(super) fn walk<'v>(value: &'v Value, steps: &[Step]) -> Cow<'v, Value> {
    let Some((step, rest)) = steps.split_first() else { return Cow::Borrowed(value) };
    match (step, value) {
        (Step::Key(_), Value::Object(object)) => fields(object, steps),
        (Step::Key(_), Value::List(list)) => {
            let mut found = Vec::new();
            list.iter().for_each(|element| push_flat(walk(element, steps), &mut found));
            Cow::Owned(Value::List(found))
        }
        (Step::Index(index), Value::List(list)) => {
            list.get(*index as usize).map_or(MISSING, |element| walk(element, rest))
        }
        _ => MISSING,
    }
}

fn push_flat(value: Cow<'_, Value>, found: &mut Vec<Value>) {
    match value.into_owned() {
        Value::Null => {}
        Value::List(inner) => found.extend(inner),
        other => found.push(other),
    }
}
