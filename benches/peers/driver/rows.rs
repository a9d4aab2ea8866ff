//! What is handed to the script: a row of JSON a line.

use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Prints one row.
pub fn print(row: &Value) {
    println!("{row}");
}

/// An error is a row as well, so that the others go on.
pub fn print_error(row: &str, id: &str, error: &dyn std::fmt::Display) {
    print(&json!({ "row": row, "id": id, "error": error.to_string() }));
}

/// How long something took, and what came of it.
pub fn timed<T>(what: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let made = what();
    (begun.elapsed(), made)
}

/// Sorted by length, so that the one in the middle is the median.
pub fn sorted(mut times: Vec<Duration>) -> Vec<Duration> {
    times.sort_unstable();
    times
}

/// The one below which that share of sorted times lies.
pub fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((last * share).round() as usize).copied().unwrap_or_default()
}

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

pub fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
