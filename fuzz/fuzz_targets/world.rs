//! Random histories of calls, audiences, links, forgetting and time, against the oracle.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/generate/mod.rs"]
mod generate;
#[path = "../../tests/support/world/mod.rs"]
mod world;

use world::{run, steps};

fuzz_target!(|given: (u32, Vec<u8>)| {
    let (seed, drop) = given;
    // Which steps are left out is the fuzzer's to find; the seed says what they are.
    let mut steps = steps(u64::from(seed));
    for place in drop.iter().take(16) {
        if !steps.is_empty() {
            steps.remove(usize::from(*place) % steps.len());
        }
    }
    if let Err(what) = run(&steps) {
        panic!("seed {seed}: {what}\n{steps:#?}");
    }
});
