//! Where the time of an open went.

use std::time::{Duration, Instant};

/// Where the time of an open went, step by step.
///
/// ```
/// use throng::engine::Throng;
/// let info = Throng::temporary()?.info()?;
/// let steps: u128 = info.opening.steps().iter().map(|(_, took)| took.as_millis()).sum();
/// assert!(steps <= u128::from(info.opened_ms));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The lock and the manifest; of a new directory, making it.
    pub directory: Duration,
    /// Finding the end of the log.
    pub log: Duration,
    /// The rebuildable store: opening it, the state of its checkpoint, the ids of calls.
    pub checkpoint: Duration,
    /// The records after the checkpoint, applied again.
    pub replay: Duration,
    /// Computing every standing audience, or taking all of them up as they were left.
    pub audiences: Duration,
    /// Finding the end of the feed, and announcing what it had not been told.
    pub feed: Duration,
    /// Whether standing audiences were taken up as the last close had left them: no row was
    /// read for them.
    pub resumed: bool,
}

impl Opening {
    /// Each step with a name, in the order in which they are done.
    pub fn steps(&self) -> [(&'static str, Duration); 6] {
        [
            ("manifest", self.directory),
            ("log", self.log),
            ("checkpoint", self.checkpoint),
            ("replay", self.replay),
            ("audiences", self.audiences),
            ("feed", self.feed),
        ]
    }
}

/// The time since something was last measured.
pub(super) struct Laps(Instant);

impl Laps {
    /// The first lap begins.
    pub fn begin() -> Laps {
        Laps(Instant::now())
    }

    /// A lap ends, and the next begins.
    pub fn lap(&mut self) -> Duration {
        let begun = std::mem::replace(&mut self.0, Instant::now());
        self.0.duration_since(begun)
    }
}
