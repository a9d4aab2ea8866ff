//! Raising the state: from the last checkpoint and the log after it, or, where
//! the rebuildable store is damaged, from the log alone.

use super::again::{Derivation, Halted};
use super::keep::{Failed, Keeper, RUNS_SKIPPED, load, resume};
use super::opening::Laps;
use super::pages::Shelf;
use super::{CommitError, OpenError, Opening, Options};
use crate::model::Lsn;
use crate::state::{Again, ApplyError, State};
use crate::store::{Access, Directory, Feed, Kv, KvError, Log, Start, StoreError};
use std::sync::Arc;

/// Records between two words on how far a long reading of the log has come.
const TELL_EVERY: u64 = 100_000;

/// A state that is up to date with the log.
pub(super) struct Raised {
    pub state: State,
    pub keeper: Keeper,
    /// Why the rebuildable store was built again, if it was.
    pub rebuilt: Vec<String>,
}

/// Why a state could not be raised.
enum Trouble {
    /// The rebuildable store is not what was written: the log can build it again.
    Damage(String),
    /// Anything else.
    Open(OpenError),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        match error {
            StoreError::Kv(error) => Failed::from(error).into(),
            error => Trouble::Open(error.into()),
        }
    }
}

impl From<Failed> for Trouble {
    fn from(failed: Failed) -> Trouble {
        match failed {
            // A full disk has damaged nothing.
            Failed::DiskFull => Trouble::Open(StoreError::Kv(KvError::DiskFull).into()),
            Failed::Damage(reason) => Trouble::Damage(reason),
        }
    }
}

/// Raises the state of a directory. Damage of what can be built again costs
/// time and nothing else.
pub(super) fn raise(
    directory: &Directory,
    log: &mut Log,
    feed: &mut Feed,
    options: &Options,
    opening: &mut Opening,
) -> Result<Raised, OpenError> {
    let mut rebuilt = Vec::new();
    let reason = match attempt(directory, log, feed, options, &mut rebuilt, opening) {
        Ok((state, keeper)) => return Ok(Raised { state, keeper, rebuilt }),
        Err(Trouble::Open(error)) => return Err(error),
        Err(Trouble::Damage(reason)) => reason,
    };
    tracing::warn!(reason, "the rebuildable store is built again from the log");
    Kv::condemn(directory.path(), &reason)?;
    match attempt(directory, log, feed, options, &mut rebuilt, opening) {
        Ok((state, keeper)) => Ok(Raised { state, keeper, rebuilt }),
        Err(Trouble::Open(error)) => Err(error),
        Err(Trouble::Damage(reason)) => {
            Err(OpenError::Store(StoreError::Kv(KvError::Failed(reason))))
        }
    }
}

fn attempt(
    directory: &Directory,
    log: &mut Log,
    feed: &mut Feed,
    options: &Options,
    rebuilt: &mut Vec<String>,
    opening: &mut Opening,
) -> Result<(State, Keeper), Trouble> {
    let mut laps = Laps::begin();
    let access = if options.read_only { Access::Read } else { Access::Write };
    let (kv, start) = Kv::open_for(directory, log, access)?;
    if !options.read_only {
        // Nobody knows of a record behind the last one, so what is torn may go.
        log.mend()?;
        feed.mend()?;
    }
    if let Some(rebuild) = &start.rebuild {
        tracing::warn!(reason = rebuild.reason, "the rebuildable store is built again");
        rebuilt.push(rebuild.reason.clone());
    }
    // Whatever cut the last building short, this goes on with it.
    let is_built = start.checkpoint.is_some() || log.last().is_none();
    let _span = (!is_built).then(|| tracing::info_span!("rebuild").entered());
    let shelf = Arc::new(Shelf::new(kv));
    let keeper = Keeper::start(shelf.clone(), start.checkpoint, options);
    let mut keeper = keeper.map_err(|error| Trouble::Open(OpenError::Thread(error)))?;
    let mut state = begin(&shelf, &start, directory)?;
    let second = super::second::second().map_err(|e| Trouble::Open(OpenError::Thread(e)))?;
    state.work_with(second, &super::crowd::on_all_cores);
    let share = |of: u64| usize::try_from(options.memory_budget / of).unwrap_or(usize::MAX);
    state.timeline().set_cache_budget(share(4) - share(16));
    state.set_columns_budget(share(16));
    if !options.read_only {
        state.recall(&*shelf).map_err(damage)?;
        if !start.is_clean {
            keeper.sweep(&state);
            state.timeline_mut().skip_runs(RUNS_SKIPPED);
        }
    }
    opening.checkpoint += laps.lap();
    replay(log, &mut state, &mut keeper)?;
    opening.replay += laps.lap();
    if options.live && !options.read_only {
        let is_of_checkpoint = start.checkpoint.is_some_and(|it| it.lsn == state.lsn());
        opening.resumed = is_of_checkpoint && resume(&shelf, &mut state);
        if opening.resumed {
            keeper.took_up();
        } else {
            state.go_live(&*shelf).map_err(damage)?;
        }
        opening.audiences += laps.lap();
    }
    Ok((state, keeper))
}

/// The state of the last checkpoint, or that before the first record.
fn begin(shelf: &Shelf, start: &Start, directory: &Directory) -> Result<State, Trouble> {
    let secret = directory.manifest().secret;
    let Some(checkpoint) = start.checkpoint else { return Ok(State::new(secret)) };
    Ok(load(shelf, checkpoint, secret)?)
}

/// Applies the records that the state does not have yet, sealing rows on the way.
fn replay(log: &Log, state: &mut State, keeper: &mut Keeper) -> Result<(), Trouble> {
    let shelf = keeper.shelf().clone();
    let last = log.last().unwrap_or_default();
    for record in log.read(Lsn(state.lsn().0 + 1)) {
        let record = record.map_err(StoreError::from)?;
        let lsn = record.lsn;
        let wrong = |source| match source {
            ApplyError::Page(error) => damage(error),
            source => Trouble::Open(OpenError::Replay { lsn, source }),
        };
        let changes = state.apply(record, None, &*shelf).map_err(wrong)?;
        if let Some(again) = changes.again {
            derive_again(log, again, state, keeper).map_err(|why| match why {
                Halted::Log(error) => error.into(),
                Halted::Keeper(failed) => failed.into(),
                Halted::Record(error) => wrong(error),
                Halted::Leaving => Trouble::Open(OpenError::Commit(CommitError::Closed)),
            })?;
        }
        tracing::trace!(record = lsn.0, "a record is read again");
        keeper.tend(state)?;
        if lsn.0 % TELL_EVERY == 0 {
            tracing::info!(record = lsn.0, of = last.0, "the log is read again");
        }
    }
    Ok(())
}

/// Derives identity again where a record declares another policy.
fn derive_again(
    log: &Log,
    again: Box<Again>,
    state: &mut State,
    keeper: &mut Keeper,
) -> Result<(), Halted> {
    let mut derivation = Derivation::begin(again, state, keeper)?;
    for record in log.read(Lsn(1)) {
        if !derivation.take(record, keeper)? {
            break;
        }
    }
    derivation.end(state, keeper).map(drop)
}

fn damage(error: crate::timeline::PageError) -> Trouble {
    Trouble::Damage(error.to_string())
}
