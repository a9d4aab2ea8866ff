//! `throng watch`: who enters and leaves, as it happens.

use super::arguments::Watch;
use super::failure::Failure;
use super::place::{self, Reached, Use};
use super::print;
use crate::engine::{Change, Throng};
use crate::model::Value;
use crate::query::Rows;
use crate::server::{Client, Told};
use crate::shell::Format;
use crate::wire::{self, write_rows};
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

/// How long a server may let us wait for an answer.
const WAIT: Duration = Duration::from_secs(30);

/// Prints changes until it is interrupted, or with `--once` until their end.
pub(super) fn run(watch: &Watch) -> Result<ExitCode, Failure> {
    let reached = place::reach(&watch.place, Use::Change)?;
    let format = print::usual(watch.format);
    let mut out = io::stdout().lock();
    match &reached {
        Reached::Here(throng) => here(throng, watch, format, &mut out)?,
        Reached::There(client) => there(client, watch, format, &mut out)?,
    }
    reached.close()?;
    Ok(ExitCode::SUCCESS)
}

fn here(
    throng: &Throng,
    watch: &Watch,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let mut changes = throng.subscribe(&watch.audience, watch.from)?;
    let wait = if watch.once { Duration::ZERO } else { Duration::from_secs(3_600) };
    loop {
        match changes.next(wait)? {
            Some(change) => write(&told(&change), format, out)?,
            None if watch.once => return Ok(()),
            None => {}
        }
    }
}

fn there(
    client: &Client,
    watch: &Watch,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let wait = if watch.once { Duration::ZERO } else { WAIT };
    let mut from = watch.from.map(|from| from.to_string());
    loop {
        let followed = client.changes(&watch.audience, from.as_deref(), wait)?;
        for change in &followed.changes {
            write(change, format, out)?;
        }
        if watch.once && followed.changes.is_empty() {
            return Ok(());
        }
        from = Some(followed.next);
    }
}

fn told(change: &Change) -> Told {
    Told {
        lsn: change.lsn.0,
        cause: format!("{:?}", change.cause).to_lowercase(),
        profile: change.profile.to_string(),
        change: if change.entered { "entered" } else { "left" }.to_owned(),
        at: change.at.to_string(),
    }
}

fn write(told: &Told, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    let Told { lsn, cause, profile, change, at } = told;
    if format == Format::Table {
        writeln!(out, "{lsn:>8}  {profile}  {change} at {at} ({cause})")?;
        return Ok(());
    }
    let row = Rows {
        columns: ["lsn", "profile", "change", "at", "cause"].map(str::to_owned).to_vec(),
        rows: vec![vec![
            Value::from(i64::try_from(*lsn).unwrap_or(i64::MAX)),
            Value::text(profile),
            Value::text(change),
            Value::text(at),
            Value::text(cause),
        ]],
    };
    write_rows(&row, wire::Format::Ndjson, out)?;
    out.flush()?;
    Ok(())
}
