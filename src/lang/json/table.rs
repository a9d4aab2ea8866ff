//! Tables that say the form of a node once, for both ways.
//!
//! `choice!` is for enums: a key, a variant, and the names of its fields, with
//! `; span` behind them if a place follows. A variant that the table does not
//! name has no form of its own: it is written as text. `record!` is for structs.

use super::place::{Json, JsonError, Spot};
use serde_json::{Map, Value};

/// `{"key": inner}`.
pub(super) fn tagged(key: &str, inner: Value) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), inner)]))
}

/// An object without the fields that say nothing.
pub(super) fn fields<const N: usize>(all: [(&str, bool, Value); N]) -> Value {
    let told = all.into_iter().filter(|(_, says, _)| *says);
    Value::Object(told.map(|(key, _, value)| (key.to_owned(), value)).collect())
}

/// The key of a choice and what stands under it.
pub(super) fn chosen<'a>(
    form: &'a Value,
    at: &Spot<'_>,
) -> Result<(&'a str, &'a Value), JsonError> {
    at.check_depth()?;
    match form {
        Value::String(word) => Ok((word, &Value::Null)),
        Value::Object(map) if map.len() == 1 => {
            let (key, inner) = map.iter().next().expect("it has one");
            Ok((key, inner))
        }
        Value::Object(map) => {
            Err(at.wrong(format!("an object with one key is needed here, this has {}", map.len())))
        }
        other => at.needs("an object with one key, or a text", other),
    }
}

/// The items of a list of a fixed length.
pub(super) fn tuple<'a>(
    form: &'a Value,
    n: usize,
    at: &Spot<'_>,
) -> Result<&'a [Value], JsonError> {
    match form {
        Value::Array(items) if items.len() == n => Ok(items),
        other => at.needs(&format!("a list of {n}"), other),
    }
}

/// The fields of an object that has no others.
pub(super) fn object<'a>(
    form: &'a Value,
    known: &[&str],
    at: &Spot<'_>,
) -> Result<&'a Map<String, Value>, JsonError> {
    let Value::Object(map) = form else { return at.needs("an object", form) };
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => at.unknown(key, known),
        None => Ok(map),
    }
}

/// One field of an object.
pub(super) fn field<T: Json>(
    map: &Map<String, Value>,
    key: &str,
    at: &Spot<'_>,
) -> Result<T, JsonError> {
    match map.get(key) {
        Some(form) => T::read(form, &at.key(key)),
        None => T::missing().ok_or_else(|| at.wrong(format!("`{key}` is missing"))),
    }
}

/// How a variant with these fields is matched.
macro_rules! pattern {
    ($type:ident $variant:ident ()) => { $type::$variant };
    ($type:ident $variant:ident ($($a:ident),+)) => { $type::$variant($($a),+) };
    ($type:ident $variant:ident ($($a:ident),+ ; span)) => { $type::$variant($($a),+, _) };
    ($type:ident $variant:ident {$($a:ident),+}) => { $type::$variant { $($a),+ } };
}

/// The form of a variant whose fields are bound.
macro_rules! put {
    ($key:literal $depth:ident ()) => { serde_json::Value::from($key) };
    ($key:literal $depth:ident ($a:ident $(; span)?)) => { tagged($key, $a.json($depth)?) };
    ($key:literal $depth:ident ($($a:ident),+ $(; span)?)) => {
        tagged($key, serde_json::Value::Array(vec![$($a.json($depth)?),+]))
    };
    ($key:literal $depth:ident {$($a:ident),+}) => {
        tagged($key, fields([$((stringify!($a), $a.says(), $a.json($depth)?)),+]))
    };
}

/// The variant of a form.
macro_rules! take {
    ($type:ident $variant:ident $inner:ident $at:ident ()) => {{
        let _ = $inner;
        $type::$variant
    }};
    ($type:ident $variant:ident $inner:ident $at:ident ($a:ident)) => {
        $type::$variant(Json::read($inner, &$at)?)
    };
    ($type:ident $variant:ident $inner:ident $at:ident ($a:ident ; span)) => {
        $type::$variant(Json::read($inner, &$at)?, crate::lang::Span::default())
    };
    ($type:ident $variant:ident $inner:ident $at:ident ($($a:ident),+)) => {{
        let items = tuple($inner, [$(stringify!($a)),+].len(), &$at)?;
        let mut place = 0..;
        let mut next = || place.next().expect("it never ends");
        $(let $a = { let n = next(); Json::read(&items[n], &$at.index(n))? };)+
        $type::$variant($($a),+)
    }};
    ($type:ident $variant:ident $inner:ident $at:ident {$($a:ident),+}) => {{
        let map = object($inner, &[$(stringify!($a)),+], &$at)?;
        $type::$variant { $($a: field(map, stringify!($a), &$at)?),+ }
    }};
}

/// Both ways for an enum.
macro_rules! choice {
    ($type:ident { $($key:literal $variant:ident $fields:tt,)+ }) => {
        #[allow(unused_imports, unreachable_patterns, unused_variables, reason = "no table needs all")]
        impl crate::lang::json::place::Json for $type {
            fn json(&self, depth: usize) -> Option<serde_json::Value> {
                use crate::lang::json::table::{fields, pattern, put, tagged};
                Some(match self {
                    $(pattern!($type $variant $fields) => put!($key depth $fields),)+
                    // What the table does not name yet.
                    _ => return None,
                })
            }

            fn read(
                form: &serde_json::Value,
                at: &crate::lang::json::place::Spot<'_>,
            ) -> Result<$type, crate::lang::json::JsonError> {
                use crate::lang::json::table::{chosen, field, object, take, tuple};
                let (key, inner) = chosen(form, at)?;
                let here = at.key(key);
                Ok(match key {
                    $($key => take!($type $variant inner here $fields),)+
                    _ => return at.unknown(key, &[$($key),+]),
                })
            }
        }
    };
}

/// Both ways for a struct; `; span` leaves a place out.
macro_rules! record {
    ($type:ident { $($a:ident),+ $(; $span:ident)? }) => {
        impl crate::lang::json::place::Json for $type {
            fn json(&self, depth: usize) -> Option<serde_json::Value> {
                use crate::lang::json::table::fields;
                Some(fields([$((stringify!($a), self.$a.says(), self.$a.json(depth)?)),+]))
            }

            fn read(
                form: &serde_json::Value,
                at: &crate::lang::json::place::Spot<'_>,
            ) -> Result<$type, crate::lang::json::JsonError> {
                use crate::lang::json::table::{field, object};
                at.check_depth()?;
                let map = object(form, &[$(stringify!($a)),+], at)?;
                Ok($type {
                    $($a: field(map, stringify!($a), at)?,)+
                    $($span: crate::lang::Span::default(),)?
                })
            }
        }
    };
}

pub(super) use {choice, pattern, put, record, take};
