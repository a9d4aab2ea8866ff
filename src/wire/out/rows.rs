//! Answers as JSON, NDJSON or CSV.

use super::json::{json_of_value, push_key, push_list, push_text, push_value};
use crate::model::Value;
use crate::query::Rows;
use std::borrow::Cow;
use std::io::{self, Write};

/// How answers are written.
///
/// ```
/// use throng::{engine::Rows, wire::{Format, write_rows}};
/// let rows = Rows { columns: vec!["plan".into(), "n".into()], rows: vec![vec!["gold".into(), 2.into()]] };
/// let written = |format| {
///     let mut out = Vec::new();
///     write_rows(&rows, format, &mut out).unwrap();
///     String::from_utf8(out).unwrap()
/// };
/// assert_eq!(written(Format::Json), "{\"columns\":[\"plan\",\"n\"],\"rows\":[[\"gold\",2]]}\n");
/// assert_eq!(written(Format::Ndjson), "{\"plan\":\"gold\",\"n\":2}\n");
/// assert_eq!(written(Format::Csv), "plan,n\r\ngold,2\r\n");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// One object: `{"columns":[...],"rows":[[...]]}`.
    Json,
    /// One object for each row, by the names of the columns.
    Ndjson,
    /// RFC 4180, with a header.
    Csv,
}

/// Writes the rows of an answer.
///
/// ```
/// use throng::{engine::Rows, wire::{Format, write_rows}};
/// let rows = Rows { columns: vec!["people".into()], rows: vec![vec![4_338.into()]] };
/// let mut out = Vec::new();
/// write_rows(&rows, Format::Json, &mut out).unwrap();
/// assert_eq!(out, b"{\"columns\":[\"people\"],\"rows\":[[4338]]}\n");
/// ```
pub fn write_rows(rows: &Rows, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => write_json(rows, out),
        Format::Ndjson => write_ndjson(rows, out),
        Format::Csv => write_csv(rows, out),
    }
}

fn write_json(rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::from("{\"columns\":[");
    for (place, column) in rows.columns.iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        push_text(&mut line, column);
    }
    line.push_str("],\"rows\":[");
    for (place, row) in rows.rows.iter().enumerate() {
        if place > 0 {
            line.push(',');
        }
        push_list(&mut line, row);
        out.write_all(line.as_bytes())?;
        line.clear();
    }
    line.push_str("]}\n");
    out.write_all(line.as_bytes())
}

fn write_ndjson(rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    let names = distinct_names(&rows.columns);
    let mut line = String::new();
    for row in &rows.rows {
        line.clear();
        line.push('{');
        for (name, value) in names.iter().zip(row) {
            push_key(&mut line, name);
            push_value(&mut line, value);
        }
        line.push_str("}\n");
        out.write_all(line.as_bytes())?;
    }
    Ok(())
}

/// The names of the columns, numbered where one comes again: keys of an object are distinct.
fn distinct_names(columns: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(columns.len());
    for column in columns {
        let numbered = (2u32..).map(|n| format!("{column}_{n}"));
        let mut candidates = std::iter::once(column.clone()).chain(numbered);
        names.extend(candidates.find(|name| !names.contains(name)));
    }
    names
}

fn write_csv(rows: &Rows, out: &mut dyn Write) -> io::Result<()> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(out);
    writer.write_record(&rows.columns)?;
    for row in &rows.rows {
        writer.write_record(row.iter().map(|value| cell(value).into_owned().into_bytes()))?;
    }
    writer.flush()
}

/// A value as a cell: text as it is, nothing for null, JSON for lists and objects.
fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Text(text) => Cow::Borrowed(text),
        Value::Instant(at) => Cow::Owned(at.to_string()),
        Value::Date(date) => Cow::Owned(date.to_string()),
        other => Cow::Owned(json_of_value(other)),
    }
}
