//! A process that is killed at any moment loses nothing that it had acknowledged.
//!
//! The child is this test binary, run again with a directory in its
//! environment; `THRONG_KILLS` says how often it is killed.

mod support;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use support::generate::Random;
use support::live::{check_feed, perform, seen, small, step};
use throng::engine::{Options, Throng};

const DIRECTORY: &str = "THRONG_KILL_DIRECTORY";
const SEED: u64 = 4_711;
const N_CALLS: u64 = 25;

fn options() -> Options {
    small(120)
}

/// How many steps a database has seen: the instant of its last commit says it.
fn n_steps(throng: &Throng) -> u64 {
    let at = throng.info().unwrap().at;
    match at < support::live::start() {
        true => 0,
        false => (at.since(support::live::start()) / support::live::HOUR) as u64 + 1,
    }
}

/// What the child does: goes on with the history and says what is acknowledged.
#[test]
fn child() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let throng = Throng::open(directory, options()).unwrap();
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nopened").unwrap();
    out.flush().unwrap();
    for number in n_steps(&throng).. {
        perform(&throng, &step(SEED, number, N_CALLS));
        writeln!(out, "\nacknowledged {number}").unwrap();
        out.flush().unwrap();
    }
}

fn spawn(directory: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets a child work for a while, counted from its start or from the end of its
/// opening, kills it, and gives the last step that it acknowledged.
fn kill_after(directory: &Path, wait: Duration, is_open: bool) -> Option<u64> {
    let mut child = spawn(directory);
    let out = BufReader::new(child.stdout.take().unwrap());
    let (opened, open) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        let (mut last, lines) = (None, out.lines().map_while(Result::ok));
        for line in lines {
            if line == "opened" {
                // Not every round waits for it.
                let _ignored = opened.send(());
            }
            last = line.strip_prefix("acknowledged ").and_then(|n| n.parse().ok()).or(last);
        }
        last
    });
    if is_open {
        open.recv().unwrap();
    }
    std::thread::sleep(wait);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap()
}

#[test]
fn a_killed_process_has_lost_nothing_that_it_acknowledged() {
    let n_kills = std::env::var("THRONG_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(10);
    let place = tempfile::tempdir().unwrap();
    let twin = Throng::temporary().unwrap();
    let mut random = Random::new(SEED);
    let (mut done, mut acknowledged, mut n_rebuilt) = (0, None, 0);
    for round in 0..n_kills {
        let wait = Duration::from_millis(random.between(1, 500) as u64);
        let last = kill_after(place.path(), wait, random.chance(2));
        acknowledged = acknowledged.max(last);
        // Now and then the next child finds what the one before left.
        if random.chance(3) && round + 1 < n_kills {
            continue;
        }
        let throng = Throng::open(place.path(), options()).unwrap();
        let n_steps = n_steps(&throng);
        let least = acknowledged.map_or(0, |number: u64| number + 1);
        assert!(n_steps >= least, "round {round}: {n_steps} steps of {least} are there");
        n_rebuilt += usize::from(!throng.info().unwrap().rebuilt.is_empty());
        for number in done..n_steps {
            perform(&twin, &step(SEED, number, N_CALLS));
        }
        done = n_steps;
        let (own, other) = (seen(&throng), seen(&twin));
        for (own, other) in own.lines().zip(other.lines()) {
            assert_eq!(own, other, "round {round}, after {n_steps} steps");
        }
        assert_eq!(own.lines().count(), other.lines().count(), "round {round}");
        check_feed(&throng, &format!("round {round}"));
        if random.chance(2) {
            throng.close().unwrap();
        }
    }
    println!("{n_kills} kills, {done} steps, rebuilt {n_rebuilt} times");
}
