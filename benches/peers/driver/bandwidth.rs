//! How fast this machine reads memory: what bounds whoever reads columns.

use super::Outcome;
use super::rows::{print, timed};
use serde_json::json;
use std::hint::black_box;
use std::num::NonZero;
use std::thread;

/// Numbers of eight bytes: far more than any cache holds.
const N_WORDS: usize = 128 << 20;
const TIMES: usize = 7;

/// `bandwidth`: a gibibyte is summed on all cores at once, several times; the fastest counts.
pub fn bandwidth() -> Outcome {
    let words: Vec<u64> = (0..N_WORDS as u64).collect();
    let n_cores = thread::available_parallelism().map_or(1, NonZero::get);
    let shares: Vec<&[u64]> = words.chunks(N_WORDS.div_ceil(n_cores)).collect();
    let read = || {
        thread::scope(|scope| {
            for share in &shares {
                scope.spawn(|| black_box(share.iter().fold(0, |sum: u64, word| sum ^ word)));
            }
        });
    };
    let least = (0..TIMES).map(|_| timed(read).0).min().unwrap_or_default();
    let bytes_per_s = (8 * N_WORDS) as f64 / least.as_secs_f64();
    print(&json!({ "row": "bandwidth", "bytes_per_s": bytes_per_s, "cores": n_cores }));
    Ok(())
}
