//! The lane: what orders everything, one request after the other.

use super::commit::Committed;
use super::group::{Group, ReplyTo};
use super::journal::Journal;
use super::keep::Keeper;
use super::request::{Order, Reply, Request};
use super::shared::Shared;
use super::{Clock, CommitError, Durability, Opening, Options};
use crate::model::Lsn;
use crate::state::State;
use crate::store::{Directory, Endpoint, Entries, Feed, Log, Records, Torn};
use crate::timeline::Pages;
use crossbeam::channel::Receiver;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long an acknowledgement may be ahead of the disk where that was asked for.
pub(super) const RELAXED: Duration = Duration::from_millis(100);
/// All that whoever is at work alone may change.
pub(super) struct Lane {
    pub state: State,
    /// Closes the rebuildable store before the directory's lock is let go.
    pub keeper: Keeper,
    /// None on a handle that only reads.
    pub journal: Option<Journal>,
    /// Of a handle that only reads: what keeps others from writing meanwhile, the log and the feed.
    pub held: Option<(Directory, Log, Feed)>,
    pub pages: Arc<dyn Pages>,
    pub clock: Clock,
    pub options: Options,
    pub shared: Arc<Shared>,
    /// Since when a commit is not on disk.
    pub behind: Option<Instant>,
    /// How long the last sync took.
    pub sync_took: Duration,
    /// Why nothing more is taken in.
    pub stopped: Option<Arc<str>>,
    /// Milliseconds that the opening took.
    pub opened_ms: u64,
    /// Where that time went.
    pub opening: Opening,
    /// Why the rebuildable store was built again at this opening.
    pub rebuilt: Vec<String>,
    /// Whether the ids of all calls are known: who only reads does without.
    pub knows_ids: bool,
    /// What a crash had left at the end of log and feed.
    pub torn: Vec<Torn>,
    /// Requests that come in, and those that have come in and must wait.
    pub inbox: Receiver<Request>,
    pub waiting: VecDeque<Request>,
    /// Whether the directory goes with the handle: nothing is left for a next opening.
    pub is_temporary: bool,
}

impl Lane {
    /// What readers and subscribers look at.
    pub fn shared(&self) -> Arc<Shared> {
        self.shared.clone()
    }

    /// Whether replies may go out before the disk has what they say.
    fn may_be_behind(&self, group: &Group) -> bool {
        let Some(since) = self.behind else { return true };
        let relaxed = self.options.durability == Durability::Relaxed;
        relaxed && group.closing.is_none() && since.elapsed() < RELAXED
    }

    pub(super) fn take(&mut self, request: Request, group: &mut Group) {
        self.shared.begin();
        let result = match request.order {
            Order::View => {
                group.views.push(request.reply);
                return;
            }
            Order::Close => {
                group.closing = Some(request.reply);
                return;
            }
            Order::Calls { calls, bulk, time } => {
                self.calls(calls, bulk, time).map(|(receipt, spent)| Reply::Receipt(receipt, spent))
            }
            Order::Try { calls, time } => {
                self.try_calls(calls, time).map(|(receipt, spent)| Reply::Receipt(receipt, spent))
            }
            Order::Change { change, time } => self.change(change, time).map(changed),
            Order::Define { texts, time } => self
                .define_each(texts, time)
                .map(|(messages, wrong)| Reply::Defined(messages, wrong)),
            Order::Advance(at) => self.advance(at).map(changed),
            Order::Checkpoint => self.checkpoint().map(|()| Reply::Done),
            Order::Endpoint(endpoint) => self.tell(endpoint).map(|()| Reply::Done),
            Order::Entries(from) => self.entries(from).map(Reply::Entries),
            Order::Records => self.records().map(Reply::Records),
            Order::Info => Ok(Reply::Info(Box::new(self.numbers()))),
        };
        group.waiting.push((request.reply, result));
    }

    /// Makes the group durable, announces it, and only then replies.
    pub(super) fn finish(&mut self, group: Group) -> Option<ReplyTo> {
        let synced = if self.may_be_behind(&group) { Ok(()) } else { self.make_durable() };
        self.publish();
        if self.behind.is_none() && self.journal.is_some() {
            self.shared.announce(self.state.lsn());
        }
        for (reply, result) in group.waiting {
            let result = match &synced {
                Ok(()) => result,
                Err(error) => result.and(Err(error.clone())),
            };
            // A caller who is gone needs no reply.
            let _gone = reply.send(result);
        }
        let view = (!group.views.is_empty()).then(|| self.looked_at());
        for (reply, view) in group.views.into_iter().zip(std::iter::repeat(&view)) {
            let view = view.clone().unwrap_or(Err(CommitError::Closed));
            let _gone = reply.send(view.map(|view| Reply::View(Box::new(view))));
        }
        group.closing
    }

    /// The log, everything that was committed on disk.
    pub fn records(&mut self) -> Result<Records, CommitError> {
        self.sync()?;
        match (&self.journal, &self.held) {
            (Some(journal), _) => Ok(journal.records()),
            (None, Some((_, log, _))) => Ok(log.read(Lsn(1))),
            (None, None) => Err(CommitError::Closed),
        }
    }

    /// The feed as it is on disk; an entry is never shown before.
    fn entries(&self, from: Lsn) -> Result<Entries, CommitError> {
        match (&self.journal, &self.held) {
            (Some(journal), _) => Ok(journal.entries(from)),
            (None, Some((.., feed))) => Ok(feed.read(from)),
            (None, None) => Err(CommitError::Closed),
        }
    }

    /// Tells others who find the directory held where to ask.
    fn tell(&self, endpoint: Option<Endpoint>) -> Result<(), CommitError> {
        let directory = self.journal.as_ref().ok_or(CommitError::ReadOnly)?.directory();
        let told = match endpoint {
            Some(endpoint) => directory.put_endpoint(&endpoint),
            None => directory.remove_endpoint(),
        };
        told.map_err(|error| CommitError::Endpoint(error.to_string()))
    }

    /// Everything committed is on disk, and is announced.
    pub fn sync(&mut self) -> Result<(), CommitError> {
        self.make_durable()?;
        // Whoever hears of a change does not look at what was before it.
        if !self.shared.shows(self.state.lsn()) {
            self.shared.show(None);
        }
        if self.journal.is_some() {
            self.shared.announce(self.state.lsn());
        }
        Ok(())
    }

    pub(super) fn make_durable(&mut self) -> Result<(), CommitError> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        let begun = Instant::now();
        match journal.sync() {
            Ok(()) => {
                self.behind = None;
                self.sync_took = begun.elapsed();
                Ok(())
            }
            Err(error) => Err(self.stop(&error.to_string())),
        }
    }

    /// Nothing more is taken in: a write failed, or the state is in doubt. The first reason is
    /// the one that counts.
    pub fn stop(&mut self, why: &str) -> CommitError {
        if self.stopped.is_none() {
            tracing::error!(why, "the database stops taking changes");
        }
        CommitError::Stopped(self.stopped.get_or_insert_with(|| why.into()).clone())
    }

    /// Everything is on disk, and in the rebuildable store; nobody is answered any more.
    pub(super) fn end(&mut self) -> Result<(), CommitError> {
        // However this ends, nobody answers any more; what stays is removed by the next open.
        if self.journal.is_some()
            && let Err(error) = self.tell(None)
        {
            tracing::warn!(%error, "others may still be told where to ask");
        }
        self.shared.show(None);
        self.sync()?;
        if self.stopped.is_none() && self.journal.is_some() {
            // Nothing is lost without it: the next open reads more of the log.
            let made = self.checkpoint();
            if let Err(error) = &made {
                tracing::warn!(%error, "no checkpoint was made at the end");
            }
            if let Some(Err(error)) = self.journal.as_mut().map(Journal::close) {
                tracing::warn!(%error, "the end of the log could not be marked");
            }
            if made.is_ok() && !self.is_temporary {
                self.lay_down();
            }
        }
        self.shared.announce(Lsn(u64::MAX));
        Ok(())
    }
}

fn changed(committed: Committed) -> Reply {
    Reply::Changed(committed.message)
}
