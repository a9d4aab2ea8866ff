//! Declared types: text is read as something else only where a type was declared.

use crate::model::{Kind, Position, Value, Version};
use crate::query::predicate::Type;
// Addresses alone; `core` has no sockets.
use core::net::IpAddr;

/// A value as its declared type has it; of another kind it is missing.
pub fn declared(value: Value, declared: Option<Type>) -> Value {
    let Some(wanted) = declared else {
        return if matches!(value, Value::Digits(_)) { Value::Null } else { value };
    };
    match value {
        Value::List(list) if wanted != Type::List => {
            let read = list.into_iter().map(|element| self::declared(element, Some(wanted)));
            Value::List(read.filter(|element| !element.is_null()).collect())
        }
        value => scalar(value, wanted),
    }
}

fn scalar(value: Value, wanted: Type) -> Value {
    if let Value::Text(text) = &value {
        let read = match wanted {
            Type::Number => text.parse().ok().map(Value::Number),
            Type::Instant => text.parse().ok().map(Value::Instant),
            Type::Date => text.parse().ok().map(Value::Date),
            Type::Ip => text.parse().ok().map(|it: IpAddr| written(&it.to_canonical())),
            Type::Version => text.parse().ok().map(|it: Version| written(&it)),
            Type::Text | Type::Id => return value,
            Type::Bool | Type::Duration | Type::Geo | Type::List => None,
        };
        return read.unwrap_or_default();
    }
    if wanted == Type::Geo {
        return if Position::of(&value).is_some() { value } else { Value::Null };
    }
    let kind = match wanted {
        Type::Number => Kind::Number,
        Type::Bool => Kind::Bool,
        Type::Date => Kind::Date,
        Type::Instant => Kind::Instant,
        Type::Duration => Kind::Duration,
        Type::Geo => Kind::Object,
        Type::List => Kind::List,
        Type::Text | Type::Ip | Type::Version | Type::Id => Kind::Text,
    };
    let fits = value.kind() == kind && !matches!(value, Value::Digits(_));
    if fits { value } else { Value::Null }
}

/// The one way in which equal ones are written.
fn written(it: &impl ToString) -> Value {
    Value::text(&it.to_string())
}
