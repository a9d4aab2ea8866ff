//! The one worker in the background: it seals, merges and writes, one job after another.

use crate::audience::Rest;
use crate::engine::manners::{Hurry, Manners};
use crate::engine::pages::Shelf;
use crate::model::Timestamp;
use crate::state::Snapshot;
use crate::store::{Checkpoint, Kv, KvError, Pieces, StoreError, encode_standing, shapes};
use crate::timeline::{Change, PageError, PageKey, StaleChange, Timeline};
use crossbeam::channel::{Receiver, Sender};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// Pages that are written at once.
const PAGES: usize = 256;

/// What the worker is to do.
pub enum Job {
    /// Removes what a crash has left; these runs stay, and all that come later.
    Sweep(BTreeSet<u32>),
    /// The tail becomes runs, and if asked for, a checkpoint of all up to it is made.
    Seal { timeline: Timeline, at: Timestamp, checkpoint: Option<Box<Order>> },
    /// Runs become fewer, if some are too many.
    Merge { timeline: Timeline, at: Timestamp },
    /// The last checkpoint is made once more, with what is kept for standing audiences.
    LayDown { rest: Box<Rest>, checkpoint: Checkpoint, is_clean: bool },
}

/// A checkpoint that is to be made.
pub struct Order {
    pub snapshot: Snapshot,
    /// Whether the checkpoint before is of the same record: what it has of standing
    /// audiences holds.
    pub is_again: bool,
    pub epoch: u64,
    /// Pages that neither it nor anybody reads: they go once it is durable.
    pub dead: Vec<PageKey>,
    /// Whether nothing is left behind that a sweep would find.
    pub is_clean: bool,
}

/// What became of a job.
pub struct Outcome {
    /// What is to be installed. Its pages are written and no longer in it.
    pub change: Option<Change>,
    /// The checkpoint that is durable now.
    pub checkpoint: Option<Checkpoint>,
}

/// Why a job was not done. The log has everything all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Failed {
    /// The disk is full. Nothing is damaged by that.
    DiskFull,
    /// The rebuildable store is not what it should be.
    Damage(String),
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failed::DiskFull => KvError::DiskFull.fmt(f),
            Failed::Damage(what) => f.write_str(what),
        }
    }
}

impl From<KvError> for Failed {
    fn from(error: KvError) -> Failed {
        match error {
            KvError::DiskFull => Failed::DiskFull,
            error => Failed::Damage(error.to_string()),
        }
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Failed {
        match error {
            StoreError::Kv(error) => error.into(),
            StoreError::Full { .. } => Failed::DiskFull,
            error => Failed::Damage(error.to_string()),
        }
    }
}

impl From<PageError> for Failed {
    fn from(error: PageError) -> Failed {
        Failed::Damage(error.to_string())
    }
}

impl From<StaleChange> for Failed {
    fn from(error: StaleChange) -> Failed {
        Failed::Damage(error.to_string())
    }
}

/// Works until there are no more orders.
pub fn work(
    shelf: &Arc<Shelf>,
    hurry: Hurry,
    jobs: &Receiver<Job>,
    done: &Sender<Result<Outcome, Failed>>,
) {
    let mut manners = Manners::new(hurry);
    for job in jobs {
        let outcome = perform(shelf, job, &mut || manners.rest());
        if done.send(outcome).is_err() {
            return;
        }
    }
}

fn perform(shelf: &Shelf, job: Job, pause: &mut dyn FnMut()) -> Result<Outcome, Failed> {
    match job {
        Job::Sweep(runs) => {
            let _span = tracing::debug_span!("sweep").entered();
            let keep = |key: &[u8]| PageKey::from_bytes(key).is_some_and(|k| runs.contains(&k.run));
            let n_pages = on(shelf, |kv| kv.sweep(keep).map_err(Failed::from))?;
            tracing::info!(n_pages, "what a crash had left was removed");
            Ok(Outcome { change: None, checkpoint: None })
        }
        Job::Seal { timeline, at, checkpoint } => seal(shelf, &timeline, at, checkpoint, pause),
        Job::LayDown { rest, checkpoint, is_clean } => {
            let made = lay_down(shelf, *rest, checkpoint, is_clean)?;
            Ok(Outcome { change: None, checkpoint: Some(made) })
        }
        Job::Merge { timeline, at } => {
            let change = timeline.is_merge_due(at).then(|| merge(shelf, &timeline, at, pause));
            Ok(Outcome { change: change.transpose()?.flatten(), checkpoint: None })
        }
    }
}

fn merge(
    shelf: &Shelf,
    timeline: &Timeline,
    at: Timestamp,
    pause: &mut dyn FnMut(),
) -> Result<Option<Change>, Failed> {
    let _span = tracing::debug_span!("merge", runs = timeline.n_runs()).entered();
    let mut change = timeline.merge_pausing(shelf, at, pause).map_err(Failed::from)?;
    change.iter_mut().try_for_each(|change| write(shelf, change, pause))?;
    Ok(change)
}

fn seal(
    shelf: &Shelf,
    timeline: &Timeline,
    at: Timestamp,
    checkpoint: Option<Box<Order>>,
    pause: &mut dyn FnMut(),
) -> Result<Outcome, Failed> {
    let change = (timeline.tail_len() > 0).then(|| sealed(shelf, timeline, at, pause));
    let change = change.transpose()?;
    let after = change.as_ref().map(|change| timeline.after(change));
    let after = after.transpose().map_err(Failed::from)?;
    let sealed = after.as_ref().unwrap_or(timeline);
    let checkpoint =
        checkpoint.map(|order| checkpoint_of(shelf, sealed, *order, pause)).transpose()?;
    Ok(Outcome { change, checkpoint })
}

fn sealed(
    shelf: &Shelf,
    timeline: &Timeline,
    at: Timestamp,
    pause: &mut dyn FnMut(),
) -> Result<Change, Failed> {
    let _span = tracing::debug_span!("seal", rows = timeline.tail_len()).entered();
    let mut change = timeline.seal_pausing(at, pause);
    write(shelf, &mut change, pause)?;
    Ok(change)
}

/// Writes the pages of a change, and keeps them in memory no longer.
fn write(shelf: &Shelf, change: &mut Change, pause: &mut dyn FnMut()) -> Result<(), Failed> {
    let pages = std::mem::take(&mut change.pages);
    tracing::debug!(n_rows = change.n_rows, n_pages = pages.len(), "runs are made");
    pages.chunks(PAGES).try_for_each(|pages| {
        pause();
        let keys: Vec<[u8; 16]> = pages.iter().map(|(key, _)| key.to_bytes()).collect();
        let entries = keys.iter().zip(pages).map(|(key, (_, page))| (&key[..], &page[..]));
        on(shelf, |kv| kv.put_pages(entries).map_err(Failed::from))
    })
}

/// Makes a checkpoint: rows that are sealed, and everything else at the record
/// of the snapshot. All that it names is written before it is declared.
fn checkpoint_of(
    shelf: &Shelf,
    sealed: &Timeline,
    order: Order,
    pause: &mut dyn FnMut(),
) -> Result<Checkpoint, Failed> {
    let checkpoint = Checkpoint { lsn: order.snapshot.lsn(), epoch: order.epoch };
    let _span = tracing::debug_span!("checkpoint", record = checkpoint.lsn.0).entered();
    on(shelf, |kv| {
        let mut pieces = kv.begin_pieces(order.epoch);
        put_rows(&mut pieces, sealed).map_err(Failed::from)?;
        put_state(&mut pieces, &order.snapshot, pause)?;
        if order.is_again {
            pieces.keep(is_standing);
        }
        let n_bytes = pieces.finish(checkpoint, order.is_clean).map_err(Failed::from)?;
        tracing::debug!(lsn = checkpoint.lsn.0, n_bytes, "a checkpoint was made");
        remove(kv, &order.dead).map_err(Failed::from)?;
        condense(kv)
    })?;
    Ok(checkpoint)
}

/// Names of pieces begin with what they are of.
pub(super) const ROWS: u8 = b'r';
pub(super) const STATE: u8 = b's';
pub(super) const STANDING: u8 = b'l';

fn is_standing(name: &[u8]) -> bool {
    name.first() == Some(&STANDING)
}

/// The name of a piece of what is kept for standing audiences.
pub(super) fn standing_name((kind, number): (u8, u32)) -> Vec<u8> {
    [&[STANDING, kind], &number.to_be_bytes()[..]].concat()
}

fn put_rows(pieces: &mut Pieces<'_>, sealed: &Timeline) -> Result<(), KvError> {
    for (key, bytes) in sealed.directory() {
        pieces.put(&[&[ROWS], &key.to_bytes()[..]].concat(), &bytes)?;
    }
    Ok(())
}

fn put_state(
    pieces: &mut Pieces<'_>,
    snapshot: &Snapshot,
    pause: &mut dyn FnMut(),
) -> Result<(), Failed> {
    let mut put = Ok(());
    snapshot.each_kept(&mut |kept| {
        if put.is_ok() {
            pause();
            let (kind, number) = kept.name();
            let name = [&[STATE, kind], &number.to_be_bytes()[..]].concat();
            put = match shapes::encode(&kept) {
                Some(bytes) => pieces.put(&name, &bytes).map_err(Failed::from),
                None => {
                    Err(Failed::Damage("a piece of the state is too long to be kept".to_owned()))
                }
            };
        }
    });
    put
}

/// Makes the last checkpoint once more, with what is kept for standing audiences.
fn lay_down(
    shelf: &Shelf,
    rest: Rest,
    checkpoint: Checkpoint,
    is_clean: bool,
) -> Result<Checkpoint, Failed> {
    let _span = tracing::debug_span!("lay down", record = checkpoint.lsn.0).entered();
    on(shelf, |kv| {
        let mut pieces = kv.begin_pieces(checkpoint.epoch);
        pieces.keep(|name| !is_standing(name));
        put_rest(&mut pieces, rest)?;
        let n_bytes = pieces.finish(checkpoint, is_clean).map_err(Failed::from)?;
        tracing::debug!(n_bytes, "standing audiences are laid down");
        condense(kv).map(|()| checkpoint)
    })
}

fn put_rest(pieces: &mut Pieces<'_>, rest: Rest) -> Result<(), Failed> {
    let mut put = Ok(true);
    rest.each_kept(&mut |kept| {
        // Where one piece is too long the head, which comes last, is missing: none is taken up.
        if let Ok(true) = put {
            put = match encode_standing(&kept) {
                Some(bytes) => pieces.put(&standing_name(kept.name()), &bytes).map(|()| true),
                None => Ok(false),
            };
        }
    });
    put.map(drop).map_err(Failed::from)
}

/// Gives room back that nothing needs any more.
fn condense(kv: &Kv) -> Result<(), Failed> {
    match kv.condense() {
        // The checkpoint is made; room is given back after a later one.
        Err(error @ KvError::DiskFull) => tracing::warn!(%error, "no room was given back"),
        condensed => condensed.map_err(Failed::from)?,
    }
    Ok(())
}

fn remove(kv: &Kv, dead: &[PageKey]) -> Result<(), KvError> {
    let keys: Vec<[u8; 16]> = dead.iter().map(|key| key.to_bytes()).collect();
    kv.delete_pages(&keys)
}

fn on<T>(shelf: &Shelf, act: impl FnOnce(&Kv) -> Result<T, Failed>) -> Result<T, Failed> {
    shelf.with(act).unwrap_or_else(|| Err(Failed::Damage("the database was closed".to_owned())))
}
