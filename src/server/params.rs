//! The values of a question's parameters as JSON, in and out.
//!
//! Numbers go digit by digit; what JSON has no kind for is an object that names it.

use super::problem::Problem;
use crate::engine::{Param, Params};
use crate::model::{Decimal, Text};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// Values by their names, as they were sent.
#[derive(Debug)]
pub(super) struct Given(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Given, D::Error> {
        from.deserialize_map(Names)
    }
}

/// Takes every pair, also those of one name.
struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("values by name, like {\"country\": \"SK\"}")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Given, M::Error> {
        let mut given = Vec::new();
        while let Some(pair) = map.next_entry()? {
            given.push(pair);
        }
        Ok(Given(given))
    }
}

impl Given {
    /// Names and what stands behind them, as they were sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, json)| (name.as_str(), json.get()))
    }

    /// The values, each read as what it says it is.
    pub fn params(&self) -> Result<Params, Problem> {
        self.0.iter().try_fold(Params::new(), |params, (name, json)| {
            let wrong =
                |why: String| Problem::wrong("wrong_parameter", format!("`params.{name}`: {why}"));
            if params.get(name).is_some() {
                return Err(wrong("it is given twice".to_owned()));
            }
            Ok(params.with(name, value(json.get()).map_err(wrong)?))
        })
    }
}

const KINDS: &str = "a value is a text, a number, true or false, {\"instant\": \
                     \"2026-01-01T00:00:00Z\"}, {\"date\": \"2026-01-01\"}, {\"span\": \"30 \
                     days\"}, or a list of texts or of numbers";

fn value(json: &str) -> Result<Param, String> {
    match json.as_bytes().first() {
        Some(b'"') => text(json).map(Param::Text),
        Some(b'-' | b'0'..=b'9') => number(json).map(Param::Number),
        Some(b't') => Ok(Param::Bool(true)),
        Some(b'f') => Ok(Param::Bool(false)),
        Some(b'[') => list(json),
        Some(b'{') => named(json),
        _ => Err(format!("it is `null`; {KINDS}, and `missing` stands in the statements")),
    }
}

fn text(json: &str) -> Result<Text, String> {
    serde_json::from_str::<String>(json).map(Text::from).map_err(|error| error.to_string())
}

fn number(json: &str) -> Result<Decimal, String> {
    json.parse().map_err(|error| format!("`{json}` is no number here: {error}"))
}

fn list(json: &str) -> Result<Param, String> {
    let items: Vec<&RawValue> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let begins = |with: fn(&u8) -> bool| {
        items.iter().all(|item| item.get().as_bytes().first().is_some_and(with))
    };
    let items = || items.iter().map(|item| item.get());
    match () {
        () if begins(|byte| *byte == b'"') => {
            items().map(text).collect::<Result<_, _>>().map(Param::Texts)
        }
        () if begins(|byte| *byte == b'-' || byte.is_ascii_digit()) => {
            items().map(number).collect::<Result<_, _>>().map(Param::Numbers)
        }
        () => Err(format!("a list holds texts alone, or numbers alone; {KINDS}")),
    }
}

/// `{"span": "30 days"}`: what JSON has no kind for.
fn named(json: &str) -> Result<Param, String> {
    let object: BTreeMap<String, String> = serde_json::from_str(json)
        .map_err(|_| format!("an object names one kind, with a text behind it; {KINDS}"))?;
    let mut pairs = object.iter();
    let (Some((kind, written)), None) = (pairs.next(), pairs.next()) else {
        return Err(format!("an object names one kind; {KINDS}"));
    };
    let no = |what: &str, why: String| format!("`{written}` is no {what}: {why}");
    match kind.as_str() {
        "instant" => {
            let at = written.parse().map(Param::Instant);
            at.map_err(|error| no("instant", format!("{error}; write `2026-01-01T00:00:00Z`")))
        }
        "date" => {
            let day = written.parse().map(Param::Date);
            day.map_err(|_| no("date", "write year, month, day: `2026-01-01`".to_owned()))
        }
        "span" => match Param::read(written) {
            Ok(span @ Param::Span(..)) => Ok(span),
            Ok(_) => Err(no("length of time", "write a count and a unit: `30 days`".to_owned())),
            Err(wrong) => Err(no("length of time", format!("{}; write `30 days`", wrong.message))),
        },
        other => Err(format!("no kind of value is called `{other}`; {KINDS}")),
    }
}

/// The body of a question, with its values.
pub(super) fn beside(mut question: String, params: &Params) -> String {
    if !params.is_empty() && question.ends_with('}') {
        let all: Vec<String> = params
            .iter()
            .map(|(name, value)| format!("{}:{}", quoted(name), json(value)))
            .collect();
        question.pop();
        question += &format!(",\"params\":{{{}}}}}", all.join(","));
    }
    question
}

fn json(param: &Param) -> String {
    let list = |items: Vec<String>| format!("[{}]", items.join(","));
    match param {
        Param::Text(text) => quoted(text),
        Param::Number(number) => number.to_string(),
        Param::Bool(yes) => yes.to_string(),
        Param::Instant(at) => format!("{{\"instant\":\"{at}\"}}"),
        Param::Date(day) => format!("{{\"date\":\"{day}\"}}"),
        Param::Span(count, unit) => format!("{{\"span\":\"{count} {}\"}}", unit.name()),
        Param::Texts(texts) => list(texts.iter().map(|text| quoted(text)).collect()),
        Param::Numbers(numbers) => list(numbers.iter().map(Decimal::to_string).collect()),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FixedUnit, Unit};

    fn read(json: &str) -> Result<Params, String> {
        let given: Given = serde_json::from_str(json).unwrap();
        given.params().map_err(|problem| problem.message)
    }

    #[test]
    fn what_is_sent_is_what_was_given() {
        let params = Params::new()
            .text("text", "\"; drop audience a --\n\0 é")
            .number("number", "-12345678901234567.000000001".parse::<Decimal>().unwrap())
            .bool("yes", true)
            .bool("no", false)
            .instant("instant", "2026-01-01T00:00:00.001Z".parse().unwrap())
            .date("date", "2026-01-01".parse().unwrap())
            .span("span", 36, Unit::Fixed(FixedUnit::Hour))
            .texts("texts", ["SK", "\""])
            .numbers("numbers", [-1, 2]);
        let body = beside("{\"query\":\"\"}".to_owned(), &params);
        let json = body.strip_prefix("{\"query\":\"\",\"params\":").unwrap();
        assert_eq!(read(json.strip_suffix('}').unwrap()), Ok(params));
    }

    #[test]
    fn a_wrong_shape_is_told_with_its_place_and_what_to_write() {
        for (json, said) in [
            (r#"{"a":null}"#, "`params.a`: it is `null`; a value is a text,"),
            (r#"{"a":{}}"#, "`params.a`: an object names one kind; "),
            (r#"{"a":{"date":1}}"#, "`params.a`: an object names one kind, with a text"),
            (r#"{"a":{"dat":"2026-01-01"}}"#, "`params.a`: no kind of value is called `dat`; "),
            (r#"{"a":{"date":"2026-02-30"}}"#, "`params.a`: `2026-02-30` is no date: write year"),
            (r#"{"a":{"instant":"2026-02-03"}}"#, "`params.a`: `2026-02-03` is no instant: "),
            (r#"{"a":{"span":"30 dais"}}"#, "`params.a`: `30 dais` is no length of time: "),
            (r#"{"a":{"span":"30"}}"#, "`params.a`: `30` is no length of time: "),
            (r#"{"a":["x",1]}"#, "`params.a`: a list holds texts alone, or numbers alone; "),
            (r#"{"a":1e99}"#, "`params.a`: `1e99` is no number here: "),
            (r#"{"a":1,"a":2}"#, "`params.a`: it is given twice"),
        ] {
            let message = read(json).unwrap_err();
            assert!(message.starts_with(said), "{json}: {message}");
        }
    }
}
