//! A call as a line of words.

use super::words::{unquoted, words};
use crate::model::Call;
use crate::wire::{Defaults, Incoming, calls_of_json};
use std::collections::BTreeMap;

/// A call as the wire has it.
pub(super) fn call_of(json: &str) -> Result<Call, String> {
    match calls_of_json(json.as_bytes(), &Defaults::file("import")) {
        Ok(Incoming::Call(call)) => Ok(call),
        Ok(Incoming::Forget(_)) => Err("forget is a statement here".to_owned()),
        Err(reject) => Err(format!("{}; {}", reject.message, reject.remedy)),
    }
}

/// A call as the wire has it, of a line of words.
pub(super) fn json_of_line(line: &str) -> Result<String, String> {
    let words = words(line);
    let Some((verb, mut rest)) = words.split_first() else { return Err("what is this?".into()) };
    let verb = verb.as_str();
    let mut call: BTreeMap<&str, String> = BTreeMap::from([("type", quoted(verb))]);
    let mut names = Names::default();
    while let Some((namespace, value)) = rest.first().and_then(|word| identifier(word)) {
        names.add(namespace, value);
        rest = &rest[1..];
    }
    let subject: &[&'static str] = match verb {
        "track" => &["event"],
        "group" => &["groupId"],
        "alias" => &["previousId"],
        "consent" => &["purpose", "granted"],
        _ => &[],
    };
    for key in subject {
        let (word, after) = rest.split_first().ok_or_else(|| format!("`{verb}` needs {key}"))?;
        let yes = word == "yes";
        call.insert(key, if *key == "granted" { yes.to_string() } else { quoted(unquoted(word)) });
        rest = after;
    }
    let mut fields: Vec<String> = Vec::new();
    while let Some((word, after)) = rest.split_first() {
        rest = after;
        let key = match word.as_str() {
            "when" => "timestamp",
            "until" => "expiresAt",
            "id" => "messageId",
            "source" => "source",
            "ord" => "ord",
            _ => {
                let (key, value) =
                    word.split_once('=').ok_or_else(|| format!("what is `{word}`?"))?;
                fields.push(format!("{}:{}", quoted(key), json(value)));
                continue;
            }
        };
        let (value, after) = rest.split_first().ok_or_else(|| format!("`{word}` needs a value"))?;
        call.insert(key, if key == "ord" { value.clone() } else { quoted(value) });
        rest = after;
    }
    let holder = if matches!(verb, "identify" | "group") { "traits" } else { "properties" };
    call.insert(holder, format!("{{{}}}", fields.join(",")));
    names.put(&mut call);
    Ok(object(&call))
}

/// The identifiers of a call, where the wire has them.
#[derive(Default)]
struct Names {
    top: Vec<(&'static str, String)>,
    traits: Vec<String>,
    context: Vec<String>,
    external: Vec<String>,
}

impl Names {
    fn add(&mut self, namespace: &str, value: &str) {
        match namespace {
            "user_id" => self.top.push(("userId", quoted(value))),
            "anonymous_id" => self.top.push(("anonymousId", quoted(value))),
            "email" | "phone" => {
                self.traits.push(format!("{}:{}", quoted(namespace), quoted(value)))
            }
            "device_id" => self.context.push(format!("\"device\":{{\"id\":{}}}", quoted(value))),
            other => self.external.push(format!(
                "{{\"type\":{},\"id\":{}}}",
                quoted(other),
                quoted(value)
            )),
        }
    }

    fn put(mut self, call: &mut BTreeMap<&str, String>) {
        if !self.traits.is_empty() {
            self.context.push(format!("\"traits\":{{{}}}", self.traits.join(",")));
        }
        if !self.external.is_empty() {
            self.context.push(format!("\"externalIds\":[{}]", self.external.join(",")));
        }
        call.insert("context", format!("{{{}}}", self.context.join(",")));
        call.extend(self.top);
    }
}

fn object(fields: &BTreeMap<&str, String>) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(key, value)| format!("{}:{value}", quoted(key))).collect();
    format!("{{{}}}", fields.join(","))
}

/// `namespace:value`.
fn identifier(word: &str) -> Option<(&str, &str)> {
    let (namespace, value) = word.split_once(':')?;
    let named = namespace.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    (named && !namespace.is_empty()).then_some((namespace, value))
}

/// A value as JSON: as it is where it is JSON, else as text.
fn json(value: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(value) {
        Ok(_) => value.to_owned(),
        Err(_) => quoted(value),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
