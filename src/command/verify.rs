//! `throng verify`: what is on disk read again, and audiences computed afresh.
//!
//! Files that another process writes to are not read: half of what it is about
//! to say would look like damage. A server that holds the directory computes
//! its audiences itself.

use super::arguments::Verify;
use super::failure::Failure;
use super::place::{self, Reached, Use};
use super::print::{self, say};
use crate::engine::{self, Ask, Endpoint, OpenError, Throng};
use crate::lang;
use crate::model::{Text, Value};
use crate::server::Client;
use crate::store::{Checked, Report, StoreError};
use std::process::ExitCode;

/// Reads everything on disk again; with `--deep` every audience is recomputed, too.
pub(super) fn run(verify: &Verify) -> Result<ExitCode, Failure> {
    let report = match engine::check(&verify.place.data) {
        Ok(report) => report,
        Err(OpenError::Store(StoreError::Locked { .. })) => return held(verify),
        Err(error) => return Err(error.into()),
    };
    tell(&report)?;
    if !report.is_whole() {
        return Ok(ExitCode::from(1));
    }
    if !verify.deep {
        return Ok(ExitCode::SUCCESS);
    }
    let throng = place::open(&verify.place, Use::Change)?;
    let differences = recompute(&throng)?;
    throng.close()?;
    Ok(ExitCode::from(u8::from(differences > 0)))
}

/// Somebody has the directory; one who answers is asked for what can be asked.
fn held(verify: &Verify) -> Result<ExitCode, Failure> {
    let data = verify.place.data.display();
    let Ok(Some(endpoint)) = Endpoint::read(&verify.place.data) else {
        return Err(Failure::Failed(format!(
            "{data} is in use by another process; wait until it ends, then its records are read"
        )));
    };
    if !verify.deep {
        return Err(Failure::Failed(format!(
            "process {} serves {data}; stop it to have every record read again, or let it compute \
             its audiences afresh meanwhile: `throng verify --deep`",
            endpoint.pid
        )));
    }
    say(format_args!(
        "log, feed, store: not read again, process {} works with them",
        endpoint.pid
    ))?;
    match place::reach(&verify.place, Use::Change)? {
        Reached::There(client) => there(&client),
        // It has ended meanwhile.
        Reached::Here(throng) => throng.close().map_err(Failure::from).and_then(|()| run(verify)),
    }
}

/// A server computes each of its audiences.
fn there(client: &Client) -> Result<ExitCode, Failure> {
    let mut wrong = false;
    for name in audiences(client)? {
        let statement = format!("verify audience {}", lang::print_name(&name));
        for row in rows(client, &statement)? {
            let said = |at: usize| row.get(at).map(wire_text).unwrap_or_default();
            let number = |at: usize| said(at).parse().unwrap_or_default();
            compared(&said(0), number(1), number(2))?;
            wrong |= said(2) != "0";
        }
    }
    Ok(ExitCode::from(u8::from(wrong)))
}

fn audiences(client: &Client) -> Result<Vec<Text>, Failure> {
    let name = |row: Vec<Value>| row.into_iter().next()?.as_text().cloned();
    Ok(rows(client, "show audiences")?.into_iter().filter_map(name).collect())
}

fn rows(client: &Client, text: &str) -> Result<Vec<Vec<Value>>, Failure> {
    let answers = client.ask(&Ask { text, ..Ask::default() })?;
    let rows = answers.answers.first().and_then(|answer| answer.rows());
    Ok(rows.map(|rows| rows.rows.clone()).unwrap_or_default())
}

fn wire_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        other => crate::wire::json_of_value(other),
    }
}

fn tell(report: &Report) -> Result<(), Failure> {
    family("log", ["record", "records"], &report.log)?;
    family("feed", ["entry", "entries"], &report.feed)?;
    if report.kv.is_none() && report.rebuild.is_none() {
        let values = print::counted(report.n_values, "value", "values");
        say(format_args!("store: {values}, every sum is right"))?;
    }
    if let Some(why) = &report.rebuild {
        say(format_args!("store: to be put aside, it is built again at the next opening: {why}"))?;
    }
    if let Some(error) = &report.kv {
        say(format_args!("store: {error}; `throng repair` builds it again from the log"))?;
    }
    Ok(())
}

fn family(name: &str, [record, records]: [&str; 2], checked: &Checked) -> Result<(), Failure> {
    let n = checked.n_records;
    let records = print::counted(n, record, records);
    match &checked.damage {
        None => say(format_args!("{name}: {records}, every sum is right"))?,
        Some(damage) => {
            let are = print::agreeing(n, "is", "are");
            say(format_args!("{name}: {damage}; {records} {are} whole; {}", damage.remedy()))?;
        }
    }
    if let Some(torn) = &checked.torn {
        say(format_args!(
            "{name}: {} at the end of {} {} never acknowledged",
            print::counted(torn.bytes, "byte", "bytes"),
            torn.file.display(),
            print::agreeing(torn.bytes, "was", "were")
        ))?;
    }
    Ok(())
}

fn recompute(throng: &Throng) -> Result<u64, Failure> {
    let verified = throng.verify()?;
    for it in &verified {
        compared(&it.audience, it.people, it.differences)?;
    }
    Ok(verified.iter().map(|it| it.differences).sum())
}

fn compared(audience: &str, people: u64, differences: u64) -> Result<(), Failure> {
    let people = print::counted(people, "person", "people");
    let differences = print::counted(differences, "difference", "differences");
    Ok(say(format_args!("audience {audience}: {people}, {differences}"))?)
}
