//! One meaning, several evaluators: after every step of generated histories
//! what is kept live, what was announced and the oracle are the same.

mod support;

use support::world::{Step, run, steps};

/// How many histories are run, unless `THRONG_CASES` says more.
const CASES: u64 = 300;

#[expect(clippy::disallowed_methods, reason = "how many cases is for the caller to say")]
fn n_cases() -> u64 {
    let asked = std::env::var("THRONG_CASES").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(CASES)
}

/// Leaves out steps that a failure does not need.
fn shrink(mut steps: Vec<Step>) -> Vec<Step> {
    loop {
        let shorter = (0..steps.len()).rev().find_map(|place| {
            let mut fewer = steps.clone();
            fewer.remove(place);
            run(&fewer).is_err().then_some(fewer)
        });
        match shorter {
            Some(fewer) => steps = fewer,
            None => return steps,
        }
    }
}

#[test]
fn live_and_the_oracle_agree_after_every_step() {
    let (mut compared, mut members, mut moves) = (0, 0, 0);
    for seed in 0..n_cases() {
        match run(&steps(seed)) {
            Ok(run) => {
                compared += run.n_compared;
                members += run.n_members;
                moves += run.n_moves;
            }
            Err(_) => {
                let least = shrink(steps(seed));
                let what = run(&least).err().unwrap_or_default();
                panic!("seed {seed}: {what}\nthe least steps: {least:#?}");
            }
        }
    }
    println!("{compared} comparisons, {members} members, {moves} moves");
    assert!(members > compared / 2 && moves > compared / 20, "the histories are too tame");
}
