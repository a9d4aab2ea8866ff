//! `throng watch`: who enters and leaves, as it happens.

use super::arguments::Watch;
use super::failure::Failure;
use super::place::{self, Reached, Use};
use super::print;
use crate::engine::{Throng, Watched, Watching};
use crate::model::Value;
use crate::query::Rows;
use crate::server::{Client, Follow};
use crate::shell::Format;
use crate::wire::{self, json_of_value, write_rows};
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
    let from = watch.from.map_or_else(|| throng.view().map(|view| view.lsn().0 + 1), Ok)?;
    let (with, settled) = (watch.with.as_deref(), watch.settled.as_deref());
    let text = Watching::statement(&watch.audience, from, with, settled);
    let mut changes = throng.watch(&text)?;
    let wait = if watch.once { Duration::ZERO } else { Duration::from_secs(3_600) };
    loop {
        match changes.next(wait)? {
            Some(change) => write(&told(&changes, change), format, out)?,
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
        let (with, settled) = (watch.with.as_deref(), watch.settled.as_deref());
        let how = Follow { from: from.as_deref(), with, settled, wait };
        let followed = client.changes(&watch.audience, how)?;
        for change in &followed.changes {
            let told = Told {
                lsn: change.lsn,
                profile: change.profile.clone(),
                change: change.change.clone(),
                at: change.at.clone(),
                settled: change.settled.clone(),
                cause: change.cause.clone(),
                values: change.values(),
            };
            write(&told, format, out)?;
        }
        if watch.once && followed.changes.is_empty() {
            return Ok(());
        }
        from = Some(followed.next);
    }
}

/// A change as it is shown, whoever told it.
struct Told {
    lsn: u64,
    profile: String,
    change: String,
    at: String,
    settled: Option<String>,
    cause: String,
    values: Vec<(String, Value)>,
}

fn told(watching: &Watching, watched: Watched) -> Told {
    let Watched { change, settled, values } = watched;
    Told {
        lsn: change.lsn.0,
        profile: change.profile.to_string(),
        change: if change.entered { "entered" } else { "left" }.to_owned(),
        at: change.at.to_string(),
        settled: settled.map(|settled| settled.to_string()),
        cause: format!("{:?}", change.cause).to_lowercase(),
        values: watching.columns().map(str::to_owned).zip(values).collect(),
    }
}

fn write(told: &Told, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    let Told { lsn, profile, change, at, settled, cause, values } = told;
    if format == Format::Table {
        write!(out, "{lsn:>8}  {profile}  {change} at {at}")?;
        settled.iter().try_for_each(|settled| write!(out, ", settled at {settled}"))?;
        write!(out, " ({cause})")?;
        for (name, value) in values {
            write!(out, "  {name} {}", json_of_value(value))?;
        }
        writeln!(out)?;
        return Ok(());
    }
    let mut columns = ["lsn", "profile", "change", "at"].map(str::to_owned).to_vec();
    let mut row = vec![
        Value::from(i64::try_from(*lsn).unwrap_or(i64::MAX)),
        Value::text(profile),
        Value::text(change),
        Value::text(at),
    ];
    if let Some(settled) = settled {
        columns.push("settled".to_owned());
        row.push(Value::text(settled));
    }
    columns.push("cause".to_owned());
    row.push(Value::text(cause));
    for (name, value) in values {
        columns.push(name.clone());
        row.push(value.clone());
    }
    write_rows(&Rows { columns, rows: vec![row] }, wire::Format::Ndjson, out)?;
    out.flush()?;
    Ok(())
}
