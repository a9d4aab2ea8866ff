//! `throng info`, `throng verify` and `throng explain`: what is known of a database, and of a code.

use super::arguments::{Explain, Info, OutputFormat, Verify};
use super::failure::Failure;
use super::place::{self, Reached, Use};
use super::print;
use crate::engine::{self, Throng};
use crate::lang;
use crate::server::rows_of_info;
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

/// Checks a database: opening reads every record of the log and its sums;
/// `--deep` recomputes every audience.
pub(super) fn verify(verify: &Verify) -> Result<ExitCode, Failure> {
    let throng = place::open(&verify.place, Use::Change)?;
    let info = throng.info()?;
    println!("{} records read, every sum is right", print::grouped(info.lsn.0));
    let differences = if verify.deep { recompute(&throng, &info)? } else { 0 };
    throng.close()?;
    Ok(ExitCode::from(u8::from(differences > 0)))
}

fn recompute(throng: &Throng, info: &engine::Info) -> Result<usize, Failure> {
    let mut n_wrong = 0;
    for (name, _, members) in &info.audiences {
        let answers = throng.query(&format!("verify audience \"{name}\""))?;
        let rows = answers.answers.first().and_then(engine::Answer::rows);
        let differences = rows.and_then(|rows| rows.rows.first()?.last().cloned());
        let right = differences == Some(0.into());
        n_wrong += usize::from(!right);
        let shown = differences.as_ref().map(print::shown).unwrap_or_default();
        println!("audience {name}: {} people, {shown} differences", print::grouped(*members));
    }
    Ok(n_wrong)
}

/// Prints the long form of a code.
pub(super) fn explain(explain: &Explain) -> Result<ExitCode, Failure> {
    let code = explain.code.to_uppercase();
    let text = lang::explanation(&code).ok_or_else(|| {
        Failure::Wrong(format!("throng: no diagnostic has the code `{}`", explain.code))
    })?;
    println!("{code}: {text}");
    Ok(ExitCode::SUCCESS)
}
