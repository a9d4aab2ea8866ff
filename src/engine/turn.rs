//! One turn of the writer: the requests that are there, or else what comes up by itself.

use super::group::Group;
use super::lane::{Lane, RELAXED};
use super::request::{Change, Order, Reply, Request};
use super::{Clock, CommitError, clock};
use crossbeam::channel::TryRecvError;
use std::time::{Duration, Instant};

/// The longest that the writer sleeps before it looks at the clock again.
const NAP: Duration = Duration::from_secs(1);

/// What is to be done after a turn.
pub(super) enum Turn {
    /// There may be more.
    Again,
    /// Nothing until somebody asks, or until this instant, or until the keeper has news,
    /// where those are heard.
    Rest { until: Instant, hears: bool },
    /// That was the last one.
    End(Result<(), CommitError>),
}

impl Lane {
    /// Serves the requests that are there, as one group; without any, does what has come up.
    pub fn turn(&mut self) -> Turn {
        match self.come_in() {
            Ok(first) => self.serve(first).map_or(Turn::Again, Turn::End),
            // Every handle is gone.
            Err(TryRecvError::Disconnected) => Turn::End(self.end()),
            Err(TryRecvError::Empty) => self.rest(),
        }
    }

    /// Whether nothing waits that came before.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.inbox.is_empty()
    }

    /// One request by itself, and after how long there is something else to do. Sealing and what
    /// else keeps memory small is left to the writer: who asked waits for no more than the answer.
    pub fn serve_alone(&mut self, request: Request) -> Duration {
        let mut group = Group::begin(self.sync_took);
        self.take(request, &mut group);
        self.finish(group);
        if self.is_to_be_kept_small() { Duration::ZERO } else { self.nap() }
    }

    /// A group that begins with this request; gives how the lane ended, should it be told to.
    fn serve(&mut self, first: Request) -> Option<Result<(), CommitError>> {
        let mut group = Group::begin(self.sync_took);
        let mut is_long = self.is_long_request(&first);
        self.take(first, &mut group);
        // Nobody waits for a reply because of what takes its time.
        while group.is_open() && !is_long {
            let Ok(next) = self.come_in() else { break };
            is_long = self.is_long_request(&next);
            match is_long {
                true => self.waiting.push_front(next),
                false => self.take(next, &mut group),
            }
        }
        let closing = self.finish(group);
        self.keep_small();
        let closing = closing?;
        let ended = self.end();
        let _gone = closing.send(ended.clone().map(|()| Reply::Done));
        Some(ended)
    }

    /// The next request that is there.
    fn come_in(&mut self) -> Result<Request, TryRecvError> {
        self.waiting.pop_front().map_or_else(|| self.inbox.try_recv(), Ok)
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

    /// Does what has come up by itself.
    fn rest(&mut self) -> Turn {
        if let Some(outcome) = self.keeper.news() {
            self.hear(outcome);
        }
        self.keep_small();
        if self.stopped.is_none() && self.behind.is_some_and(|since| since.elapsed() >= RELAXED) {
            // A failure stops the lane, and the next request is told.
            let _stopped = self.sync();
        }
        self.tick();
        Turn::Rest { until: Instant::now() + self.nap(), hears: self.stopped.is_none() }
    }

    /// How long nothing can happen by itself.
    pub fn nap(&self) -> Duration {
        // What is not on disk when the lane stops never gets there.
        let behind = self.behind.filter(|_| self.stopped.is_none());
        let nap = behind.map_or(NAP, |since| RELAXED.saturating_sub(since.elapsed()));
        let Some(due) = self.state.due().filter(|_| self.ticks()) else { return nap };
        let ms = due.since(clock::wall_now()).max(0) as u64;
        nap.min(Duration::from_millis(ms))
    }

    fn ticks(&self) -> bool {
        self.clock == Clock::Wall && self.journal.is_some() && self.stopped.is_none()
    }

    /// Time alone has changed something: a commit at the instant that was due.
    fn tick(&mut self) {
        let now = clock::wall_now();
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
}
