//! What the lane shows to readers: a view of what is acknowledged.

use super::CommitError;
use super::lane::Lane;
use crate::state::View;

impl Lane {
    /// What is shown has everything that is acknowledged next; without anybody who looks
    /// nothing is shown, so that nothing is copied for nobody.
    pub fn publish(&self) {
        if self.in_doubt().is_some() {
            self.shared.show(None);
        } else if !self.shared.shows(self.state.lsn()) {
            let is_due = self.stopped.is_none() && self.shared.is_view_due();
            self.shared.show(is_due.then(|| self.state.view(self.pages.clone())));
        }
        self.shared.end();
    }

    /// The view for who asks for one now, and for whoever looks after them. Nobody is shown
    /// what the disk may not have and never will.
    pub(super) fn looked_at(&self) -> Result<View, CommitError> {
        if let Some(error) = self.in_doubt() {
            return Err(error);
        }
        let shown = self.shared.view().filter(|view| view.lsn() == self.state.lsn());
        Ok(shown.unwrap_or_else(|| {
            let view = self.state.view(self.pages.clone());
            self.shared.show(Some(view.clone()));
            view
        }))
    }

    /// Whether something was applied that the disk does not have, and nothing more is written.
    fn in_doubt(&self) -> Option<CommitError> {
        let why = self.stopped.as_ref().filter(|_| self.behind.is_some())?;
        Some(CommitError::Stopped(why.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::group::Group;
    use crate::engine::open::open;
    use crate::engine::request::{Order, Reply, Request};
    use crate::engine::shared::Shared;
    use crate::engine::{CommitTime, Options};
    use crate::model::{Body, Call, Object};
    use crossbeam::channel::{Receiver, bounded};
    use std::sync::Arc;
    use std::time::Duration;
    use tempfile::TempDir;

    fn opened() -> (TempDir, Lane, Arc<Shared>) {
        let directory = tempfile::tempdir().unwrap();
        let options = Options { reserve_bytes: 0, ..Options::default() };
        let lane = open(&directory.path().join("data"), &options).unwrap();
        let shared = lane.shared();
        (directory, lane, shared)
    }

    fn take(
        lane: &mut Lane,
        group: &mut Group,
        order: Order,
    ) -> Receiver<Result<Reply, CommitError>> {
        let (reply, answer) = bounded(1);
        lane.take(Request { order, reply }, group);
        answer
    }

    fn one_call(shared: &Shared) -> Order {
        let mut call = Call::new("web", Body::Page { properties: Object::default() });
        call.user_id = Some("u-1".into());
        let calls = shared.prepare(vec![call]);
        Order::Calls { calls, bulk: false, time: CommitTime::Clock }
    }

    #[test]
    fn nobody_is_shown_what_the_disk_may_never_have() {
        let (_directory, mut lane, shared) = opened();
        let _answer = take(&mut lane, &mut Group::begin(Duration::ZERO), one_call(&shared));
        assert!(lane.looked_at().is_ok(), "what comes may still be made durable");
        lane.stop("the disk is gone");
        lane.publish();
        assert!(shared.view().is_none());
        assert!(
            matches!(lane.looked_at(), Err(CommitError::Stopped(why)) if &*why == "the disk is gone")
        );
        lane.make_durable().unwrap();
        assert_eq!(lane.looked_at().unwrap().lsn(), lane.state.lsn());
    }

    /// Once, who read waited for whatever was being applied.
    #[test]
    fn who_looks_is_shown_what_is_acknowledged_while_the_next_is_applied() {
        let (_directory, mut lane, shared) = opened();
        let mut group = Group::begin(Duration::ZERO);
        let asked = take(&mut lane, &mut group, Order::View);
        lane.finish(group);
        assert!(asked.try_recv().is_ok());
        let before = shared.view().expect("somebody has looked").lsn();

        let mut group = Group::begin(Duration::ZERO);
        let answer = take(&mut lane, &mut group, one_call(&shared));
        assert!(lane.state.lsn() > before, "it is applied");
        assert!(answer.try_recv().is_err(), "and not acknowledged");
        assert_eq!(shared.view().map(|view| view.lsn()), Some(before));
        std::thread::sleep(Duration::from_millis(10));
        lane.finish(group);
        assert!(answer.try_recv().is_ok());
        assert_eq!(shared.view().map(|view| view.lsn()), Some(lane.state.lsn()));
    }
}
