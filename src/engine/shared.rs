//! What the lane tells those who wait: how far the feed has come.

use crate::model::Lsn;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

/// The last record whose announcements are on disk.
#[derive(Default)]
pub(super) struct Shared {
    announced: Mutex<Lsn>,
    changed: Condvar,
}

impl Shared {
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
        let waited = self.changed.wait_timeout_while(announced, wait, |announced| *announced <= lsn);
        waited.map_or(lsn, |(announced, _)| *announced)
    }
}
