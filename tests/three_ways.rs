//! One meaning, several evaluators: after every step of generated histories
//! what is kept live, what was announced and the oracle are the same.

#[path = "support/grammar/mod.rs"]
mod grammar;
mod support;

use grammar::Grammar;
use std::collections::BTreeSet;
use support::world::{Step, run, steps};

/// How many histories are run, unless `THRONG_CASES` says more.
const CASES: u64 = 2_000;

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

/// Runs one history; gives comparisons, members, moves, members of the past and ranked
/// ones, or shows the least that fails.
fn history(seed: u64) -> [u64; 5] {
    match run(&steps(seed)) {
        Ok(run) => [run.n_compared, run.n_members, run.n_moves, run.n_past, run.n_ranked],
        Err(_) => {
            let least = shrink(steps(seed));
            let what = run(&least).err().unwrap_or_default();
            panic!("seed {seed}: {what}\nthe least steps: {least:#?}");
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "histories know nothing of each other")]
fn live_and_the_oracle_agree_after_every_step() {
    let share = |first: usize| {
        move || support::cases::seeds(CASES).skip(first).step_by(2).map(history).collect::<Vec<_>>()
    };
    let totals = std::thread::scope(|scope| {
        let halves = [scope.spawn(share(0)), scope.spawn(share(1))];
        halves.map(|half| half.join().unwrap()).concat()
    });
    let sum = |place: usize| totals.iter().map(|counts| counts[place]).sum::<u64>();
    let (compared, members, moves) = (sum(0), sum(1), sum(2));
    let (past, ranked) = (sum(3), sum(4));
    println!(
        "{compared} comparisons, {members} members, {ranked} of them ranked, {moves} moves, \
         {past} of the past"
    );
    assert!(past > compared / 40, "{past} members of the past are too few");
    assert!(members > compared / 2 && moves > compared / 20, "the histories are too tame");
    assert!(ranked > members / 20, "hardly anybody is ranked");
}

/// Histories whose definitions are looked at for the productions that they use.
const LOOKED_AT: u64 = 1_500;

#[test]
fn the_definitions_of_the_histories_use_every_production_of_audiences() {
    let grammar = Grammar::read();
    let reached = grammar.inside("audience");
    let (mut used, mut texts) = (BTreeSet::new(), BTreeSet::new());
    let defined = (0..LOOKED_AT).flat_map(steps).filter_map(|step| match step {
        Step::Define { text, .. } => Some(text),
        _ => None,
    });
    for text in defined {
        used.extend(grammar.used("program", &text).unwrap_or_else(|| panic!("{text}")));
        texts.insert(text);
        if reached.is_subset(&used) {
            break;
        }
    }
    let missing: Vec<&String> = reached.iter().filter(|name| !used.contains(*name)).collect();
    let n_used = reached.len() - missing.len();
    println!("{n_used} of {} productions in {} definitions", reached.len(), texts.len());
    assert!(missing.is_empty(), "no definition uses {missing:?}");
}
