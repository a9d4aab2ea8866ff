//! Answers on standard output.

use super::arguments::OutputFormat;
use super::failure::Failure;
use crate::engine::Answer;
use crate::model::Value;
use crate::query::Rows;
use crate::wire::{Format, json_of_value, write_rows};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use std::io::{self, IsTerminal, Write};

/// A table for people, lines for programs.
pub(super) fn usual(given: Option<OutputFormat>) -> OutputFormat {
    given.unwrap_or_else(|| {
        if io::stdout().is_terminal() { OutputFormat::Table } else { OutputFormat::Ndjson }
    })
}

/// Writes one answer.
pub(super) fn answer(
    answer: &Answer,
    format: OutputFormat,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    match answer {
        Answer::Rows(rows) => print_rows(rows, format, out),
        Answer::Text(text) => Ok(writeln!(out, "{}", text.trim_end())?),
        Answer::Done(done) if done.is_empty() => Ok(()),
        Answer::Done(done) => Ok(writeln!(out, "{done}")?),
    }
}

/// Writes a table.
pub(super) fn print_rows(
    rows: &Rows,
    format: OutputFormat,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    match format {
        OutputFormat::Table => Ok(writeln!(out, "{}", drawn(rows))?),
        OutputFormat::Json => Ok(write_rows(rows, Format::Json, out)?),
        OutputFormat::Ndjson => Ok(write_rows(rows, Format::Ndjson, out)?),
        OutputFormat::Csv => Ok(write_rows(rows, Format::Csv, out)?),
    }
}

/// A table as it is drawn on a terminal; numbers stand to the right.
pub(super) fn drawn(rows: &Rows) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY);
    if io::stdout().is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header(&rows.columns);
    for row in &rows.rows {
        table.add_row(row.iter().map(shown));
    }
    for (place, column) in table.column_iter_mut().enumerate() {
        if rows
            .rows
            .iter()
            .all(|row| matches!(row.get(place), Some(Value::Number(_) | Value::Null)))
        {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// A value as a person reads it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Instant(at) => at.to_string(),
        Value::Date(day) => day.to_string(),
        other => json_of_value(other),
    }
}

/// A whole number with its thousands parted: 406,829.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
