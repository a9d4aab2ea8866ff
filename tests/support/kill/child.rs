//! What the child does: goes on with the history and says what is acknowledged.

use super::watch::Watch;
use super::{DIRECTORY, MOMENT, N_CALLS, SEED, n_steps, options};
use crate::support::live::{perform, step};
use std::io::Write;
use throng::engine::Throng;

/// Works until it is killed; at once over where no directory is given.
pub fn work() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let seed = std::env::var(SEED).unwrap().parse().unwrap();
    if let Ok(moment) = std::env::var(MOMENT) {
        Watch::begin(moment.parse().unwrap());
    }
    let throng = Throng::open(directory, options()).unwrap();
    say("opened");
    for number in n_steps(&throng).. {
        let step = step(seed, number, N_CALLS);
        perform(&throng, &step);
        // A step that was refused commits nothing, so nothing can be missed of it.
        if throng.view().unwrap().at() >= step.0 {
            say(&format!("acknowledged {number}"));
        }
    }
}

/// Tells the parent, in a line of its own.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    write!(out, "\n{line}\n").unwrap();
    out.flush().unwrap();
}
