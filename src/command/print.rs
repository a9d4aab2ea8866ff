//! Answers on standard output, in the formats that arguments name.

use super::arguments::OutputFormat;
use super::failure::Failure;
use crate::engine::Answer;
use crate::query::Rows;
use crate::shell::{self, Format};
use std::io::Write;

pub(super) use crate::shell::{grouped, shown};

impl From<OutputFormat> for Format {
    fn from(format: OutputFormat) -> Format {
        match format {
            OutputFormat::Table => Format::Table,
            OutputFormat::Json => Format::Json,
            OutputFormat::Ndjson => Format::Ndjson,
            OutputFormat::Csv => Format::Csv,
        }
    }
}

/// A table for people, lines for programs.
pub(super) fn usual(given: Option<OutputFormat>) -> Format {
    given.map_or_else(Format::usual, Format::from)
}

/// Writes one answer.
pub(super) fn answer(answer: &Answer, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    Ok(shell::print_answer(answer, format, out)?)
}

/// Writes a table.
pub(super) fn print_rows(
    rows: &Rows,
    format: impl Into<Format>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    Ok(shell::print_rows(rows, format.into(), out)?)
}
