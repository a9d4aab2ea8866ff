//! The command line: arguments, files that the user names, and what is printed.
//!
//! It decides nothing about people: every answer comes from the engine.
#![warn(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "they panic where nobody reads; `print` has what does not"
)]

mod apply;
mod arguments;
mod demo;
#[cfg(feature = "lake")]
mod export;
mod failure;
mod format;
mod import;
mod info;
mod lsp;
mod place;
mod print;
mod query;
mod raw;
mod repair;
mod serve;
mod shell;
mod signal;
mod test;
mod verify;
mod watch;

use arguments::{Arguments, Command};
use clap::Parser;
use failure::Failure;
use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

/// Runs the command that these arguments (the program's name first) say.
///
/// The status is 0 if all went well, 1 if something failed, 2 if what was
/// asked was wrong.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let program = arguments.first().cloned().unwrap_or_else(|| "throng".into());
    let arguments = match Arguments::try_parse_from(raw::in_order(arguments)) {
        Ok(arguments) => arguments,
        Err(error) => {
            // A terminal that is gone can be told nothing.
            let _told = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match perform(arguments, &program) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

fn perform(arguments: Arguments, program: &OsStr) -> Result<ExitCode, Failure> {
    let command = arguments.command.unwrap_or(Command::Shell(arguments.shell));
    match command {
        Command::Demo(demo) => demo::run(&demo, program),
        Command::Import(import) => import::run(&import),
        #[cfg(feature = "lake")]
        Command::Export(asked) => export::run(&asked),
        Command::Query(query) => query::run(&query),
        Command::Shell(arguments) => shell::run(&arguments),
        Command::Serve(serve) => serve::run(&serve),
        Command::Test(test) => test::run(&test),
        Command::Watch(watch) => watch::run(&watch),
        Command::Apply(apply) => apply::run(&apply),
        Command::Info(info) => info::run(&info),
        Command::Verify(verify) => verify::run(&verify),
        Command::Repair(repair) => repair::run(&repair),
        Command::Lsp(lsp) => lsp::run(&lsp),
        Command::Fmt(fmt) => format::run(&fmt),
        Command::Explain(explain) => info::explain(&explain),
    }
}
