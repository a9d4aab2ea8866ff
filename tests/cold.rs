//! One meaning from disk: rows that were sealed and are read back give the
//! answers of rows in memory, in a generated history of every kind of step.

mod support;

use support::cold::{Cold, Counts};
use support::live::small;
use support::world::{Crowd, Step, history};
use throng::engine::Options;

const SEED: u64 = 1_000;
/// A comparison costs the oracle the whole history: one in so many rows.
const ROWS: usize = 500;
/// Enough that nobody has thousands of rows, and notes so long that a page cache
/// of a mebibyte does not hold them all.
const CROWD: Crowd =
    Crowd { n_users: 800, n_devices: 1_000, n_emails: 300, n_ids: 200_000, n_letters: 150 };

/// How many histories are run, unless `THRONG_CASES` says more.
const CASES: u64 = 1;

/// Runs a history and compares on the way.
fn run(seed: u64, options: Options) -> Counts {
    let mut world = Cold::new(options);
    let mut n_rows = 0;
    let steps = history(seed, &CROWD, 110, 150..320);
    for (place, step) in steps.iter().enumerate() {
        world.perform(step);
        n_rows += if let Step::Calls(calls) = step { calls.len() } else { 0 };
        // What has just been opened has no page in memory.
        if n_rows >= ROWS || matches!(step, Step::Reopen) || place + 1 == steps.len() {
            world.compare(&format!("seed {seed}, after step {place}"));
            n_rows = 0;
        }
    }
    world.end()
}

#[test]
fn a_mebibyte_of_pages_and_tails_of_a_thousand_rows_give_the_same_answers() {
    let options = Options { memory_budget: 8 << 20, ..small(1_000) };
    assert_eq!(options.page_cache_bytes(), 1 << 20);
    for seed in support::cases::seeds(CASES).map(|seed| SEED + seed) {
        let counts = run(seed, options.clone());
        println!("seed {seed}: {} pages read from disk, {counts:?}", counts.n_pages);
        assert!(counts.n_pages > 0, "every page was in memory: {counts:?}");
        assert!(counts.n_sealed > 7_000 && counts.n_runs > 1, "too little is sealed: {counts:?}");
        assert!(counts.n_members > 0 && counts.n_moves > 0, "it is too tame: {counts:?}");
    }
}
