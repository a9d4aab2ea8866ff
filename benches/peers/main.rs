//! Throng's side of the race that `benches/peers/run` holds, and the shop that it is
//! held over. Each command is a process of its own and prints one row of JSON a line;
//! `README.md` beside says what the rows mean.
#![allow(clippy::disallowed_methods, missing_docs, reason = "a bench reads clock and files")]

mod driver;
mod shop;

use driver::Arguments;
use std::process::ExitCode;

/// As the program itself allocates.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const COMMANDS: &str =
    "generate, load, ask, cold, standing, refresh, single, busy, ready, hold, bandwidth";

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome {
    // `cargo bench` without more says `--bench`: nothing is raced by accident.
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let Some(command) = words.next() else {
        println!("a part of `benches/peers/run`; commands: {COMMANDS}");
        return Ok(());
    };
    let given = Arguments::new(words)?;
    match &*command {
        "generate" => driver::generate(&given),
        "load" => driver::load(&given),
        "ask" => driver::ask(&given),
        "cold" => driver::cold(&given),
        "standing" => driver::standing(&given),
        "refresh" => driver::refresh(&given),
        "single" => driver::single(&given),
        "busy" => driver::busy(&given),
        "ready" => driver::ready(&given),
        "hold" => driver::hold(&given),
        "bandwidth" => driver::bandwidth(),
        other => Err(format!("there is no command `{other}`; there are {COMMANDS}").into()),
    }
}
