//! Values as JSON, numbers digit by digit.

use crate::model::{Object, Value};
use std::fmt::Write as _;

/// A value as JSON. Instants and dates become text, durations milliseconds.
///
/// ```
/// use throng::{model::Value, wire::json_of_value};
/// assert_eq!(json_of_value(&Value::text("a\"b")), r#""a\"b""#);
/// assert_eq!(json_of_value(&Value::Number("8911407.904".parse().unwrap())), "8911407.904");
/// ```
pub fn json_of_value(value: &Value) -> String {
    let mut out = String::new();
    push_value(&mut out, value);
    out
}

pub(super) fn push_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => push(out, format_args!("{number}")),
        Value::Digits(digits) => out.push_str(digits),
        Value::Text(text) => push_text(out, text),
        Value::Instant(at) => push(out, format_args!("\"{at}\"")),
        Value::Date(date) => push(out, format_args!("\"{date}\"")),
        Value::Duration(ms) => push(out, format_args!("{ms}")),
        Value::List(items) => push_list(out, items),
        Value::Object(object) => push_object(out, object),
    }
}

pub(super) fn push_list<'a>(out: &mut String, items: impl IntoIterator<Item = &'a Value>) {
    out.push('[');
    for (place, item) in items.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        push_value(out, item);
    }
    out.push(']');
}

pub(super) fn push_object(out: &mut String, object: &Object) {
    out.push('{');
    for (key, value) in object.iter() {
        push_key(out, key);
        push_value(out, value);
    }
    out.push('}');
}

/// A key with its colon, after a comma unless it is the first.
pub(super) fn push_key(out: &mut String, key: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    push_text(out, key);
    out.push(':');
}

pub(super) fn push_text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c < ' ' || c == '"' || c == '\\') {
        out.push_str(&rest[..at]);
        let special = rest.as_bytes()[at];
        match special {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ => push(out, format_args!("\\u{special:04x}")),
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

pub(super) fn push(out: &mut String, what: std::fmt::Arguments<'_>) {
    out.write_fmt(what).expect("writing to a String does not fail");
}
