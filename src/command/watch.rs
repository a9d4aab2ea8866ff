//! `throng watch`: who enters and leaves, as it happens.

use super::arguments::{OutputFormat, Watch};
use super::failure::Failure;
use super::place::{self, Use};
use super::print;
use crate::engine::Change;
use crate::model::Value;
use crate::query::Rows;
use crate::wire::{Format, write_rows};
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

/// Prints changes until it is interrupted, or with `--once` until their end.
pub(super) fn run(watch: &Watch) -> Result<ExitCode, Failure> {
    let throng = place::open(&watch.place, Use::Change)?;
    let mut changes = throng.subscribe(&watch.audience, watch.from)?;
    let format = print::usual(watch.format);
    let wait = if watch.once { Duration::ZERO } else { Duration::from_secs(3_600) };
    let mut out = io::stdout().lock();
    loop {
        match changes.next(wait)? {
            Some(change) => write(&change, format, &mut out)?,
            None if watch.once => break,
            None => {}
        }
    }
    throng.close()?;
    Ok(ExitCode::SUCCESS)
}

fn write(change: &Change, format: OutputFormat, out: &mut dyn Write) -> Result<(), Failure> {
    let verb = if change.entered { "entered" } else { "left" };
    let cause = format!("{:?}", change.cause).to_lowercase();
    if format == OutputFormat::Table {
        writeln!(out, "{:>8}  {}  {verb} at {} ({cause})", change.lsn, change.profile, change.at)?;
        return Ok(());
    }
    let row = Rows {
        columns: ["lsn", "profile", "change", "at", "cause"].map(str::to_owned).to_vec(),
        rows: vec![vec![
            Value::from(i64::try_from(change.lsn.0).unwrap_or(i64::MAX)),
            Value::text(&change.profile.to_string()),
            Value::text(verb),
            Value::Instant(change.at),
            Value::text(&cause),
        ]],
    };
    write_rows(&row, Format::Ndjson, out)?;
    out.flush()?;
    Ok(())
}
