//! How soon a database answers: opened with its audiences live.

use super::rows::{ms, print, timed};
use super::{Arguments, Outcome, calls, changes};
use serde_json::json;

/// `ready --data DIR`: opened until a first audience is read.
pub fn ready(given: &Arguments) -> Outcome {
    let (took, throng) = timed(|| -> Outcome<_> {
        let throng = given.open_to_write()?;
        throng.info()?;
        Ok(throng)
    });
    let throng = throng?;
    let steps =
        throng.info()?.opening.steps().map(|(name, step)| (name.to_owned(), ms(step).into()));
    let steps: serde_json::Map<String, serde_json::Value> = steps.into_iter().collect();
    print(&json!({
        "row": "ready", "ms": ms(took), "steps": steps, "counts": changes::counts(&throng)?,
    }));
    Ok(throng.close()?)
}

/// `hold --data DIR --events FILE`: takes calls in, says so, and waits to be killed.
pub fn hold(given: &Arguments) -> Outcome {
    let throng = given.open_to_write()?;
    let taken = calls::take(&throng, given.path("events")?)?;
    print(&json!({
        "row": "held", "accepted": taken.accepted, "counts": changes::counts(&throng)?,
    }));
    // Whoever reads the row kills; a pipe that closes instead ends the wait.
    std::io::stdin().read_line(&mut String::new())?;
    std::process::abort()
}
