//! A process that is killed at any moment loses nothing that it had acknowledged.
//!
//! `THRONG_KILLS` says how often each test kills; ten times unless it does.

#![allow(clippy::disallowed_methods, reason = "a test has files, time and its environment")]

mod support;

use std::time::Duration;
use support::generate::Random;
use support::kill::{Ground, Moment, kill, kill_after, n_kills, work};

const SEED: u64 = 4_711;
/// A history that is longer is left, and another begun.
const N_STEPS: u64 = 60;
/// Steps that are there before the first child.
const N_FIRST: u64 = 12;

/// The child of all others, run again with a directory in its environment.
#[test]
fn child() {
    work();
}

#[test]
fn a_killed_process_has_lost_nothing_that_it_acknowledged() {
    let mut ground = Ground::new(SEED, 0);
    let mut random = Random::new(SEED);
    for round in 0..n_kills() {
        let wait = Duration::from_millis(random.between(1, 500) as u64);
        let killed = kill_after(ground.path(), ground.seed, wait, random.chance(2));
        ground.note(&killed);
        ground.check(random.chance(2), &format!("round {round}"));
    }
    println!("{} steps, {} rebuilt", ground.n_steps(), ground.n_rebuilt);
}

/// Kills children in a phase until it was done as often as it should, and
/// compares what each of them left.
fn kill_in(phase: &str) {
    let mut random =
        Random::new(phase.bytes().fold(SEED, |seed, byte| 31 * seed + u64::from(byte)));
    let mut ground = Ground::new(random.next(), N_FIRST);
    let (mut n_inside, mut n_outside, mut n_rebuilt) = (0, 0, 0);
    // A sweep is short, and there is not always something to be swept.
    let patience = if phase == "sweep" { 5 } else { 1 };
    while n_inside < n_kills() {
        assert!(n_outside < 10 + patience * n_kills(), "{phase} hardly ever happens");
        if ground.n_steps() > N_STEPS {
            n_rebuilt += ground.n_rebuilt;
            ground = Ground::new(random.next(), N_FIRST);
        }
        let n =
            if kill_once(phase, &mut ground, &mut random) { &mut n_inside } else { &mut n_outside };
        *n += 1;
    }
    n_rebuilt += ground.n_rebuilt;
    println!("{phase}: {n_inside} kills inside, {n_outside} outside, {n_rebuilt} rebuilt");
    // A kill may cost a rebuild, but hardly ever does.
    assert!(phase == "rebuild" || 10 * n_rebuilt <= n_inside + n_outside, "{n_rebuilt} rebuilt");
}

/// Kills a child, compares what it left, and says whether it was in the phase.
fn kill_once(phase: &str, ground: &mut Ground, random: &mut Random) -> bool {
    let mut damage = "";
    match phase {
        "sweep" => leave_something(ground, random),
        "rebuild" => damage = ground.damage(random),
        _ => {}
    }
    let moment = Moment::any(phase, random);
    let longest = if phase == "sweep" { 1_000 } else { 4_000 };
    let wait = Duration::from_micros(random.between(0, longest) as u64);
    let killed = kill(ground.path(), ground.seed, &moment, wait);
    ground.note(&killed);
    let context = format!("seed {}, {moment}, {wait:?}, {damage}, {killed:?}", ground.seed);
    assert!(!killed.has_hung, "{context}");
    // Damage that is found late stops whoever works.
    assert!(!killed.has_ended || !damage.is_empty(), "{context}");
    println!("{context}");
    ground.check(random.chance(2), &context);
    killed.is_inside
}

/// Lets children die until there may be something to be swept.
fn leave_something(ground: &mut Ground, random: &mut Random) {
    for _ in 0..3 {
        let moment = Moment::any(random.one_of(&["seal", "checkpoint"]), random);
        let killed = kill(ground.path(), ground.seed, &moment, Duration::ZERO);
        ground.note(&killed);
        assert!(!killed.has_hung && !killed.has_ended, "{moment}, {killed:?}");
        if killed.is_inside {
            return;
        }
    }
}

#[test]
fn whoever_is_killed_while_a_commit_becomes_durable_loses_nothing() {
    kill_in("sync");
}

#[test]
fn whoever_is_killed_during_a_seal_loses_nothing() {
    kill_in("seal");
}

#[test]
fn whoever_is_killed_during_a_merge_loses_nothing() {
    kill_in("merge");
}

#[test]
fn whoever_is_killed_during_a_checkpoint_loses_nothing() {
    kill_in("checkpoint");
}

#[test]
fn whoever_is_killed_while_it_opens_loses_nothing() {
    kill_in("open");
}

#[test]
fn whoever_is_killed_while_it_sweeps_after_a_crash_loses_nothing() {
    kill_in("sweep");
}

#[test]
fn whoever_is_killed_during_a_rebuild_loses_nothing() {
    kill_in("rebuild");
}

#[test]
fn whoever_is_killed_while_identity_is_derived_again_loses_nothing() {
    kill_in("derive");
}
