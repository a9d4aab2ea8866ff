//! What the lane tells everybody: how far the feed has come, and by which
//! policy names are read.

use super::prepared::{Drafts, Prepared};
use super::{Clock, Stop, clock};
use crate::identity::Policy;
use crate::model::{Call, Lsn, Timestamp};
use crate::state::View;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long somebody who looked counts as looking.
const LOOKING: Duration = Duration::from_secs(1);
/// A view that nobody asked for is made this long after the last one at the soonest:
/// while it is shown, what is changed is copied first.
const BETWEEN_VIEWS: Duration = Duration::from_millis(5);

/// What readers and callers know of the lane.
pub(super) struct Shared {
    clock: Clock,
    policy: Mutex<Arc<Policy>>,
    /// How far the announcements on disk have come.
    announced: Mutex<Lsn>,
    changed: Condvar,
    view: Mutex<Showing>,
    /// Set by whoever is about to end: what takes long is left to the next opening.
    leaving: Stop,
    /// Whether batches are drafted before the writer sees them.
    pub drafts: Drafts,
}

/// The view of all that is acknowledged, if one is made, and who looks.
#[derive(Default)]
struct Showing {
    view: Option<View>,
    looked: Option<Instant>,
    made: Option<Instant>,
    /// Since when the lane works on what the view does not have.
    begun: Option<Timestamp>,
}

impl Shared {
    /// Nothing is announced yet.
    pub fn new(clock: Clock, policy: Arc<Policy>) -> Shared {
        let (policy, announced) = (Mutex::new(policy), Mutex::default());
        let (changed, leaving, view) = (Condvar::new(), Stop::default(), Mutex::default());
        Shared { clock, policy, announced, changed, view, leaving, drafts: Drafts::default() }
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

    /// Makes a batch ready for the writer.
    pub fn prepare(&self, calls: Vec<Call>) -> Prepared {
        Prepared::new(calls, self.policy(), self.drafts.are_worth_it())
    }

    /// What every commit acknowledged so far has come to, if somebody has looked already.
    pub fn view(&self) -> Option<View> {
        let mut showing = self.showing();
        showing.looked = Some(Instant::now());
        showing.view.clone()
    }

    /// That is what others may look at from here on. The lane shows something else, or
    /// nothing, before it acknowledges what the view does not have.
    pub fn show(&self, view: Option<View>) {
        let mut showing = self.showing();
        if view.is_some() {
            showing.made = Some(Instant::now());
        }
        let before = std::mem::replace(&mut showing.view, view);
        drop(showing);
        // What only it held is freed while nobody waits for it.
        drop(before);
    }

    /// The lane begins to work on something: what it commits is dated now or later.
    pub fn begin(&self) {
        self.showing().begun.get_or_insert_with(clock::wall_now);
    }

    /// What is shown has all that the lane worked on.
    pub fn end(&self) {
        self.showing().begun = None;
    }

    /// An instant for who reads: what the view that is taken after it does not have is dated
    /// later. It is that on the clock, or the last one before what is being worked on.
    pub fn instant(&self) -> Timestamp {
        let begun = self.showing().begun.map(|begun| begun.plus_ms(-1));
        let now = clock::wall_now();
        begun.map_or(now, |begun| now.min(begun))
    }

    /// Whether a view is shown that has everything up to a record.
    pub fn shows(&self, lsn: Lsn) -> bool {
        self.showing().view.as_ref().is_some_and(|view| view.lsn() == lsn)
    }

    /// Whether a new view is worth its while: others look, and the last one was not made just now.
    pub fn is_view_due(&self) -> bool {
        let showing = self.showing();
        let since = |at: Option<Instant>| at.map(|at| at.elapsed());
        since(showing.looked).is_some_and(|ago| ago < LOOKING)
            && since(showing.made).is_none_or(|ago| ago >= BETWEEN_VIEWS)
    }

    fn showing(&self) -> MutexGuard<'_, Showing> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Once, who read at an instant at which a commit was already dated did not see it.
    #[test]
    fn who_reads_while_the_lane_works_reads_at_an_instant_before_it() {
        let shared = Shared::new(Clock::Wall, Arc::default());
        let before = clock::wall_now();
        assert!(shared.instant() >= before);
        shared.begin();
        let begun = shared.showing().begun.unwrap();
        std::thread::sleep(Duration::from_millis(5));
        shared.begin();
        assert_eq!(shared.instant(), begun.plus_ms(-1));
        shared.end();
        assert!(shared.instant() > begun);
    }
}
