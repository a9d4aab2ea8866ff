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
    let mut out =
        Printer { format: print::usual(watch.format), begun: false, out: io::stdout().lock() };
    match &reached {
        Reached::Here(throng) => here(throng, watch, &mut out)?,
        Reached::There(client) => there(client, watch, &mut out)?,
    }
    reached.close()?;
    Ok(ExitCode::SUCCESS)
}

fn here(throng: &Throng, watch: &Watch, out: &mut Printer<impl Write>) -> Result<(), Failure> {
    let from = watch.from.map_or_else(|| throng.view().map(|view| view.lsn().0 + 1), Ok)?;
    let (with, settled) = (watch.with.as_deref(), watch.settled.as_deref());
    let text = Watching::statement(&watch.audience, from, with, settled);
    let mut changes = throng.watch(&text)?;
    let wait = if watch.once { Duration::ZERO } else { Duration::from_secs(3_600) };
    loop {
        match changes.next(wait)? {
            Some(change) => out.write(&told(&changes, change))?,
            None if watch.once => return Ok(()),
            None => {}
        }
    }
}

fn there(client: &Client, watch: &Watch, out: &mut Printer<impl Write>) -> Result<(), Failure> {
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
            out.write(&told)?;
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

/// Where changes are printed, as they come.
struct Printer<W> {
    format: Format,
    /// Whether a change was printed already.
    begun: bool,
    out: W,
}

impl<W: Write> Printer<W> {
    fn write(&mut self, told: &Told) -> io::Result<()> {
        match self.format {
            Format::Table => self.line(told)?,
            Format::Csv => self.csv(told.rows())?,
            // Nobody knows when the last one has come, so each is a line.
            Format::Json | Format::Ndjson => {
                write_rows(&told.rows(), wire::Format::Ndjson, &mut self.out)?;
            }
        }
        self.begun = true;
        self.out.flush()
    }

    fn line(&mut self, told: &Told) -> io::Result<()> {
        let Told { lsn, profile, change, at, settled, cause, values } = told;
        let out = &mut self.out;
        write!(out, "{lsn:>8}  {profile}  {change} at {at}")?;
        settled.iter().try_for_each(|settled| write!(out, ", settled at {settled}"))?;
        write!(out, " ({cause})")?;
        for (name, value) in values {
            write!(out, "  {name} {}", json_of_value(value))?;
        }
        writeln!(out)
    }

    /// The names of the columns stand above the first change only.
    fn csv(&mut self, mut rows: Rows) -> io::Result<()> {
        let mut written = Vec::new();
        write_rows(&rows, wire::Format::Csv, &mut written)?;
        let mut names = Vec::new();
        rows.rows.clear();
        write_rows(&rows, wire::Format::Csv, &mut names)?;
        self.out.write_all(&written[if self.begun { names.len() } else { 0 }..])
    }
}

impl Told {
    fn rows(&self) -> Rows {
        let mut columns = ["lsn", "profile", "change", "at"].map(str::to_owned).to_vec();
        let mut row = vec![
            Value::from(i64::try_from(self.lsn).unwrap_or(i64::MAX)),
            Value::text(&self.profile),
            Value::text(&self.change),
            Value::text(&self.at),
        ];
        if let Some(settled) = &self.settled {
            columns.push("settled".to_owned());
            row.push(Value::text(settled));
        }
        columns.push("cause".to_owned());
        row.push(Value::text(&self.cause));
        for (name, value) in &self.values {
            columns.push(name.clone());
            row.push(value.clone());
        }
        Rows { columns, rows: vec![row] }
    }
}
