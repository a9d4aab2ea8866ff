//! While the state is worked on for long, whoever reads is answered all the same.

use super::CommitError;
use super::info::Numbers;
use super::keep::Keeper;
use super::lane::Lane;
use super::request::{Order, Reply, Request};
use crate::state::{State, View};
use crossbeam::channel::{Receiver, bounded, never};
use crossbeam::select;

/// Requests that wait meanwhile, besides those in the inbox.
const WAITING_MAX: usize = 1_024;

/// What is shown as long as the state is not for reading.
struct Shown<'a> {
    view: &'a View,
    numbers: Numbers,
}

impl Lane {
    /// Does what takes its time on a thread of its own, and answers meanwhile who
    /// reads, by a view that the work cannot reach. Others wait, and if those are
    /// many, who comes behind them.
    pub(super) fn meanwhile<T: Send>(
        &mut self,
        view: &View,
        work: impl FnOnce(&mut State, &mut Keeper) -> T + Send,
    ) -> T {
        let shown = Shown { view, numbers: self.numbers() };
        let Lane { state, keeper, journal, inbox, waiting, .. } = self;
        let (working, ended) = bounded::<()>(0);
        std::thread::scope(|scope| {
            let worker = scope.spawn(move || {
                // Let go when the work is done, or has failed.
                let _working = working;
                work(state, keeper)
            });
            while let Some(request) = next(inbox, &ended, waiting.len()) {
                let reply = match &request.order {
                    Order::View => Ok(Reply::View(Box::new(shown.view.clone()))),
                    Order::Info => Ok(shown.info()),
                    Order::Entries(from) => {
                        let entries = journal.as_ref().map(|journal| journal.entries(*from));
                        entries.map(Reply::Entries).ok_or(CommitError::ReadOnly)
                    }
                    _ => {
                        waiting.push_back(request);
                        continue;
                    }
                };
                // A caller who is gone needs no reply.
                let _gone = request.reply.send(reply);
            }
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}

impl Shown<'_> {
    fn info(&self) -> Reply {
        Reply::Info(Box::new(self.numbers.clone()))
    }
}

/// The next request; none once the work has ended.
fn next(inbox: &Receiver<Request>, ended: &Receiver<()>, n_waiting: usize) -> Option<Request> {
    let (nobody, is_full) = (never(), n_waiting >= WAITING_MAX);
    let inbox = if is_full { &nobody } else { inbox };
    select! {
        recv(ended) -> _ => None,
        recv(inbox) -> request => match request {
            Ok(request) => Some(request),
            // Nobody asks any more: what is left is to wait for the end.
            Err(_) => {
                let _ended = ended.recv();
                None
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Options, open::open};
    use std::time::Duration;

    /// Once, who read waited for the whole of what a derivation does at its end.
    #[test]
    fn who_reads_is_answered_while_the_work_waits_for_just_that() {
        let directory = tempfile::tempdir().unwrap();
        let options = Options { reserve_bytes: 0, ..Options::default() };
        let mut lane = open(&directory.path().join("data"), &options).unwrap();
        let (requests, inbox) = bounded(4);
        lane.inbox = inbox;
        let view = lane.state.view(lane.pages.clone());
        let ask = |order| {
            let (reply, answer) = bounded(1);
            requests.send(Request { order, reply }).unwrap();
            answer.recv_timeout(Duration::from_secs(60))
        };
        let answers = lane.meanwhile(&view, |_, _| {
            let (reply, _answer) = bounded(1);
            requests.send(Request { order: Order::Checkpoint, reply }).unwrap();
            [Order::View, Order::Info, Order::Entries(crate::model::Lsn(1))].map(ask)
        });
        assert!(answers.iter().all(|answer| matches!(answer, Ok(Ok(_)))));
        assert!(matches!(lane.waiting[0].order, Order::Checkpoint));
    }
}
