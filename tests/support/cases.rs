//! Which generated cases are tried.

use std::ops::Range;

/// The seeds of as many cases, unless the environment says more: `THRONG_CASES=5000`,
/// or `THRONG_CASES=70000..80000`.
#[expect(clippy::disallowed_methods, reason = "how many cases is for the caller to say")]
pub fn seeds(unless_said: u64) -> Range<u64> {
    let said = std::env::var("THRONG_CASES").ok();
    said.map_or(0..unless_said, |text| read(&text).unwrap_or_else(|| panic!("no cases: {text}")))
}

/// How many they are.
#[allow(dead_code, reason = "each test takes what it needs")]
pub fn n_cases(unless_said: u64) -> u64 {
    let seeds = seeds(unless_said);
    seeds.end - seeds.start
}

fn read(text: &str) -> Option<Range<u64>> {
    match text.split_once("..") {
        Some((first, end)) => Some(first.parse().ok()?..end.parse().ok()?),
        None => Some(0..text.parse().ok()?),
    }
}
