//! A question that can be taken back.

use crate::model::Timestamp;
use crate::query::{Crowd, CrowdError, Person, Reference};
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

/// A crowd that stops handing over people once the sign is given.
pub(super) struct Stoppable<'a> {
    pub crowd: &'a dyn Crowd,
    pub stop: &'a Stop,
}

impl Crowd for Stoppable<'_> {
    fn each(
        &self,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>) -> bool,
    ) -> Result<(), CrowdError> {
        self.crowd.each(now, &mut |person| !self.stop.is_stopped() && visit(person))?;
        if self.stop.is_stopped() { Err(CrowdError::Cancelled) } else { Ok(()) }
    }

    fn one(
        &self,
        reference: &Reference,
        now: Timestamp,
        visit: &mut dyn FnMut(&Person<'_>),
    ) -> Result<bool, CrowdError> {
        self.crowd.one(reference, now, visit)
    }
}
