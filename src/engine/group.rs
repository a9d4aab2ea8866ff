//! Requests whose replies wait for one sync of the log.

use super::CommitError;
use super::request::Reply;
use crossbeam::channel::Sender;
use std::time::{Duration, Instant};

/// Requests that may share one sync of the log.
const GROUP_MAX: usize = 256;
/// A group ends when nothing more is there, and at the latest after this time or that of so
/// many syncs: nobody waits for commits that come without an end, and a slow disk is waited
/// for a fifth of the time at most.
const GROUP_TIME: Duration = Duration::from_millis(10);
const SYNCS_OF_A_GROUP: u32 = 4;

pub(super) type ReplyTo = Sender<Result<Reply, CommitError>>;

/// Requests whose replies wait for one sync.
pub(super) struct Group {
    closes_at: Instant,
    pub waiting: Vec<(ReplyTo, Result<Reply, CommitError>)>,
    pub views: Vec<ReplyTo>,
    pub closing: Option<ReplyTo>,
}

impl Group {
    /// Of nobody yet; the last sync took that long.
    pub fn begin(sync_took: Duration) -> Group {
        let time = (SYNCS_OF_A_GROUP * sync_took).max(GROUP_TIME);
        let (waiting, views) = (Vec::new(), Vec::new());
        Group { closes_at: Instant::now() + time, waiting, views, closing: None }
    }

    /// Whether one more may share the sync.
    pub fn is_open(&self) -> bool {
        let has_room = self.waiting.len() + self.views.len() < GROUP_MAX;
        self.closing.is_none() && has_room && Instant::now() < self.closes_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Once, a group went on for as long as commits came: the first of 118 waited for seconds.
    #[test]
    fn a_group_ends_at_its_time_though_more_is_there() {
        let hour = Duration::from_secs(3_600);
        assert!(Group::begin(hour).is_open(), "a slow disk is seldom waited for");
        let over = Group { closes_at: Instant::now(), ..Group::begin(hour) };
        assert!(!over.is_open());
        let soon = Group::begin(Duration::ZERO).closes_at;
        assert!(soon <= Instant::now() + GROUP_TIME);
    }
}
