//! One commit: its time, its record, what follows from it.

use super::lane::Lane;
use super::request::Change;
use super::{Clock, CommitError, CommitTime, Durability, Receipt, clock};
use crate::identity::Named;
use crate::lang;
use crate::model::limits::RECORD_CALLS_MAX;
use crate::model::{Call, Input, Lsn, Record, Text, Timestamp};
use crate::state::Changes;
use crate::store::StoreError;
use std::time::Instant;

/// What a change gets back.
pub(super) struct Committed {
    pub message: Option<String>,
}

impl Lane {
    /// Takes calls in as one record; the ones that were refused are no part of it.
    pub fn calls(
        &mut self,
        calls: Vec<Call>,
        bulk: bool,
        time: CommitTime,
    ) -> Result<Receipt, CommitError> {
        self.ready()?;
        if calls.len() > RECORD_CALLS_MAX {
            return Err(CommitError::TooManyCalls { given: calls.len(), limit: RECORD_CALLS_MAX });
        }
        let newest =
            calls.iter().filter_map(|call| call.when).fold(self.state.newest(), Timestamp::max);
        let at = self.time(time, newest)?;
        let pages = self.pages.clone();
        let admitted =
            self.state.admit(calls, at, &*pages).map_err(|error| self.stop(&error.to_string()))?;
        let mut receipt = Receipt {
            accepted: admitted.calls.len() as u64,
            duplicates: admitted.duplicates.len() as u64,
            conflicting: admitted.conflicting,
            refused: admitted.refused,
            durable: self.options.durability == Durability::Synced,
            ..Receipt::default()
        };
        if !admitted.calls.is_empty() {
            let calls = admitted.calls;
            let input = if bulk { Input::Bulk(calls) } else { Input::Calls(calls) };
            self.commit(at, input, Some(admitted.named))?;
            (receipt.lsn, receipt.at) = (Some(self.state.lsn()), Some(at));
        }
        Ok(receipt)
    }

    /// Changes a definition, a link, or who is known.
    pub fn change(&mut self, change: Change, time: CommitTime) -> Result<Committed, CommitError> {
        self.ready()?;
        let at = self.time(time, self.state.newest())?;
        let changes = match change {
            Change::Define(text) => return self.define(at, text),
            Change::Link(a, b) => {
                self.commit(at, Input::Link(a.to_string().into(), b.to_string().into()), None)?
            }
            Change::Unlink(a, b) => {
                self.commit(at, Input::Unlink(a.to_string().into(), b.to_string().into()), None)?
            }
            Change::Forget { personal, tenures, suppress } => {
                self.commit(at, Input::Forget { personal, tenures, suppress }, None)?
            }
        };
        Ok(Committed { message: changes.message })
    }

    /// Lets time pass, which is a record only if it passes.
    pub fn advance(&mut self, at: Timestamp) -> Result<Committed, CommitError> {
        self.ready()?;
        let at = self.time(CommitTime::At(at), self.state.newest())?;
        if at > self.state.at() {
            self.commit(at, Input::Tick, None)?;
        }
        Ok(Committed { message: None })
    }

    /// A definition: tried on a copy of the catalog first, so that the log
    /// never holds one that cannot be applied. The audiences that it changes
    /// become live by records of their own.
    fn define(&mut self, at: Timestamp, text: Text) -> Result<Committed, CommitError> {
        let parsed = lang::parse(&text);
        let mut trial = self.state.catalog().clone();
        for statement in &parsed.statements {
            trial.define(statement, at).map_err(CommitError::Definition)?;
        }
        let changes = self.commit(at, Input::Define(text), None)?;
        for name in changes.changed {
            self.commit(at, Input::Activate(name), None)?;
        }
        Ok(Committed { message: changes.message })
    }

    /// Logs a record, applies it, and hands what follows to the feed.
    pub fn commit(
        &mut self,
        at: Timestamp,
        input: Input,
        named: Option<Vec<Named>>,
    ) -> Result<Changes, CommitError> {
        self.commit_as(Lsn(self.state.lsn().0 + 1), at, input, named)
    }

    /// The same under a number above the last one's.
    pub fn commit_as(
        &mut self,
        lsn: Lsn,
        at: Timestamp,
        input: Input,
        named: Option<Vec<Named>>,
    ) -> Result<Changes, CommitError> {
        let record = Record { lsn, at, first_identifier: self.state.next_identifier(), input };
        let journal = self.journal.as_mut().ok_or(CommitError::ReadOnly)?;
        match journal.log(&record) {
            Ok(()) => {}
            // The log is as it was: the record is refused, and nothing else.
            Err(StoreError::TooLarge { what, given, limit }) => {
                self.state.take_back(&record.input);
                return Err(CommitError::TooLarge { what, given, limit });
            }
            Err(error) => return Err(self.stop(&error.to_string())),
        }
        self.behind.get_or_insert_with(Instant::now);
        let pages = self.pages.clone();
        let changes = match self.state.apply(record, named, &*pages) {
            Ok(changes) => changes,
            Err(error) => return Err(self.stop(&error.to_string())),
        };
        self.announce(&changes)?;
        Ok(changes)
    }

    fn announce(&mut self, changes: &Changes) -> Result<(), CommitError> {
        let (lsn, at) = (self.state.lsn(), self.state.at());
        let Some(journal) = &mut self.journal else { return Ok(()) };
        let told = journal.feed(lsn, at, &changes.deltas).and_then(|()| {
            let mut dropped = changes.dropped.iter().cloned();
            dropped.try_for_each(|name| journal.feed_drop(lsn, at, name))
        });
        told.map_err(|error| self.stop(&error.to_string()))
    }

    /// Whether a change can be taken in at all.
    fn ready(&mut self) -> Result<(), CommitError> {
        match (&self.stopped, &mut self.journal) {
            (Some(why), _) => Err(CommitError::Stopped(why.clone())),
            (None, None) => Err(CommitError::ReadOnly),
            (None, Some(journal)) => journal.has_room(),
        }
    }

    /// The time of the next commit: never before the last one's.
    pub fn time(&self, time: CommitTime, newest: Timestamp) -> Result<Timestamp, CommitError> {
        let last = self.state.at();
        match (time, self.clock) {
            (CommitTime::At(given), _) if given < last => {
                Err(CommitError::TimeGoesBack { given, last })
            }
            (CommitTime::At(given), _) => Ok(given),
            (CommitTime::Follow, _) => Ok(newest.max(last)),
            (CommitTime::Clock, Clock::Given) => {
                Ok(if last == Timestamp::MIN { newest.max(clock::EPOCH) } else { last })
            }
            (CommitTime::Clock, Clock::Wall) => Ok(clock::wall_now().max(last)),
        }
    }
}
