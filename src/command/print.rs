//! What is printed: answers in the formats that arguments name, and words.
//!
//! Whoever stops reading, as `head` does, misses what comes after it and
//! changes nothing: the command does what it was told, and its status says how
//! that went.

use super::arguments::OutputFormat;
use super::failure::Failure;
use crate::engine::Answer;
use crate::query::Rows;
use crate::shell::{self, Format};
use std::fmt::Display;
use std::io::{self, ErrorKind, StdoutLock, Write};

pub(super) use crate::model::{agreeing, counted, grouped};
pub(super) use crate::shell::{shown, tell};

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

/// Standard output, whether or not somebody reads it to its end.
pub(super) struct Out(StdoutLock<'static>);

/// Where the words of a command go.
pub(super) fn out() -> Out {
    Out(io::stdout().lock())
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

/// A line on standard output.
pub(super) fn say(line: impl Display) -> io::Result<()> {
    writeln!(out(), "{line}")
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

const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];

/// A number of bytes with its unit, at one decimal.
pub(super) fn bytes(n: u64) -> String {
    let (mut tenths, mut unit) = (u128::from(n) * 10, None);
    for name in UNITS {
        if tenths < 10_240 {
            break;
        }
        (tenths, unit) = (tenths / 1_024, Some(name));
    }
    match unit {
        None => counted(n, "byte", "bytes"),
        Some(unit) => format!("{}.{} {unit}", tenths / 10, tenths % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_said_in_the_unit_that_fits() {
        for (n, said) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1_023, "1,023 bytes"),
            (1_024, "1.0 KiB"),
            (1_536, "1.5 KiB"),
            (64 << 20, "64.0 MiB"),
            (5 << 40, "5.0 TiB"),
            (5_000 << 40, "5000.0 TiB"),
        ] {
            assert_eq!(bytes(n), said);
        }
    }
}
