//! What is seen: answers as small tables, changes as lines.

use crate::engine::{Answer, Change};
use crate::model::{Identifier, Ordinal, ProfileId, Timestamp, Value};
use crate::query::{Crowd, Reference, Rows, why};
use crate::state::View;
use crate::store::Cause;
use crate::wire::json_of_value;

/// An answer; that something new is there now goes without saying.
pub(super) fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Rows(rows) => table(rows),
        Answer::Done(done) if done.ends_with(" created") || done.contains(" declared") => {
            String::new()
        }
        Answer::Text(text) | Answer::Done(text) => text.clone(),
    }
}

/// A small table: columns two blanks apart, numbers to the right.
fn table(rows: &Rows) -> String {
    let cells: Vec<Vec<String>> =
        rows.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let widths: Vec<usize> = (0..rows.columns.len())
        .map(|at| {
            let below = cells.iter().map(|row| row[at].chars().count());
            below.chain([rows.columns[at].chars().count()]).max().unwrap_or(0)
        })
        .collect();
    let right: Vec<bool> = (0..widths.len())
        .map(|at| {
            let column = || rows.rows.iter().map(|row| &row[at]);
            column().all(|value| matches!(value, Value::Number(_) | Value::Null))
                && column().any(|value| !value.is_null())
        })
        .collect();
    let line = |row: &[String]| {
        let cells = row.iter().zip(&widths).zip(&right).map(|((cell, width), right)| match right {
            true => format!("{cell:>width$}"),
            false => format!("{cell:<width$}"),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let lines: Vec<String> =
        std::iter::once(&rows.columns).chain(&cells).map(|row| line(row)).collect();
    lines.join("\n")
}

fn cell(value: &Value) -> String {
    match value {
        Value::Text(text) => text.replace('\n', "\\n"),
        Value::Instant(at) => at.to_string(),
        Value::Date(day) => day.to_string(),
        other => json_of_value(other),
    }
}

/// One change as a line: who, which way, until when or since when, and why if
/// neither a call nor time did it.
pub(super) fn told(view: &View, audience: &str, name: &str, change: &Change) -> String {
    let mut line = format!("{name} {} {audience}", if change.entered { "entered" } else { "left" });
    if change.at != change.committed {
        line += &format!(" at {}", change.at);
    }
    if let Some(until) = until(view, audience, change) {
        line += &format!(", until {until}");
    }
    if !matches!(change.cause, Cause::Event | Cause::Time) {
        line += &format!(" ({})", format!("{:?}", change.cause).to_lowercase());
    }
    line
}

/// When a member leaves, if nothing happens.
fn until(view: &View, audience: &str, change: &Change) -> Option<Timestamp> {
    let audience = view.catalog().audience(audience)?;
    if !view.members(&audience.name)?.contains(Ordinal(change.profile.0)) || !change.entered {
        return None;
    }
    let mut until = None;
    let met = view.one(&Reference::Profile(change.profile), view.at(), &mut |person| {
        until = why::changes_at(&audience.condition, person, view.at());
    });
    met.ok().and(until)
}

/// How a person is called: by the user id or the email, else as first seen.
pub(super) fn name_of(view: &View, seat: Ordinal) -> String {
    let names = view.identifiers(seat);
    let of = |namespace: &str| names.iter().find(|name| &*name.namespace == namespace);
    let name = of("user_id").or_else(|| of("email")).or(names.first());
    name.map_or_else(|| ProfileId(seat.0).to_string(), Identifier::to_string)
}

/// Adds the lines of a text that are not blank.
pub(super) fn add(seen: &mut String, text: &str) {
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        seen.push_str(line.trim_end());
        seen.push('\n');
    }
}
