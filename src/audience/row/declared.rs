//! Declared types: the only reason to read text as anything else.

use crate::model::Value;
use crate::query::predicate::Type;
use std::borrow::Cow;

/// A value as its declared type reads it; lists element by element. A text that
/// is none of that type is missing.
pub(super) fn declared(value: Cow<'_, Value>, kind: Option<Type>) -> Cow<'_, Value> {
    let Some(kind @ (Type::Instant | Type::Date | Type::Number)) = kind else { return value };
    match value.as_ref() {
        Value::Text(text) => Cow::Owned(read(text, kind)),
        Value::List(list) => Cow::Owned(Value::List(
            list.iter()
                .map(|value| declared(Cow::Borrowed(value), Some(kind)).into_owned())
                .collect(),
        )),
        _ => value,
    }
}

fn read(text: &str, kind: Type) -> Value {
    match kind {
        Type::Instant => text.parse().map_or(Value::Null, Value::Instant),
        Type::Date => text.parse().map_or(Value::Null, Value::Date),
        _ => text.parse().map_or(Value::Null, Value::Number),
    }
}
