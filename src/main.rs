//! The `throng` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    throng::command::run(std::env::args_os())
}
