//! Parts of a tree that stand in JSON as text: `{"whoql": "..."}`.

use super::place::{JsonError, Spot};
use crate::lang::parse;
use crate::lang::tree::{Condition, Report, ReportKind, Statement, StatementKind, Value, Window};
use serde_json::{Value as Form, json};

/// Conditions and values inside one another that have forms of their own; what
/// lies deeper is text, so that readers with a limit can read it all.
pub(super) const DEPTH_MAX: usize = 12;

/// A part as text.
pub(super) fn written(text: &str) -> Form {
    json!({ "whoql": text })
}

/// The text of a part that stands as text.
pub(super) fn text_of(form: &Form) -> Option<&str> {
    match form {
        Form::Object(map) if map.len() == 1 => map.get("whoql")?.as_str(),
        _ => None,
    }
}

/// The one report that a text is when it is put into the place of a part.
fn report(text: &str, at: &Spot<'_>) -> Result<ReportKind, JsonError> {
    match statement(text, at)?.kind {
        StatementKind::Report(Report { kind, as_of: None, zone: None }) => Ok(kind),
        _ => Err(at.key("whoql").wrong("this text is more than its place takes")),
    }
}

pub(super) fn statement(text: &str, at: &Spot<'_>) -> Result<Statement, JsonError> {
    let mut parsed = parse(text);
    let here = at.key("whoql");
    if let Some(found) = parsed.diagnostics.first() {
        return Err(here.wrong(format!("{} ({})", found.message, found.code)));
    }
    match parsed.statements.len() {
        1 => Ok(parsed.statements.remove(0)),
        _ => Err(here.wrong("one part is needed here")),
    }
}

pub(super) fn condition(text: &str, at: &Spot<'_>) -> Result<Condition, JsonError> {
    match report(&format!("count people {text}\n"), at)? {
        ReportKind::CountPeople { people, group: None } if people.condition.is_some() => {
            Ok(people.condition.expect("it was looked at"))
        }
        _ => Err(at.key("whoql").wrong("this text is no condition")),
    }
}

pub(super) fn value(text: &str, at: &Spot<'_>) -> Result<Value, JsonError> {
    match report(&format!("list {text}\nof everyone"), at)? {
        ReportKind::List { mut columns, people, sort: None, limit: None }
            if columns.len() == 1 && columns[0].name.is_none() && people.condition.is_none() =>
        {
            Ok(columns.remove(0).value)
        }
        _ => Err(at.key("whoql").wrong("this text is no value")),
    }
}

pub(super) fn window(text: &str, at: &Spot<'_>) -> Result<Window, JsonError> {
    match report(&format!("count events x {text}\n"), at)? {
        ReportKind::CountEvents { window: Some(window), people: None, group: None, .. } => {
            Ok(window)
        }
        _ => Err(at.key("whoql").wrong("this text is no window")),
    }
}
