//! A process that is killed at a chosen moment of its work, and what it left.
//!
//! The child is the test binary, run again with a directory in its environment.

#![allow(clippy::disallowed_methods, reason = "a test has files, time and its environment")]
#![allow(dead_code, unused_imports, reason = "each test takes what it needs")]

mod child;
mod ground;
mod moment;
mod parent;
mod watch;

pub use child::work;
pub use ground::Ground;
pub use moment::Moment;
pub use parent::{Killed, kill, kill_after};

use crate::support::live::{HOUR, small, start};
use throng::engine::{Options, Throng};

const DIRECTORY: &str = "THRONG_KILL_DIRECTORY";
const SEED: &str = "THRONG_KILL_SEED";
const MOMENT: &str = "THRONG_KILL_MOMENT";
const N_CALLS: u64 = 25;

/// Sizes with which all that happens in the background happens often.
pub fn options() -> Options {
    small(60)
}

/// How many steps a database has seen: the instant of its last commit says it.
pub fn n_steps(throng: &Throng) -> u64 {
    let at = throng.info().unwrap().at;
    match at < start() {
        true => 0,
        false => (at.since(start()) / HOUR) as u64 + 1,
    }
}

/// How often each test kills, unless `THRONG_KILLS` says otherwise.
pub fn n_kills() -> u64 {
    std::env::var("THRONG_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(10)
}
