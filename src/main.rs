//! The `throng` command.

use std::process::ExitCode;

/// Calls are made on one thread and freed on another, a dozen pieces each: the
/// system's allocator spends a fifth of an import on that.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    throng::command::run(std::env::args_os())
}
