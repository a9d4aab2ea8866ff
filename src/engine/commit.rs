//! One commit: its time, its record, what follows from it.

use super::lane::Lane;
use super::prepared::Prepared;
use super::request::Change;
use super::{Clock, CommitError, CommitTime, Durability, Receipt, clock};
use crate::audience::Delta;
use crate::identity::Named;
use crate::lang;
use crate::model::limits::RECORD_CALLS_MAX;
use crate::model::{Input, Lsn, Record, Text, Timestamp, counted};
use crate::state::{Admitted, Changes, Offer, Spent};
use crate::store::{Draft, StoreError};
use std::time::Instant;

/// What was made of admitted calls already.
pub(super) struct Made {
    named: Vec<Named>,
    /// None where the writer writes the record.
    draft: Option<Draft>,
}

/// What a change gets back.
pub(super) struct Committed {
    pub message: Option<String>,
}

impl Lane {
    /// Takes calls in as one record; the ones that were refused are no part of
    /// it. Gives what is left of them as well, for who brought them to free.
    pub fn calls(
        &mut self,
        calls: Prepared,
        bulk: bool,
        time: CommitTime,
    ) -> Result<(Receipt, Spent), CommitError> {
        self.ready()?;
        let Prepared { offer, draft } = calls;
        let given = offer.calls().len();
        let (at, admitted) = self.admit(offer, time)?;
        // A draft is of all the calls, so it holds only if none is left out.
        let is_whole = admitted.calls.len() == given;
        self.shared.drafts.note(is_whole);
        let draft = draft.filter(|_| is_whole);
        let mut receipt = receipt_of(&admitted);
        receipt.durable = self.options.durability == Durability::Synced;
        let mut spent = Spent::default();
        if !admitted.calls.is_empty() {
            let calls = admitted.calls;
            let input = if bulk { Input::Bulk(calls) } else { Input::Calls(calls) };
            let made = Made { named: admitted.named, draft };
            spent = self.commit(at, input, Some(made))?.spent;
            (receipt.lsn, receipt.at) = (Some(self.state.lsn()), Some(at));
        }
        Ok((receipt, spent))
    }

    /// What would become of calls. What the door took note of is taken back.
    pub fn try_calls(
        &mut self,
        calls: Prepared,
        time: CommitTime,
    ) -> Result<(Receipt, Spent), CommitError> {
        if !self.knows_ids {
            let pages = self.pages.clone();
            self.state.recall(&*pages).map_err(|error| self.stop(&error.to_string()))?;
            self.knows_ids = true;
        }
        let (_, admitted) = self.admit(calls.offer, time)?;
        let receipt = receipt_of(&admitted);
        self.state.take_back(&Input::Calls(admitted.calls));
        Ok((receipt, Spent::default()))
    }

    /// Sorts calls at the door, at the time that their commit has.
    fn admit(
        &mut self,
        offer: Offer,
        time: CommitTime,
    ) -> Result<(Timestamp, Admitted), CommitError> {
        let given = offer.calls().len();
        if given > RECORD_CALLS_MAX {
            return Err(CommitError::TooManyCalls { given, limit: RECORD_CALLS_MAX });
        }
        let whens = offer.calls().iter().filter_map(|call| call.when);
        let at = self.time(time, whens.fold(self.state.newest(), Timestamp::max))?;
        let pages = self.pages.clone();
        let admitted =
            self.state.admit(offer, at, &*pages).map_err(|error| self.stop(&error.to_string()))?;
        Ok((at, admitted))
    }

    /// Changes a definition, a link, or who is known.
    pub fn change(&mut self, change: Change, time: CommitTime) -> Result<Committed, CommitError> {
        self.ready()?;
        let at = self.time(time, self.state.newest())?;
        let changes = match change {
            Change::Define(text) => return self.define_one(at, text),
            Change::Program { text, base } => {
                if !self.state.catalog().is_defined_as(&base) {
                    return Err(CommitError::OtherDefinitions);
                }
                return self.define_one(at, text);
            }
            Change::Link(a, b) => {
                self.commit(at, Input::Link(a.to_string().into(), b.to_string().into()), None)?
            }
            Change::Unlink(a, b) => {
                self.commit(at, Input::Unlink(a.to_string().into(), b.to_string().into()), None)?
            }
            Change::ForgetEvent(message) => return self.forget_event(at, message),
            Change::Freeze { audience, list } => {
                let members = self.members_of(&audience)?;
                self.commit(at, Input::Freeze { list, members }, None)?
            }
            Change::Forget { personal, tenures, suppress } => {
                self.commit(at, Input::Forget { personal, tenures, suppress }, None)?
            }
        };
        Ok(Committed { message: changes.message })
    }

    /// Whose names a frozen list holds: members as of the commit.
    fn members_of(&mut self, audience: &str) -> Result<Vec<u32>, CommitError> {
        let members = self.state.live().and_then(|live| live.members(audience));
        let Some(members) = members else { return Err(CommitError::ReadOnly) };
        Ok(members.iter().map(|seat| seat.0).collect())
    }

    /// Strikes an event. What it said of who is who is unsaid by deriving all
    /// of that again.
    fn forget_event(&mut self, at: Timestamp, message: Text) -> Result<Committed, CommitError> {
        self.has_room_to_derive()?;
        let before = self.state.view(self.pages.clone());
        let mut changes = self.commit(at, Input::ForgetEvent(message.clone()), None)?;
        let Some(again) = changes.again.take() else {
            return Ok(Committed { message: changes.message });
        };
        let n = counted(again.n_forgotten(), "event", "events");
        self.derive_again(again, &before)?;
        Ok(Committed { message: Some(format!("forgot {n} of message id `{message}`")) })
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

    fn define_one(&mut self, at: Timestamp, text: Text) -> Result<Committed, CommitError> {
        let changes = self.define(at, text)?;
        self.activate_all(changes.changed)?;
        Ok(Committed { message: changes.message })
    }

    /// A definition: tried on a copy of the catalog first, so that the log
    /// never holds one that cannot be applied. The audiences that it changes
    /// become live by records of their own.
    fn define(&mut self, at: Timestamp, text: Text) -> Result<Changes, CommitError> {
        let parsed = lang::parse(&text);
        // Printed, a text may be longer than it was: what cannot be read again is not logged.
        if !parsed.diagnostics.is_empty() {
            return Err(CommitError::Definition(parsed.diagnostics));
        }
        let mut trial = self.state.catalog().clone();
        trial.define_all(&parsed.statements, at).map_err(|found| {
            CommitError::Definition(found.into_iter().map(|wrong| wrong.diagnostic).collect())
        })?;
        let before = match self.is_long(&text) {
            true => {
                self.has_room_to_derive()?;
                Some(self.state.view(self.pages.clone()))
            }
            false => None,
        };
        let mut changes = self.commit(at, Input::Define(text), None)?;
        self.shared.read_by(self.state.policy().clone());
        if let Some((again, before)) = changes.again.take().zip(before) {
            let derived = self.derive_again(again, &before)?;
            changes.message = changes.message.map(|message| format!("{message}; {derived}"));
        }
        Ok(changes)
    }

    /// Definitions of a program that follow one another: a record for each, and then
    /// one for each audience that becomes live. Gives what those say of themselves
    /// that were taken in, and what was wrong with the next one.
    pub fn define_each(
        &mut self,
        texts: Vec<Text>,
        time: CommitTime,
    ) -> Result<(Vec<String>, Option<CommitError>), CommitError> {
        let (mut messages, mut changed, mut wrong) = (Vec::new(), Vec::new(), None);
        for text in texts {
            let defined = self.ready().and_then(|()| {
                let at = self.time(time, self.state.newest())?;
                self.define(at, text)
            });
            match defined {
                Ok(changes) => {
                    messages.push(changes.message.unwrap_or_default());
                    changed.extend(changes.changed);
                }
                Err(error) => {
                    wrong = Some(error);
                    break;
                }
            }
        }
        self.activate_all(changed)?;
        Ok((messages, wrong))
    }

    /// Audiences become live by records of their own, and everybody is read once for
    /// all of them.
    fn activate_all(&mut self, names: Vec<Text>) -> Result<(), CommitError> {
        let at = self.state.at();
        if names.len() > 1 {
            self.goes_on()?;
            let pages = self.pages.clone();
            let prepared = self.state.prepare(&names, &*pages);
            prepared.map_err(|error| self.stop(&error.to_string()))?;
        }
        for name in names {
            self.goes_on()?;
            self.commit(at, Input::Activate(name), None)?;
        }
        self.state.end_preparing();
        Ok(())
    }

    /// Whether what has begun is carried on, or left to the next opening.
    fn goes_on(&mut self) -> Result<(), CommitError> {
        if let Some(why) = &self.stopped {
            return Err(CommitError::Stopped(why.clone()));
        }
        match self.shared.is_leaving() {
            false => Ok(()),
            true => Err(self.stop(
                "the database is being closed; the definition is in the log, and the next opening \
                 makes its audiences live",
            )),
        }
    }

    /// Logs a record, applies it, and hands what follows to the feed.
    pub fn commit(
        &mut self,
        at: Timestamp,
        input: Input,
        made: Option<Made>,
    ) -> Result<Changes, CommitError> {
        self.commit_as(Lsn(self.state.lsn().0 + 1), at, input, made)
    }

    /// The same under a number above the last one's.
    pub fn commit_as(
        &mut self,
        lsn: Lsn,
        at: Timestamp,
        input: Input,
        made: Option<Made>,
    ) -> Result<Changes, CommitError> {
        let (named, draft) = made.map(|made| (made.named, made.draft)).unzip();
        let record = Record { lsn, at, first_identifier: self.state.next_identifier(), input };
        let journal = self.journal.as_mut().ok_or(CommitError::ReadOnly)?;
        match journal.log(&record, draft.flatten().as_ref()) {
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
        self.announce_deltas(&changes.deltas)?;
        let (lsn, at) = (self.state.lsn(), self.state.at());
        let Some(journal) = &mut self.journal else { return Ok(()) };
        let mut dropped = changes.dropped.iter().cloned();
        let told = dropped.try_for_each(|name| journal.feed_drop(lsn, at, name));
        told.map_err(|error| self.stop(&error.to_string()))
    }

    pub(super) fn announce_deltas(&mut self, deltas: &[Delta]) -> Result<(), CommitError> {
        let (lsn, at) = (self.state.lsn(), self.state.at());
        let Some(journal) = &mut self.journal else { return Ok(()) };
        journal.feed(lsn, at, deltas).map_err(|error| self.stop(&error.to_string()))
    }

    /// Whether a change can be taken in at all.
    fn ready(&mut self) -> Result<(), CommitError> {
        match (&self.stopped, &mut self.journal) {
            _ if self.shared.is_leaving() => Err(CommitError::Closed),
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

fn receipt_of(admitted: &Admitted) -> Receipt {
    Receipt {
        accepted: admitted.calls.len() as u64,
        duplicates: admitted.duplicates.len() as u64,
        conflicting: admitted.conflicting.clone(),
        refused: admitted.refused.clone(),
        ..Receipt::default()
    }
}
