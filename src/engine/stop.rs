//! A sign that a question is taken back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A sign that a question is no longer wanted. Clones share it.
///
/// ```
/// let stop = throng::engine::Stop::default();
/// stop.clone().stop();
/// assert!(stop.is_stopped());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// The answer is no longer wanted.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the answer is no longer wanted.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
