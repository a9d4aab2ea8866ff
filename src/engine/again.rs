//! Identity derived again from the log, where a definition has changed how names are read.

use super::CommitError;
use super::keep::{Failed, Keeper};
use super::lane::Lane;
use crate::audience::Delta;
use crate::model::{Record, counted, grouped};
use crate::state::{Again, ApplyError, State, Tally};
use crate::store::{Damage, StoreError};
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
}

impl fmt::Display for Halted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Halted::Log(error) => error.fmt(f),
            Halted::Record(error) => error.fmt(f),
            Halted::Keeper(failed) => failed.fmt(f),
        }
    }
}

impl From<Failed> for Halted {
    fn from(failed: Failed) -> Halted {
        Halted::Keeper(failed)
    }
}

/// Reads every record before the state's last one again, seals rows on the way,
/// and lets what was derived hold.
pub(super) fn derive_again(
    records: impl Iterator<Item = Result<Record, Damage>>,
    mut again: Box<Again>,
    state: &mut State,
    keeper: &mut Keeper,
) -> Result<(Vec<Delta>, Tally), Halted> {
    let _span = tracing::info_span!("derive identity again").entered();
    let lsn = state.lsn();
    keeper.begin_again(state, again.state_mut())?;
    let mut told = 0;
    for record in records {
        let record = record.map_err(|damage| Halted::Log(damage.into()))?;
        if record.lsn >= lsn {
            break;
        }
        again.take(record).map_err(Halted::Record)?;
        keeper.tend(again.state_mut())?;
        if again.tally().n_calls / TELL_EVERY > told {
            told = again.tally().n_calls / TELL_EVERY;
            tracing::info!(calls = again.tally().n_calls, "calls are read again");
        }
    }
    keeper.end_again(state, again.state_mut())?;
    let shelf = keeper.shelf().clone();
    state.become_again(*again, &*shelf).map_err(|error| Halted::Record(error.into()))
}

impl Lane {
    /// Derives identity again and announces what follows; gives what to say of it.
    pub(super) fn derive_again(&mut self, again: Box<Again>) -> Result<String, CommitError> {
        let (records, before) = (self.records()?, self.state.n_people());
        let derived = derive_again(records, again, &mut self.state, &mut self.keeper);
        let (deltas, tally) = derived.map_err(|why| self.stop(&why.to_string()))?;
        self.announce_deltas(&deltas)?;
        self.checkpoint()?;
        let (after, n_calls) = (self.state.n_people(), tally.n_calls);
        let mut said = format!(
            "who is who was derived again from {}: {}, before {}",
            counted(n_calls, "call", "calls"),
            counted(after, "person", "people"),
            grouped(before),
        );
        for (n, what) in [(tally.n_lost, "now nobody's"), (tally.n_found, "nobody's before")] {
            if n > 0 {
                said.push_str(&format!("; {} {what}", counted(n, "call", "calls")));
            }
        }
        Ok(said)
    }
}
