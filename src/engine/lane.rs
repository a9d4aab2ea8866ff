//! The lane: one writer that orders everything, in groups that share a sync.

use super::commit::Committed;
use super::journal::Journal;
use super::keep::Keeper;
use super::request::{Change, Order, Reply, Request};
use super::shared::Shared;
use super::{Clock, CommitError, Durability, Opening, Options};
use crate::model::Lsn;
use crate::state::State;
use crate::store::{Directory, Endpoint, Entries, Feed, Log, Records, Torn};
use crate::timeline::Pages;
use crossbeam::channel::{Receiver, Sender};
use crossbeam::select;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Requests that may share one sync of the log.
const GROUP_MAX: usize = 256;
/// A group ends when nothing more is there, and at the latest after this time or that of so
/// many syncs: nobody waits for commits that come without an end, and a slow disk is waited
/// for a fifth of the time at most.
const GROUP_TIME: Duration = Duration::from_millis(10);
const SYNCS_OF_A_GROUP: u32 = 4;
/// How long an acknowledgement may be ahead of the disk where that was asked for.
const RELAXED: Duration = Duration::from_millis(100);
/// The longest that the lane sleeps before it looks at the clock again.
const NAP: Duration = Duration::from_secs(1);

/// The writer and all that it alone may change.
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

/// What ended a wait.
enum Next {
    Request(Request),
    Nothing,
    End,
}

type ReplyTo = Sender<Result<Reply, CommitError>>;

/// Requests whose replies wait for one sync.
pub(super) struct Group {
    closes_at: Instant,
    waiting: Vec<(ReplyTo, Result<Reply, CommitError>)>,
    views: Vec<ReplyTo>,
    closing: Option<ReplyTo>,
}

impl Group {
    pub(super) fn begin(sync_took: Duration) -> Group {
        let time = (SYNCS_OF_A_GROUP * sync_took).max(GROUP_TIME);
        let (waiting, views) = (Vec::new(), Vec::new());
        Group { closes_at: Instant::now() + time, waiting, views, closing: None }
    }

    fn is_open(&self) -> bool {
        let has_room = self.waiting.len() + self.views.len() < GROUP_MAX;
        self.closing.is_none() && has_room && Instant::now() < self.closes_at
    }
}

impl Lane {
    /// What readers and subscribers look at.
    pub fn shared(&self) -> Arc<Shared> {
        self.shared.clone()
    }

    /// Works until it is told to close, or until every handle is gone.
    pub fn run(mut self) -> Result<(), CommitError> {
        loop {
            let first = match self.next() {
                Next::Request(request) => request,
                Next::Nothing => continue,
                Next::End => return self.end(),
            };
            let mut group = Group::begin(self.sync_took);
            let mut is_long = self.is_long_request(&first);
            self.take(first, &mut group);
            // Nobody waits for a reply because of what takes its time.
            while group.is_open() && !is_long {
                let Some(next) = self.come_in() else { break };
                is_long = self.is_long_request(&next);
                match is_long {
                    true => self.waiting.push_front(next),
                    false => self.take(next, &mut group),
                }
            }
            if let Some(closing) = self.finish(group) {
                let ended = self.end();
                let _gone = closing.send(ended.clone().map(|()| Reply::Done));
                return ended;
            }
        }
    }

    /// Waits for a request, and meanwhile does what comes up by itself.
    fn next(&mut self) -> Next {
        if let Some(waiting) = self.waiting.pop_front() {
            return Next::Request(waiting);
        }
        let news = self.keeper.news();
        select! {
            recv(self.inbox) -> request => request.map_or(Next::End, Next::Request),
            recv(news) -> outcome => {
                if let Ok(outcome) = outcome {
                    self.hear(outcome);
                    self.keep_small();
                }
                Next::Nothing
            }
            default(self.nap()) => {
                if self.behind.is_some_and(|since| since.elapsed() >= RELAXED) {
                    // A failure stops the lane, and the next request is told.
                    let _stopped = self.sync();
                }
                self.tick();
                Next::Nothing
            }
        }
    }

    /// The next request that is there.
    fn come_in(&mut self) -> Option<Request> {
        self.waiting.pop_front().or_else(|| self.inbox.try_recv().ok())
    }

    fn is_long_request(&self, request: &Request) -> bool {
        match &request.order {
            Order::Change {
                change: Change::Define(text) | Change::Program { text, .. }, ..
            } => self.is_long(text),
            Order::Change { change: Change::ForgetEvent(_), .. } => true,
            _ => false,
        }
    }

    /// How long nothing can happen by itself.
    fn nap(&self) -> Duration {
        let nap = self.behind.map_or(NAP, |since| RELAXED.saturating_sub(since.elapsed()));
        let Some(due) = self.state.due().filter(|_| self.ticks()) else { return nap };
        let ms = due.since(super::clock::wall_now()).max(0) as u64;
        nap.min(Duration::from_millis(ms))
    }

    /// Whether replies may go out before the disk has what they say.
    fn may_be_behind(&self, group: &Group) -> bool {
        let Some(since) = self.behind else { return true };
        let relaxed = self.options.durability == Durability::Relaxed;
        relaxed && group.closing.is_none() && since.elapsed() < RELAXED
    }

    fn ticks(&self) -> bool {
        self.clock == Clock::Wall && self.journal.is_some() && self.stopped.is_none()
    }

    /// Time alone has changed something: a commit at the instant that was due.
    fn tick(&mut self) {
        let now = super::clock::wall_now();
        let Some(due) = self.state.due().filter(|due| self.ticks() && *due <= now) else { return };
        // A lane that was asleep for long announces once, at the time that it is now.
        let at = if now.since(due) < 1_000 { due } else { now };
        let at = at.max(self.state.at());
        self.shared.begin();
        let mut group = Group::begin(self.sync_took);
        if let Err(error) = self.advance(at) {
            tracing::error!(%error, "time could not pass");
        }
        group.views.clear();
        self.finish(group);
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
            Order::Info => {
                let shelf = self.keeper.shelf().clone();
                self.numbers().map(|info| Reply::Info(Box::new(info), shelf))
            }
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
        self.keep_small();
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

    /// Nothing more is taken in: a write failed, or the state is in doubt.
    pub fn stop(&mut self, why: &str) -> CommitError {
        tracing::error!(why, "the database stops taking changes");
        let why: Arc<str> = why.into();
        self.stopped = Some(why.clone());
        CommitError::Stopped(why)
    }

    fn end(&mut self) -> Result<(), CommitError> {
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
