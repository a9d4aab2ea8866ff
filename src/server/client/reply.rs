//! Answers out of JSON, numbers digit by digit.

use super::super::params::Given;
use super::ClientError;
use super::http::Reply;
use crate::engine::{Answer, Answers};
use crate::model::{Object, Value};
use crate::query::Rows;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Raw<'a> {
    columns: Option<Vec<String>>,
    #[serde(borrow)]
    rows: Option<Vec<Vec<&'a RawValue>>>,
    text: Option<String>,
    done: Option<String>,
    #[serde(borrow)]
    answers: Option<Vec<Raw<'a>>>,
    #[serde(default)]
    warnings: Vec<String>,
}

/// The answers to a program.
pub(super) fn answers(body: &[u8]) -> Result<Answers, ClientError> {
    let mut raw = raw(body)?;
    let warnings = std::mem::take(&mut raw.warnings);
    let all = match raw.answers.take() {
        Some(all) => all.into_iter().map(answer).collect::<Result<_, _>>()?,
        None => vec![answer(raw)?],
    };
    Ok(Answers { answers: all, warnings })
}

/// A table.
pub(super) fn rows(body: &[u8]) -> Result<Rows, ClientError> {
    match answer(raw(body)?)? {
        Answer::Rows(rows) => Ok(rows),
        Answer::Text(_) | Answer::Done(_) => Err(garbled("it is no table")),
    }
}

/// Why the server said no.
pub(super) fn refusal(reply: &Reply) -> ClientError {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Said {
        code: String,
        message: String,
        pictures: Option<String>,
    }
    let said: Said = serde_json::from_slice(&reply.body).unwrap_or_default();
    match said.pictures {
        Some(pictures) => {
            ClientError::Wrong { pictures, json: String::from_utf8_lossy(&reply.body).into_owned() }
        }
        None if said.message.is_empty() => garbled(&format!("status {}", reply.status)),
        None => {
            ClientError::Refused { status: reply.status, code: said.code, message: said.message }
        }
    }
}

fn raw(body: &[u8]) -> Result<Raw<'_>, ClientError> {
    serde_json::from_slice(body).map_err(|error| garbled(&error.to_string()))
}

fn garbled(what: &str) -> ClientError {
    ClientError::Garbled(what.to_owned())
}

fn answer(raw: Raw<'_>) -> Result<Answer, ClientError> {
    match raw {
        Raw { columns: Some(columns), rows: Some(rows), .. } => {
            let rows = rows.into_iter().map(|row| row.into_iter().map(|cell| value(cell.get())));
            Ok(Answer::Rows(Rows { columns, rows: rows.map(Iterator::collect).collect() }))
        }
        Raw { text: Some(text), .. } => Ok(Answer::Text(text)),
        Raw { done: Some(done), .. } => Ok(Answer::Done(done)),
        _ => Err(garbled("it holds no answer")),
    }
}

/// What a person has of the columns, in their order.
pub(super) fn values(given: &Given) -> Vec<(String, Value)> {
    given.pairs().map(|(name, json)| (name.to_owned(), value(json))).collect()
}

/// A value as it was written: instants and dates stay texts, which print alike.
fn value(raw: &str) -> Value {
    match raw.as_bytes().first() {
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        Some(b'"') => serde_json::from_str(raw).map_or(Value::Null, |text: String| {
            // What the server wrote is in normal form already.
            Value::Text(text.into())
        }),
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(raw).unwrap_or_default();
            Value::List(items.into_iter().map(|item| value(item.get())).collect())
        }
        Some(b'{') => {
            let fields: BTreeMap<String, &RawValue> = serde_json::from_str(raw).unwrap_or_default();
            let mut object = Object::default();
            for (key, field) in fields {
                object.insert(key.into(), value(field.get()));
            }
            Value::Object(object)
        }
        Some(b'-' | b'0'..=b'9') => number(raw),
        _ => Value::Null,
    }
}

/// What a decimal does not write again digit by digit is kept as it was written.
fn number(raw: &str) -> Value {
    match raw.parse::<crate::model::Decimal>() {
        Ok(number) if number.to_string() == raw => Value::Number(number),
        _ => Value::Digits(raw.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::json_of_value;

    #[test]
    fn values_come_back_digit_by_digit() {
        for text in [
            "8911407.904",
            "-0.000000001",
            "123456789012345678901234567890",
            "\"a\\\"b\"",
            "null",
            "true",
            "[1,[\"x\"],{\"a\":1.10}]",
        ] {
            assert_eq!(json_of_value(&value(text)), text);
        }
    }

    #[test]
    fn one_answer_and_several_are_read() {
        let one = answers(br#"{"columns":["people"],"rows":[[3]],"warnings":["odd"]}"#).unwrap();
        assert_eq!(one.answers[0].rows().unwrap().rows, [[3.into()]]);
        assert_eq!(one.warnings, ["odd"]);
        let two = answers(br#"{"answers":[{"done":"linked"},{"text":"why"}]}"#).unwrap();
        assert_eq!(two.answers, [Answer::Done("linked".into()), Answer::Text("why".into())]);
        assert!(answers(b"{}").is_err());
    }
}
