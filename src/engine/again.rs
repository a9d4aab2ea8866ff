//! Identity derived again from the log, where a definition has changed how names are read.

use super::CommitError;
use super::keep::{Failed, Keeper};
use super::lane::Lane;
use super::shared::Shared;
use crate::audience::Delta;
use crate::lang;
use crate::lang::tree::{Declare, Statement, StatementKind};
use crate::model::{Lsn, Record, counted, grouped};
use crate::state::{Again, ApplyError, State, Tally, View};
use crate::store::{Damage, Records, StoreError};
use std::fmt;

/// Calls between two words on how far the reading has come.
const TELL_EVERY: u64 = 1_000_000;

/// Why identity could not be derived again.
#[derive(Debug)]
pub(super) enum Halted {
    /// The log could not be read.
    Log(StoreError),
    /// A record could not be taken in.
    Record(ApplyError),
    /// Rows could not be sealed.
    Keeper(Failed),
    /// Whoever holds the database is about to end.
    Leaving,
}

impl fmt::Display for Halted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Halted::Log(error) => error.fmt(f),
            Halted::Record(error) => error.fmt(f),
            Halted::Keeper(failed) => failed.fmt(f),
            Halted::Leaving => f.write_str("the database is being closed"),
        }
    }
}

impl From<Failed> for Halted {
    fn from(failed: Failed) -> Halted {
        Halted::Keeper(failed)
    }
}

/// A derivation on its way: who applies records hands them over one by one.
pub(super) struct Derivation {
    again: Box<Again>,
    lsn: Lsn,
    told: u64,
    _span: tracing::span::EnteredSpan,
}

impl Derivation {
    /// Begins, in the place of the rows that are there.
    pub fn begin(
        mut again: Box<Again>,
        state: &mut State,
        keeper: &mut Keeper,
    ) -> Result<Derivation, Halted> {
        let _span = tracing::info_span!("derive").entered();
        keeper.begin_again(state, again.state_mut())?;
        Ok(Derivation { again, lsn: state.lsn(), told: 0, _span })
    }

    /// Takes the next record, and seals rows; gives whether more are to follow.
    pub fn take(
        &mut self,
        record: Result<Record, Damage>,
        keeper: &mut Keeper,
    ) -> Result<bool, Halted> {
        let record = record.map_err(|damage| Halted::Log(damage.into()))?;
        if record.lsn >= self.lsn {
            return Ok(false);
        }
        tracing::trace!(record = record.lsn.0, "a record is taken in again");
        self.again.take(record).map_err(Halted::Record)?;
        keeper.tend(self.again.state_mut())?;
        let n_calls = self.again.tally().n_calls;
        if n_calls / TELL_EVERY > self.told {
            self.told = n_calls / TELL_EVERY;
            tracing::info!(calls = n_calls, "calls are read again");
        }
        Ok(true)
    }

    /// What was derived holds from here on.
    pub fn end(
        mut self,
        state: &mut State,
        keeper: &mut Keeper,
    ) -> Result<(Vec<Delta>, Tally), Halted> {
        keeper.end_again(state, self.again.state_mut())?;
        let shelf = keeper.shelf().clone();
        state.become_again(*self.again, &*shelf).map_err(|error| Halted::Record(error.into()))
    }
}

impl Lane {
    /// Derives identity again and announces what follows; gives what to say of
    /// it. Whoever reads meanwhile reads what held before.
    pub(super) fn derive_again(
        &mut self,
        again: Box<Again>,
        before: &View,
    ) -> Result<String, CommitError> {
        let records = self.records()?;
        let shared = self.shared();
        let work = |state: &mut _, keeper: &mut _| derive(records, again, (state, keeper), &shared);
        let derived = self.meanwhile(before, work);
        let (deltas, tally) = derived.map_err(|why| {
            let why = format!(
                "identity could not be derived again; the declaration is in the log, and the next \
                 opening does what it says: {why}"
            );
            self.stop(&why)
        })?;
        self.announce_deltas(&deltas)?;
        // What a checkpoint holds must be in the log for good.
        self.sync()?;
        let after = self.state.view(self.pages.clone());
        self.meanwhile(&after, |state, keeper| keeper.checkpoint(state))
            .map_err(|why| self.stop(&why.to_string()))?;
        Ok(said_of(tally, before.alive().len(), self.state.n_people()))
    }

    /// Whether a definition has everything derived again, so that it takes its time.
    pub(super) fn is_long(&self, text: &str) -> bool {
        let declares = |statement: &Statement| {
            matches!(statement.kind, StatementKind::Declare(Declare::Identifier { .. }))
        };
        self.state.next_identifier() > 1 && lang::parse(text).statements.iter().any(declares)
    }

    /// Room for the rows that are made anew, before those of now may go.
    pub(super) fn has_room_to_derive(&mut self) -> Result<(), CommitError> {
        let bytes = self.keeper.shelf().bytes();
        match &self.journal {
            Some(journal) => journal.has_room_for(bytes),
            None => Err(CommitError::ReadOnly),
        }
    }
}

fn derive(
    records: Records,
    again: Box<Again>,
    (state, keeper): (&mut State, &mut Keeper),
    shared: &Shared,
) -> Result<(Vec<Delta>, Tally), Halted> {
    let mut derivation = Derivation::begin(again, state, keeper)?;
    for record in records {
        if shared.is_leaving() {
            return Err(Halted::Leaving);
        }
        if !derivation.take(record, keeper)? {
            break;
        }
    }
    derivation.end(state, keeper)
}

fn said_of(tally: Tally, before: u64, after: u64) -> String {
    let mut said = format!(
        "who is who was derived again from {}, {} of which have such an identifier: {}, before {}",
        counted(tally.n_calls, "call", "calls"),
        grouped(tally.n_named),
        counted(after, "person", "people"),
        grouped(before),
    );
    for (n, what) in [(tally.n_lost, "now nobody's"), (tally.n_found, "nobody's before")] {
        if n > 0 {
            said.push_str(&format!("; {} {what}", counted(n, "call", "calls")));
        }
    }
    said
}
