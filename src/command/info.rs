//! `throng info`, `throng verify` and `throng explain`: what is known of a database, and of a code.

use super::arguments::{Explain, Info, OutputFormat, Repair, Verify};
use super::failure::Failure;
use super::place::{self, Reached, Use};
use super::print;
use crate::engine::{self, Options, Throng};
use crate::lang;
use crate::server::rows_of_info;
use crate::store::Checked;
use std::io;
use std::process::ExitCode;

/// Prints the numbers of a database.
pub(super) fn run(info: &Info) -> Result<ExitCode, Failure> {
    let reached = place::reach(&info.place, Use::Change)?;
    let numbers = match &reached {
        Reached::Here(throng) => rows_of_info(&throng.info()?),
        Reached::There(client) => client.info()?,
    };
    let format = info.format.unwrap_or(OutputFormat::Table);
    print::print_rows(&numbers, format, &mut io::stdout().lock())?;
    reached.close()?;
    Ok(ExitCode::SUCCESS)
}

/// Reads everything on disk again; with `--deep` every audience is recomputed, too.
pub(super) fn verify(verify: &Verify) -> Result<ExitCode, Failure> {
    let report = engine::check(&verify.place.data)?;
    family("log", "records", &report.log);
    family("feed", "entries", &report.feed);
    println!("store: {} values, every sum is right", print::grouped(report.n_values));
    if let Some(why) = &report.rebuild {
        println!("store: put aside, it is built again at the next opening: {}", why.reason);
    }
    if let Some(error) = &report.kv {
        println!("store: {error}; `throng repair` builds it again from the log");
    }
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

fn family(name: &str, records: &str, checked: &Checked) {
    let n_records = print::grouped(checked.n_records);
    match &checked.damage {
        None => println!("{name}: {n_records} {records}, every sum is right"),
        Some(damage) => println!("{name}: {damage}; {n_records} {records} before it are whole"),
    }
    if let Some(torn) = &checked.torn {
        println!(
            "{name}: {} bytes at the end of {} were never acknowledged",
            torn.bytes,
            torn.file.display()
        );
    }
}

fn recompute(throng: &Throng) -> Result<u64, Failure> {
    let verified = throng.verify()?;
    for it in &verified {
        let (people, wrong) = (print::grouped(it.people), print::grouped(it.differences));
        println!("audience {}: {people} people, {wrong} differences", it.audience);
    }
    Ok(verified.iter().map(|it| it.differences).sum())
}

/// Builds the rebuildable store again from the log.
pub(super) fn repair(repair: &Repair) -> Result<ExitCode, Failure> {
    let info = engine::repair(&repair.data, Options::default())?;
    let (records, calls) = (print::grouped(info.lsn.0), print::grouped(info.calls as u64));
    println!("built again from {records} records of the log, with {calls} calls");
    Ok(ExitCode::SUCCESS)
}

/// Prints the long form of a code.
pub(super) fn explain(explain: &Explain) -> Result<ExitCode, Failure> {
    let code = explain.code.to_uppercase();
    let text = lang::explanation(&code).ok_or_else(|| {
        Failure::Wrong(format!(
            "throng: no diagnostic has the code `{}`; a code is the part in brackets, like E0102",
            explain.code
        ))
    })?;
    println!("{code}: {text}");
    Ok(ExitCode::SUCCESS)
}
