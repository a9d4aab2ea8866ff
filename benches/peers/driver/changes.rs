//! New events with standing audiences: in batches, and one by one.

use super::rows::{ms, print, quantile, sorted, timed, us};
use super::{Arguments, Outcome, calls};
use serde_json::{Value, json};
use std::time::Duration;
use throng::engine::{CommitTime, Throng};

/// `refresh --data DIR --audiences FILE.who --batches FILE,FILE --now MS`: the audiences are
/// created; then each batch is timed from parsed calls to the last acknowledgement, which
/// comes when the disk has them and every audience is exact.
pub fn refresh(given: &Arguments) -> Outcome {
    let definitions = std::fs::read_to_string(given.path("audiences")?)?;
    let throng = given.open_to_write()?;
    throng.advance_to(given.now()?)?;
    let (making, made) = timed(|| throng.query(&definitions));
    made?;
    print(&json!({ "row": "audiences", "ms": ms(making), "counts": counts(&throng)? }));
    for (n, file) in given.paths("batches")?.iter().enumerate() {
        let commits = calls::commits(file)?;
        let (took, taken) = timed(|| calls::take_commits(&throng, commits));
        let taken = taken?;
        print(&json!({
            "row": "refresh",
            "batch": n,
            "ms": ms(took),
            "accepted": taken.accepted,
            "refused": taken.refused,
            "now_ms": taken.at.map(|at| at.millis()),
            "counts": counts(&throng)?,
        }));
    }
    if given.number_or("verify", 0u8)? > 0 {
        let differences: u64 = throng.verify()?.iter().map(|found| found.differences).sum();
        print(&json!({ "row": "verified", "differences": differences }));
    }
    Ok(throng.close()?)
}

/// The size of each audience by its name.
pub fn counts(throng: &Throng) -> Outcome<Value> {
    let audiences = throng.info()?.audiences;
    let sizes = audiences.into_iter().map(|(name, _, size)| (name.to_string(), size.into()));
    Ok(Value::Object(sizes.collect()))
}

/// `single --data DIR --events FILE [--skip N] [--times N] [--relaxed 1]`: each call is a commit of its own, from a
/// parsed call to its acknowledgement; relaxed, that does not wait for the disk.
pub fn single(given: &Arguments) -> Outcome {
    let throng = given.open_to_write()?;
    let calls = calls::commits(given.path("events")?)?.into_iter().flatten();
    let mut took: Vec<Duration> = Vec::new();
    let (skip, times) = (given.number_or("skip", 0)?, given.number_or("times", 500)?);
    for call in calls.skip(skip).take(times) {
        let (time, receipt) = timed(|| throng.ingest_at(vec![call], CommitTime::Follow, false));
        receipt?;
        took.push(time);
    }
    let took = sorted(took);
    print(&json!({
        "row": "single",
        "audiences": throng.info()?.audiences.len(),
        "us": us(quantile(&took, 0.5)),
        "p99_us": us(quantile(&took, 0.99)),
        "n": took.len(),
    }));
    Ok(throng.close()?)
}
