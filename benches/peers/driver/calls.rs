//! NDJSON taken in: parsed on every core, a few commits on their way at once.

use super::Outcome;
use std::collections::VecDeque;
use std::fs::File;
use std::path::Path;
use throng::engine::{CommitTime, Pending, Receipt, Throng};
use throng::model::{Call, Timestamp};
use throng::wire::{Batches, Defaults, Incoming, Shape, read};

/// As many as `throng import` has.
const IN_FLIGHT_MAX: usize = 8;

/// What became of calls.
#[derive(Default)]
pub struct Taken {
    pub accepted: u64,
    pub duplicates: u64,
    pub refused: u64,
    /// The time of the last commit.
    pub at: Option<Timestamp>,
}

impl Taken {
    fn add(&mut self, receipt: &Receipt) {
        self.accepted += receipt.accepted;
        self.duplicates += receipt.duplicates;
        self.refused += (receipt.refused.len() + receipt.conflicting.len()) as u64;
        self.at = receipt.at.or(self.at);
    }
}

fn batches(file: &Path) -> Outcome<Batches> {
    let n_cores = std::thread::available_parallelism().map_or(2, usize::from);
    let source = Box::new(File::open(file)?);
    Ok(read(source, Shape::Ndjson, Defaults::file("shop"), n_cores)?)
}

/// All calls of a small file, as commits may take them.
pub fn commits(file: &Path) -> Outcome<Vec<Vec<Call>>> {
    let mut commits = Vec::new();
    for batch in batches(file)? {
        let mut calls = Vec::new();
        for line in batch?.lines {
            match line.call {
                Ok(Incoming::Call(call)) => calls.push(call),
                other => return Err(format!("line {}: {other:?}", line.number).into()),
            }
        }
        commits.push(calls);
    }
    Ok(commits)
}

/// Takes a file in; time follows its calls.
pub fn take(throng: &Throng, file: &Path) -> Outcome<Taken> {
    let (mut taken, mut flight) = (Taken::default(), VecDeque::new());
    for batch in batches(file)? {
        let mut calls = Vec::new();
        for line in batch?.lines {
            match line.call {
                Ok(Incoming::Call(call)) => calls.push(call),
                _ => taken.refused += 1,
            }
        }
        flight.push_back(throng.begin(calls, CommitTime::Follow, false)?);
        if flight.len() > IN_FLIGHT_MAX {
            land(&mut flight, &mut taken)?;
        }
    }
    while !flight.is_empty() {
        land(&mut flight, &mut taken)?;
    }
    Ok(taken)
}

/// Takes commits in that were parsed before, all on their way at once.
pub fn take_commits(throng: &Throng, commits: Vec<Vec<Call>>) -> Outcome<Taken> {
    let (mut taken, mut flight) = (Taken::default(), VecDeque::new());
    for calls in commits {
        flight.push_back(throng.begin(calls, CommitTime::Follow, false)?);
    }
    while !flight.is_empty() {
        land(&mut flight, &mut taken)?;
    }
    Ok(taken)
}

fn land(flight: &mut VecDeque<Pending>, taken: &mut Taken) -> Outcome {
    if let Some(pending) = flight.pop_front() {
        taken.add(&pending.wait()?);
    }
    Ok(())
}
