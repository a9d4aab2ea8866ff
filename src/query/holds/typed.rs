//! Declared types: the only reason to read text as anything but text.

use super::super::predicate::Type;
use crate::model::{Decimal, Position, Value, Version};
// Addresses alone; `core` has no sockets.
use core::net::IpAddr;

/// The value as its declared type reads it; one of another kind is missing.
/// A list under the type of one element is read element by element.
pub(super) fn read(value: Value, declared: Option<Type>) -> Value {
    match (declared, value) {
        (None | Some(Type::List), Value::Digits(_)) => Value::Null,
        (None, value) => value,
        (Some(Type::List), value) => only(value, |value| matches!(value, Value::List(_))),
        (Some(declared), Value::List(elements)) => {
            let read = elements.into_iter().map(|element| read(element, Some(declared)));
            Value::List(read.filter(|element| !element.is_null()).collect())
        }
        (Some(declared), value) => one(value, declared),
    }
}

fn one(value: Value, declared: Type) -> Value {
    match (declared, value) {
        (Type::Number, Value::Text(text)) => {
            text.parse::<Decimal>().map_or(Value::Null, Value::Number)
        }
        (Type::Instant, Value::Text(text)) => text.parse().map_or(Value::Null, Value::Instant),
        (Type::Date, Value::Text(text)) => text.parse().map_or(Value::Null, Value::Date),
        // Equal addresses and equal versions are written in one way.
        (Type::Ip, Value::Text(text)) => text
            .parse::<IpAddr>()
            .map_or(Value::Null, |it| Value::text(&it.to_canonical().to_string())),
        (Type::Version, Value::Text(text)) => {
            text.parse::<Version>().map_or(Value::Null, |it| Value::text(&it.to_string()))
        }
        (Type::Geo, value) => only(value, |value| Position::of(value).is_some()),
        (declared, value) => only(value, |value| is_of(value, declared)),
    }
}

fn only(value: Value, fits: impl Fn(&Value) -> bool) -> Value {
    if fits(&value) { value } else { Value::Null }
}

fn is_of(value: &Value, declared: Type) -> bool {
    match declared {
        Type::Text | Type::Id => matches!(value, Value::Text(_)),
        Type::Number => matches!(value, Value::Number(_)),
        Type::Bool => matches!(value, Value::Bool(_)),
        Type::Date => matches!(value, Value::Date(_)),
        Type::Instant => matches!(value, Value::Instant(_)),
        Type::Duration => matches!(value, Value::Duration(_)),
        Type::Ip | Type::Version | Type::Geo => false,
        Type::List => matches!(value, Value::List(_)),
    }
}
