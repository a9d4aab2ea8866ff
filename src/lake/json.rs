//! Values as JSON, in two ways: as they are, and with a letter for their kind.
//!
//! In the second every value that is neither a list nor an object is a text
//! whose first letter says what it is: `n` a number, `t` a text, `b` a bool,
//! `i` an instant in milliseconds, `d` a day counted from 1970-01-01. Engines
//! of SQL read numbers of JSON as floating point, and tell a text from a number
//! in different ways; a text they all read as it is.

use crate::model::{Object, Value};
use crate::query::sql::lettered;
use std::fmt::Write;

/// How scalars are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Lettered,
}

/// An object as JSON.
pub(super) fn object(object: &Object, form: Form) -> String {
    let mut out = String::new();
    push_object(&mut out, object, form);
    out
}

fn push_object(out: &mut String, object: &Object, form: Form) {
    out.push('{');
    for (place, (key, value)) in object.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        push_text(out, key);
        out.push(':');
        push_value(out, value, form);
    }
    out.push('}');
}

fn push_value(out: &mut String, value: &Value, form: Form) {
    match (value, form) {
        (Value::Object(object), _) => push_object(out, object, form),
        (Value::List(elements), _) => {
            out.push('[');
            for (place, element) in elements.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                push_value(out, element, form);
            }
            out.push(']');
        }
        // What no question reads is nothing to them either.
        (value, Form::Lettered) => match lettered(value) {
            Some(text) => push_text(out, &text),
            None => out.push_str("null"),
        },
        (Value::Null, _) => out.push_str("null"),
        (Value::Bool(bool), _) => push(out, bool),
        (Value::Number(number), _) => push(out, number),
        (Value::Digits(digits), _) => out.push_str(digits),
        (Value::Text(text), _) => push_text(out, text),
        (Value::Instant(at), _) => push_text(out, &at.to_string()),
        (Value::Date(day), _) => push_text(out, &day.to_string()),
        (Value::Duration(ms), _) => push(out, ms),
    }
}

fn push(out: &mut String, what: impl std::fmt::Display) {
    let _infallible = write!(out, "{what}");
}

fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => {
                let _infallible = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scalar_says_what_it_is() {
        let number = |text: &str| Value::Number(text.parse().unwrap());
        let fields = vec![
            ("a".into(), number("123456789012345678.000000001")),
            ("b".into(), Value::text("say \"hi\"\u{1}")),
            ("c".into(), Value::List(vec![true.into(), Value::Null, Value::Digits("1e99".into())])),
            ("d".into(), Value::Date("1970-01-02".parse().unwrap())),
        ];
        let all = Object::new(fields).unwrap();
        assert_eq!(
            object(&all, Form::Lettered),
            r#"{"a":"n123456789012345678.000000001","b":"tsay \"hi\"\u0001","c":["btrue",null,null],"d":"d1"}"#
        );
        assert_eq!(
            object(&all, Form::Plain),
            r#"{"a":123456789012345678.000000001,"b":"say \"hi\"\u0001","c":[true,null,1e99],"d":"1970-01-02"}"#
        );
    }
}
