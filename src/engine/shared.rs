//! What the lane tells everybody: how far the feed has come, and by which
//! policy names are read.

use super::{Clock, Stop};
use crate::identity::Policy;
use crate::model::Lsn;
use crate::state::View;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// What readers and callers know of the lane.
pub(super) struct Shared {
    clock: Clock,
    policy: Mutex<Arc<Policy>>,
    /// How far the announcements on disk have come.
    announced: Mutex<Lsn>,
    changed: Condvar,
    /// The last view, as long as nothing was changed since.
    view: Mutex<Option<View>>,
    /// Set by whoever is about to end: what takes long is left to the next opening.
    leaving: Stop,
}

impl Shared {
    /// Nothing is announced yet.
    pub fn new(clock: Clock, policy: Arc<Policy>) -> Shared {
        let (policy, announced) = (Mutex::new(policy), Mutex::default());
        let (changed, leaving, view) = (Condvar::new(), Stop::default(), Mutex::default());
        Shared { clock, policy, announced, changed, view, leaving }
    }

    /// Where time comes from.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// The policy of the last commit: the writer knows if it is no longer that.
    pub fn policy(&self) -> Arc<Policy> {
        self.policy.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Names are read by this policy from here on.
    pub fn read_by(&self, policy: Arc<Policy>) {
        *self.policy.lock().unwrap_or_else(PoisonError::into_inner) = policy;
    }

    /// What every commit acknowledged so far has come to, if somebody has looked already.
    pub fn view(&self) -> Option<View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// That is what others may look at, until the lane changes something; it
    /// lets go of it first, so that nothing is copied for nobody.
    pub fn show(&self, view: Option<View>) {
        *self.view.lock().unwrap_or_else(PoisonError::into_inner) = view;
    }

    /// Whoever holds the database is about to end.
    pub fn leave(&self) {
        self.leaving.stop();
    }

    /// Whether the lane is to end without what takes long.
    pub fn is_leaving(&self) -> bool {
        self.leaving.is_stopped()
    }

    /// Everything up to a record is announced.
    pub fn announce(&self, lsn: Lsn) {
        let Ok(mut announced) = self.announced.lock() else { return };
        if lsn > *announced {
            *announced = lsn;
            self.changed.notify_all();
        }
    }

    /// Waits until more than `lsn` is announced, at most for `wait`; gives how far it has come.
    pub fn wait_beyond(&self, lsn: Lsn, wait: Duration) -> Lsn {
        let Ok(announced) = self.announced.lock() else { return lsn };
        let waited =
            self.changed.wait_timeout_while(announced, wait, |announced| *announced <= lsn);
        waited.map_or(lsn, |(announced, _)| *announced)
    }
}
