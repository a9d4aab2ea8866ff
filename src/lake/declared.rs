//! Values of declared types, written beside what was sent: engines of SQL then
//! need not read a day, an instant or an address as Throng does.

use crate::model::{Decimal, Object, Position, Text, Value, Version};
use crate::query::predicate::Type;
// Addresses alone; `core` has no sockets.
use core::net::IpAddr;
use std::collections::BTreeSet;

/// Which paths have a declared type.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// Of events, whatever their name: keys, and the type.
    pub properties: BTreeSet<(Vec<Text>, Type)>,
    /// Of attributes.
    pub attributes: BTreeSet<(Vec<Text>, Type)>,
}

/// The object with what its declared fields are read as: a field `a` of type
/// `date` has a neighbour `a:date`.
pub(super) fn with_declared(object: &Object, declared: &BTreeSet<(Vec<Text>, Type)>) -> Object {
    let mut whole = object.clone();
    for (keys, kind) in declared {
        add(&mut whole, keys, *kind);
    }
    whole
}

/// The key under which a declared field's value lies.
pub(super) fn key_of(key: &str, kind: Type) -> String {
    format!("{key}:{}", kind.name())
}

fn add(object: &mut Object, keys: &[Text], kind: Type) {
    match keys {
        [] => {}
        [last] => {
            if let Some(value) = object.get(last).map(|value| read(value.clone(), kind)) {
                object.insert(key_of(last, kind).into(), value);
            }
        }
        [first, rest @ ..] => {
            if let Some(mut value) = object.get(first).cloned() {
                add_inside(&mut value, rest, kind);
                object.insert(first.clone(), value);
            }
        }
    }
}

fn add_inside(value: &mut Value, keys: &[Text], kind: Type) {
    match value {
        Value::Object(object) => add(object, keys, kind),
        Value::List(elements) => elements.iter_mut().for_each(|one| add_inside(one, keys, kind)),
        _ => {}
    }
}

/// The value as its type reads it, null if it cannot be read; of a list each element.
fn read(value: Value, kind: Type) -> Value {
    match value {
        Value::List(all) if kind != Type::List => {
            let read = all.into_iter().map(|one| read(one, kind)).filter(|one| !one.is_null());
            Value::List(read.collect())
        }
        value => one(&value, kind).unwrap_or_default(),
    }
}

fn one(value: &Value, kind: Type) -> Option<Value> {
    let text = value.as_text();
    let same = |fits: bool| fits.then(|| value.clone());
    match kind {
        Type::Text | Type::Id => same(text.is_some()),
        Type::Number => match text {
            Some(text) => text.parse::<Decimal>().ok().map(Value::Number),
            None => same(matches!(value, Value::Number(_))),
        },
        Type::Bool => same(matches!(value, Value::Bool(_))),
        Type::Date => text?.parse().ok().map(Value::Date),
        Type::Instant => text?.parse().ok().map(Value::Instant),
        Type::Duration => None,
        Type::Ip => {
            text?.parse::<IpAddr>().ok().map(|ip| Value::text(&ip.to_canonical().to_string()))
        }
        Type::Version => text?.parse::<Version>().ok().map(|it| Value::text(&it.to_string())),
        Type::Geo => same(Position::of(value).is_some()),
        Type::List => same(matches!(value, Value::List(_))),
    }
}
