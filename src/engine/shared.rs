//! What the lane tells those who wait: how far the feed has come.

use super::Clock;
use crate::model::Lsn;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

/// How far the announcements on disk have come.
pub(super) struct Shared {
    clock: Clock,
    announced: Mutex<Lsn>,
    changed: Condvar,
}

impl Shared {
    /// Nothing is announced yet.
    pub fn new(clock: Clock) -> Shared {
        Shared { clock, announced: Mutex::default(), changed: Condvar::new() }
    }

    /// Where time comes from.
    pub fn clock(&self) -> Clock {
        self.clock
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
