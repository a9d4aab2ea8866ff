//! The command line: arguments, files that the user names, and what is printed.
//!
//! It decides nothing about people: every answer comes from the engine.

mod arguments;
mod demo;
mod failure;
mod import;
mod info;
mod place;
mod print;
mod query;
mod repair;
mod serve;
mod shell;
mod verify;
mod watch;

use arguments::{Arguments, Command};
use clap::{CommandFactory, Parser};
use failure::Failure;
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the command that these arguments (the program's name first) say.
///
/// The status is 0 if all went well, 1 if something failed, 2 if what was
/// asked was wrong.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(in_order(arguments.into_iter().collect())) {
        Ok(arguments) => arguments,
        Err(error) => {
            // A terminal that is gone can be told nothing.
            let _told = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match perform(arguments) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

/// `throng --data DIR query ...` is `throng query --data DIR ...`: the place may
/// be said before the command.
fn in_order(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let n = match arguments.get(1).and_then(|first| first.to_str()) {
        Some("--data") => 2,
        Some(first) if first.starts_with("--data=") => 1,
        _ => return arguments,
    };
    let known = Arguments::command();
    let names = |word: &OsString| known.find_subcommand(word).is_some();
    if arguments.get(1 + n).is_some_and(names) {
        arguments[1..=1 + n].rotate_right(1);
    }
    arguments
}

fn perform(arguments: Arguments) -> Result<ExitCode, Failure> {
    let command = arguments.command.unwrap_or(Command::Shell(arguments.shell));
    match command {
        Command::Demo(demo) => demo::run(&demo),
        Command::Import(import) => import::run(&import),
        Command::Query(query) => query::run(&query),
        Command::Shell(arguments) => shell::run(&arguments),
        Command::Serve(serve) => serve::run(&serve),
        Command::Watch(watch) => watch::run(&watch),
        Command::Info(info) => info::run(&info),
        Command::Verify(verify) => verify::run(&verify),
        Command::Repair(repair) => repair::run(&repair),
        Command::Explain(explain) => info::explain(&explain),
    }
}
