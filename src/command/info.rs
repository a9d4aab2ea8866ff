//! `throng info` and `throng explain`: what is known of a database, and of a code.

use super::arguments::{Explain, Info, OutputFormat};
use super::failure::Failure;
use super::place::{self, Reached, Use};
use super::print;
use crate::lang;
use crate::model::Value;
use crate::query::Rows;
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
    let numbers = if format == OutputFormat::Table { with_units(numbers) } else { numbers };
    print::print_rows(&numbers, format, &mut io::stdout().lock())?;
    reached.close()?;
    Ok(ExitCode::SUCCESS)
}

/// The same with bytes as people read them; programs get whole numbers.
fn with_units(mut numbers: Rows) -> Rows {
    for row in &mut numbers.rows {
        let [Value::Text(what), Value::Number(n)] = &row[..] else { continue };
        if let Some(n) = n.to_string().parse().ok().filter(|_| what.contains("bytes")) {
            row[1] = Value::text(&print::bytes(n));
        }
    }
    numbers
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
    print::say(format_args!("{code}: {text}"))?;
    Ok(ExitCode::SUCCESS)
}
