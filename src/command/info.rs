//! `throng info`, `throng verify` and `throng explain`: what is known of a database, and of a code.

use super::arguments::{Explain, Info, OutputFormat, Verify};
use super::failure::Failure;
use super::place::{self, Use};
use super::print;
use crate::engine::{self, Throng};
use crate::lang;
use crate::model::Value;
use crate::query::Rows;
use std::io;
use std::process::ExitCode;

/// Prints the numbers of a database.
pub(super) fn run(info: &Info) -> Result<ExitCode, Failure> {
    let throng = place::open(&info.place, Use::Change)?;
    let numbers = throng.info()?;
    let format = info.format.unwrap_or(OutputFormat::Table);
    print::print_rows(&table(&numbers), format, &mut io::stdout().lock())?;
    throng.close()?;
    Ok(ExitCode::SUCCESS)
}

fn table(info: &engine::Info) -> Rows {
    let mut rows: Vec<(String, Value)> = vec![
        ("last record".into(), number(info.lsn.0)),
        ("its commit time".into(), Value::Instant(info.at)),
        ("clock".into(), Value::text(&format!("{:?}", info.clock).to_lowercase())),
        ("people".into(), number(info.people)),
        ("identifiers".into(), number(info.identifiers.into())),
        ("calls".into(), number(info.calls as u64)),
        ("rows in memory".into(), number(info.tail.0 as u64)),
        ("their bytes".into(), number(info.tail.1 as u64)),
        ("bytes of the log".into(), number(info.journal_bytes.0)),
        ("bytes of the feed".into(), number(info.journal_bytes.1)),
        ("milliseconds to open".into(), number(info.opened_ms)),
    ];
    let per_call = info.journal_bytes.0.checked_div(info.calls as u64);
    rows.push(("log bytes per call".into(), per_call.map_or(Value::Null, number)));
    for (name, version, members) in &info.audiences {
        rows.push((format!("audience {name} (version {version})"), number(*members)));
    }
    Rows {
        columns: ["what", "value"].map(str::to_owned).to_vec(),
        rows: rows.into_iter().map(|(what, value)| vec![Value::text(&what), value]).collect(),
    }
}

fn number(n: u64) -> Value {
    Value::from(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Checks a database: opening reads every record of the log and its sums;
/// `--deep` recomputes every audience.
pub(super) fn verify(verify: &Verify) -> Result<ExitCode, Failure> {
    let throng = place::open(&verify.place, Use::Change)?;
    let info = throng.info()?;
    println!("{} records read, every sum is right", print::grouped(info.lsn.0));
    let differences = if verify.deep { recompute(&throng)? } else { 0 };
    throng.close()?;
    Ok(ExitCode::from(u8::from(differences > 0)))
}

fn recompute(throng: &Throng) -> Result<u64, Failure> {
    let verified = throng.verify()?;
    for it in &verified {
        let (people, wrong) = (print::grouped(it.people), print::grouped(it.differences));
        println!("audience {}: {people} people, {wrong} differences", it.audience);
    }
    Ok(verified.iter().map(|it| it.differences).sum())
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
