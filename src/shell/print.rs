//! Answers as people and programs read them.

use crate::engine::Answer;
use crate::model::Value;
use crate::query::Rows;
use crate::wire::{self, json_of_value, write_rows};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A drawn table, for people.
    Table,
    /// One JSON object.
    Json,
    /// One JSON object a row.
    Ndjson,
    /// RFC 4180, with a header.
    Csv,
}

impl Format {
    /// Every format and its name.
    pub const ALL: [(&'static str, Format); 4] = [
        ("table", Format::Table),
        ("json", Format::Json),
        ("ndjson", Format::Ndjson),
        ("csv", Format::Csv),
    ];

    /// The format of that name.
    ///
    /// ```
    /// use throng::shell::Format;
    /// assert_eq!(Format::named("csv"), Some(Format::Csv));
    /// ```
    pub fn named(name: &str) -> Option<Format> {
        Format::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// A table for people, lines for programs.
    pub fn usual() -> Format {
        if io::stdout().is_terminal() { Format::Table } else { Format::Ndjson }
    }
}

/// A line on standard error; one who does not listen can be told nothing.
pub(crate) fn tell(line: impl Display) {
    let _told = writeln!(io::stderr(), "{line}");
}

/// Writes one answer.
///
/// # Errors
/// If `out` takes no more.
pub fn print_answer(answer: &Answer, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match answer {
        Answer::Rows(rows) => print_rows(rows, format, out),
        Answer::Text(text) => writeln!(out, "{}", text.trim_end()),
        Answer::Done(done) if done.is_empty() => Ok(()),
        Answer::Done(done) => writeln!(out, "{done}"),
    }
}

/// Writes a table.
///
/// # Errors
/// If `out` takes no more.
pub fn print_rows(rows: &Rows, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Table => writeln!(out, "{}", drawn(rows)),
        Format::Json => write_rows(rows, wire::Format::Json, out),
        Format::Ndjson => write_rows(rows, wire::Format::Ndjson, out),
        Format::Csv => write_rows(rows, wire::Format::Csv, out),
    }
}

/// In fewer columns a table is not fitted to the terminal.
const WIDTH_MIN: u16 = 20;

/// A table as it is drawn on a terminal; numbers stand to the right.
pub fn drawn(rows: &Rows) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    // A terminal may not know how wide it is, and says nothing or 0.
    let is_wide = table.width().is_some_and(|width| width >= WIDTH_MIN);
    if is_wide && io::stdout().is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header(&rows.columns);
    for row in &rows.rows {
        table.add_row(row.iter().map(shown));
    }
    for (place, column) in table.column_iter_mut().enumerate() {
        let number = |row: &Vec<Value>| {
            matches!(row.get(place), Some(Value::Number(_) | Value::Digits(_) | Value::Null))
        };
        if rows.rows.iter().all(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// A value as a person reads it.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Instant(at) => at.to_string(),
        Value::Date(day) => day.to_string(),
        other => json_of_value(other),
    }
}
