//! Planted faults: what the generated histories are worth. Each fault of
//! `tests/faults/*.toml` is a mistake that somebody may make in an evaluator,
//! and a generated test must fail for it.
//!
//! The list is read in every run, so that it cannot rot. With `THRONG_FAULTS=1`,
//! the names of lists, or words from the names of faults, with `;` between, the faults are
//! planted in a copy of the sources, one by one, and the tests are run against each.

#![allow(clippy::disallowed_methods, reason = "a copy of the sources is built and run")]

#[path = "faults/list.rs"]
mod list;
#[path = "faults/workshop.rs"]
mod workshop;

use list::{Fault, LISTS, faults, root};
use std::collections::BTreeSet;
use std::time::Instant;
use workshop::{Found, Workshop};

/// How many faults a list has at the least.
const FAULTS_MIN: usize = 10;

#[test]
fn every_fault_can_still_be_planted() {
    let all = faults();
    let names: BTreeSet<&str> = all.iter().map(|fault| &*fault.name).collect();
    assert_eq!(names.len(), all.len(), "two faults have one name");
    for list in LISTS {
        let n_faults = all.iter().filter(|fault| fault.list == list).count();
        assert!(n_faults >= FAULTS_MIN, "{list} has {n_faults} faults, and {FAULTS_MIN} are few");
    }
    let wrong: Vec<String> = all.iter().filter_map(|f| f.planted(&root()).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Those that are to be planted: all, a list of them, or one.
fn wanted() -> Vec<Fault> {
    let Ok(asked) = std::env::var("THRONG_FAULTS") else { return Vec::new() };
    let is_asked =
        |fault: &Fault, one: &str| one == "1" || one == fault.list || fault.name.contains(one);
    let is_wanted = |fault: &Fault| asked.split(';').any(|one| is_asked(fault, one.trim()));
    let wanted: Vec<Fault> = faults().into_iter().filter(is_wanted).collect();
    assert!(!wanted.is_empty(), "no fault and no list of faults is called `{asked}`");
    wanted
}

#[test]
fn every_planted_fault_is_found() {
    let wanted = wanted();
    if wanted.is_empty() {
        println!("skipped: THRONG_FAULTS says which faults are to be planted");
        return;
    }
    let workshop = Workshop::open();
    let mut n_missed = 0;
    for fault in &wanted {
        let since = Instant::now();
        let found = workshop.find(fault);
        n_missed += usize::from(!matches!(found, Found::By(_)));
        let (list, name, seconds) = (fault.list, &fault.name, since.elapsed().as_secs());
        println!("{list:6} {name:76} {found:20} {seconds:4} s");
    }
    assert_eq!(n_missed, 0, "{n_missed} of {} faults were not found", wanted.len());
}
