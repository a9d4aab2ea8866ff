//! Declared types: the only reason to read text as anything else.

use crate::model::{Kind, Position, Value, Version};
use crate::query::predicate::Type;
// Addresses alone; `core` has no sockets.
use core::net::IpAddr;
use std::borrow::Cow;

/// A value as its declared type reads it; one of another kind is missing, and so
/// is a number out of range. A list under the type of one element is read
/// element by element.
pub(super) fn declared(value: Cow<'_, Value>, kind: Option<Type>) -> Cow<'_, Value> {
    match (kind, value.as_ref()) {
        (None | Some(Type::List), Value::Digits(_)) => Cow::Owned(Value::Null),
        (None, _) | (Some(Type::List), Value::List(_)) => value,
        (Some(Type::List), _) => Cow::Owned(Value::Null),
        (Some(kind), Value::List(list)) => {
            let element = |of| declared(Cow::Borrowed(of), Some(kind)).into_owned();
            let read = list.iter().map(element);
            Cow::Owned(Value::List(read.filter(|element| !element.is_null()).collect()))
        }
        (Some(kind), _) => scalar(value, kind),
    }
}

fn scalar(value: Cow<'_, Value>, kind: Type) -> Cow<'_, Value> {
    let read = |read: Option<Value>| Cow::Owned(read.unwrap_or_default());
    match (kind, value.as_ref()) {
        (Type::Instant, Value::Text(text)) => read(text.parse().ok().map(Value::Instant)),
        (Type::Date, Value::Text(text)) => read(text.parse().ok().map(Value::Date)),
        (Type::Number, Value::Text(text)) => read(text.parse().ok().map(Value::Number)),
        (Type::Ip, Value::Text(text)) => read(address(text)),
        (Type::Version, Value::Text(text)) => read(version(text)),
        (Type::Geo, given) if Position::of(given).is_none() => read(None),
        (kind, given) if kinds(kind) == given.kind() && !matches!(given, Value::Digits(_)) => value,
        _ => Cow::Owned(Value::Null),
    }
}

/// An address as the one text that equal ones have.
fn address(text: &str) -> Option<Value> {
    let address: IpAddr = text.parse().ok()?;
    Some(Value::text(&address.to_canonical().to_string()))
}

/// A version as the one text that equal ones have.
fn version(text: &str) -> Option<Value> {
    Some(Value::text(&text.parse::<Version>().ok()?.to_string()))
}

/// The kind of value that a declared type is kept as.
fn kinds(kind: Type) -> Kind {
    match kind {
        Type::Text | Type::Ip | Type::Version | Type::Id => Kind::Text,
        Type::Number => Kind::Number,
        Type::Bool => Kind::Bool,
        Type::Date => Kind::Date,
        Type::Instant => Kind::Instant,
        Type::Duration => Kind::Duration,
        Type::Geo => Kind::Object,
        Type::List => Kind::List,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_inside_a_list_is_read_element_by_element_too() {
        let list = |of: Vec<Value>| Value::List(of);
        let given = list(vec![Value::text("1"), list(vec![Value::text("2"), Value::text("x")])]);
        let read = list(vec![Value::from(1), list(vec![Value::from(2)])]);
        assert_eq!(declared(Cow::Owned(given), Some(Type::Number)).into_owned(), read);
    }
}
