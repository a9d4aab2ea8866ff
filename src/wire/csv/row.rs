//! The calls of one row.

use super::cell::{Field, From, cell_bool};
use super::mapping::MessageId;
use super::plan::{Plan, Row, decode};
use super::rule::{Choice, Granted, Names, Rule, Said, Says};
use super::split::Cells;
use super::time::Time;
use crate::model::limits::EVENT_BYTES_MAX;
use crate::model::{CallKind, Object, Text, Timestamp, Value, agreeing, counted};
use crate::wire::calls::{Defaults, Incoming, Verb};
use crate::wire::json::too_long;
use crate::wire::parts::Parts;
use crate::wire::read::Part;
use crate::wire::reject::{Reason, Reject};
use crate::wire::texts::{Texts, check_name, check_text};
use std::cell::Cell;
use std::sync::Arc;

/// Makes calls of rows; one for each thread.
#[derive(Clone, Debug)]
pub(crate) struct RowReader {
    plan: Arc<Plan>,
    cells: Cells,
    texts: Texts,
    n_doubtful: u64,
}

impl RowReader {
    pub(crate) fn new(plan: Plan) -> RowReader {
        let (cells, texts) = (Cells::default(), Texts::default());
        RowReader { plan: Arc::new(plan), cells, texts, n_doubtful: 0 }
    }

    /// How many doubtful times there were since this was asked for.
    pub(crate) fn take_doubtful(&mut self) -> u64 {
        std::mem::take(&mut self.n_doubtful)
    }

    /// The calls of a row, each with what may be wrong with it; none if the
    /// mapping leaves the row out.
    pub(crate) fn calls(
        &mut self,
        raw: &[u8],
        number: u64,
        defaults: &Defaults,
        sink: &mut dyn FnMut(Option<Part>, Result<Incoming, Reject>),
    ) {
        let mapping = &self.plan.mapping;
        if raw.len() > EVENT_BYTES_MAX {
            return sink(None, Err(too_long()));
        }
        let text = match decode(mapping.encoding, raw) {
            Ok(text) => text,
            Err(reject) => return sink(None, Err(reject)),
        };
        self.cells.split(&text, mapping.delimiter);
        let (given, wanted) = (self.cells.len(), self.plan.names.len());
        if given != wanted {
            return sink(None, Err(wrong_columns(given, wanted)));
        }
        let row = Row { plan: &self.plan, cells: &self.cells, number, n_doubtful: Cell::new(0) };
        if mapping.leave_out.iter().any(|condition| condition.holds(&row)) {
            return;
        }
        for (place, rule) in mapping.rules.iter().enumerate() {
            if rule.when.as_ref().is_some_and(|condition| !condition.holds(&row)) {
                continue;
            }
            let parts = parts(&row, rule, place, &mut self.texts);
            if let Some(parts) = parts.transpose() {
                let part = Part { place: place + 1, kind: rule.says.kind() };
                let part = (mapping.rules.len() > 1).then_some(part);
                sink(part, parts.and_then(|mut parts| parts.finish(defaults)));
            }
        }
        self.n_doubtful += row.n_doubtful.get();
    }
}

fn wrong_columns(given: usize, wanted: usize) -> Reject {
    let message = format!(
        "the row has {}, the header names {}",
        counted(given as u64, "cell", "cells"),
        counted(wanted as u64, "column", "columns")
    );
    let remedy =
        "put a cell that holds the delimiter in quotes, and add the cells that are missing";
    Reject::new(Reason::WrongColumns, message, remedy)
}

/// The parts of the call that a rule makes of a row; none if no event is named for it.
fn parts(
    row: &Row<'_>,
    rule: &Rule,
    place: usize,
    texts: &mut Texts,
) -> Result<Option<Parts>, Reject> {
    let mapping = &row.plan.mapping;
    let mut parts = Parts::default();
    if !say(row, &rule.says, &mut parts, texts)? {
        return Ok(None);
    }
    let time = rule.time.as_ref().or(mapping.time.as_ref());
    parts.timestamp = time.map(|time| instant(row, time)).transpose()?.flatten();
    let id = mapping.message_id.as_ref().map(|id| message_id(row, id, place));
    parts.message_id = id.transpose()?.unwrap_or_default();
    if let Some(channel) = &rule.channel {
        parts.channel = said(row, "channel", channel, texts)?;
    }
    name(row, rule.names.as_ref().unwrap_or(&mapping.names), &mut parts, texts)?;
    Ok(Some(parts))
}

/// What the call says; false if the rule names no event for this row.
fn say(row: &Row<'_>, says: &Says, parts: &mut Parts, texts: &mut Texts) -> Result<bool, Reject> {
    let unsets = row.plan.mapping.unsets_empty;
    let kind = match says {
        Says::Track { event, properties } => {
            let Some(choice) = event.iter().find(|choice| applies(row, choice)) else {
                return Ok(false);
            };
            parts.event = said(row, "event", &choice.name, texts)?;
            parts.properties = Some(object(row, properties, false, texts)?);
            CallKind::Track
        }
        Says::Identify { traits } => {
            parts.traits = Some(object(row, traits, unsets, texts)?);
            CallKind::Identify
        }
        Says::Group { group, traits } => {
            parts.group_id = said(row, "group_id", group, texts)?;
            parts.traits = Some(object(row, traits, unsets, texts)?);
            CallKind::Group
        }
        Says::Consent { purpose, granted, expires } => {
            parts.purpose = said(row, "purpose", purpose, texts)?;
            parts.granted = is_granted(row, granted)?;
            parts.expires = expires.as_ref().map(|time| instant(row, time)).transpose()?.flatten();
            CallKind::Consent
        }
    };
    parts.verb = Some(Verb::Call(kind));
    Ok(true)
}

fn applies(row: &Row<'_>, choice: &Choice) -> bool {
    choice.when.as_ref().is_none_or(|condition| condition.holds(row))
}

fn said(row: &Row<'_>, what: &str, said: &Said, texts: &mut Texts) -> Result<Option<Text>, Reject> {
    let column = match said {
        Said::Always(text) => return Ok(Some(text.clone())),
        Said::Cell(column) => *column,
    };
    let cell = row.cell(column).trim();
    check_name(what, cell).map_err(|reject| row.blame(column, reject))?;
    Ok((!cell.is_empty()).then(|| texts.name(cell)))
}

fn is_granted(row: &Row<'_>, granted: &Granted) -> Result<Option<bool>, Reject> {
    match granted {
        Granted::Always(yes) => Ok(Some(*yes)),
        Granted::Cell(column) => match row.cell(*column).trim() {
            "" => Ok(None),
            cell => cell_bool(cell).map(Some).map_err(|reject| row.blame(*column, reject)),
        },
    }
}

fn instant(row: &Row<'_>, time: &Time) -> Result<Option<Timestamp>, Reject> {
    match row.cell(time.column).trim() {
        "" => Ok(None),
        cell => {
            let read = time.reading.instant(cell);
            let (at, doubtful) = read.map_err(|reject| row.blame(time.column, reject))?;
            row.n_doubtful.set(row.n_doubtful.get() + u64::from(doubtful));
            Ok(Some(at))
        }
    }
}

/// Cells and row number, so joined that no two lists of cells look alike;
/// further calls of one row have their place added. A row without an id would
/// count once more with each import, which the mapping says it does not.
fn message_id(row: &Row<'_>, id: &MessageId, place: usize) -> Result<String, Reject> {
    let cells = id.columns.iter().map(|column| row.cell(*column).trim());
    let mut said = id.row;
    let mut parts: Vec<&str> = id.prefix.iter().map(|prefix| &**prefix).collect();
    parts.extend(cells.inspect(|cell| said |= !cell.is_empty()));
    let number = row.number.to_string();
    if id.row {
        parts.push(&number);
    }
    let place_text = place.to_string();
    if place > 0 {
        parts.extend(["call", &place_text]);
    }
    if said { Ok(parts.join("\u{1F}")) } else { Err(no_message_id(row, id)) }
}

fn no_message_id(row: &Row<'_>, id: &MessageId) -> Reject {
    let names = id.columns.iter().map(|column| row.plan.mapping.columns.name(*column));
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let empty = agreeing(names.len() as u64, "is empty", "are empty");
    let message = format!("the row has no message id: {} {empty}", names.join(", "));
    let remedy = "fill it in, name a column that is never empty as `message_id`, or add \
                  `row = true`, which counts rows by their numbers";
    Reject::new(Reason::MissingMessageId, message, remedy)
}

fn object(
    row: &Row<'_>,
    fields: &[Field],
    unsets: bool,
    texts: &mut Texts,
) -> Result<Object, Reject> {
    let mut object = Object::default();
    for Field { path, from } in fields {
        let value = match from {
            From::Constant(value) => value.clone(),
            From::Cell(column, kind) => match row.cell(*column) {
                cell if cell.trim().is_empty() && unsets => Value::Null,
                cell if cell.trim().is_empty() => continue,
                cell => kind.value(cell, texts).map_err(|reject| row.blame(*column, reject))?,
            },
        };
        put(&mut object, path, value);
    }
    Ok(object)
}

/// Puts a value under a path of keys, making the objects on the way.
fn put(object: &mut Object, path: &[Text], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        object.insert(first.clone(), value);
        return;
    }
    let mut inner = match object.remove(first) {
        Some(Value::Object(inner)) => inner,
        _ => Object::default(),
    };
    put(&mut inner, rest, value);
    object.insert(first.clone(), Value::Object(inner));
}

/// Puts the identifiers where a call of the wire carries them.
fn name(row: &Row<'_>, names: &Names, parts: &mut Parts, texts: &mut Texts) -> Result<(), Reject> {
    let mut context = Object::default();
    let mut others = Vec::new();
    for (namespace, column) in &names.0 {
        let cell = row.cell(*column).trim();
        if cell.is_empty() {
            continue;
        }
        check_text(cell).map_err(|reject| row.blame(*column, reject))?;
        let value = texts.value(cell);
        match &**namespace {
            "user_id" => parts.user_id = Some(value),
            "anonymous_id" => parts.anonymous_id = Some(value),
            "email" | "phone" => {
                put(&mut context, &["traits".into(), namespace.clone()], Value::Text(value));
            }
            "device_id" => put(&mut context, &["device".into(), "id".into()], Value::Text(value)),
            _ => others.push(external_id(namespace, value)),
        }
    }
    if !others.is_empty() {
        context.insert("externalIds".into(), Value::List(others));
    }
    parts.context = Some(context);
    Ok(())
}

fn external_id(namespace: &Text, value: Text) -> Value {
    let mut id = Object::default();
    id.insert("id".into(), Value::Text(value));
    id.insert("type".into(), Value::Text(namespace.clone()));
    Value::Object(id)
}
