//! Repair: what can be rebuilt is built again from the log; where the log or
//! the feed is damaged, what that costs is said, and accepted only if told to.

use super::keep::load;
use super::open;
use super::pages::Shelf;
use super::{Info, OpenError, Opening, Options, Throng};
use crate::store::{self, Directory, Kv, Look, Loss, StoreError};
use std::path::{Path, PathBuf};

/// What is damaged in a database, and what going on without it costs.
///
/// ```
/// use throng::engine::{Damages, Options, Throng, damages};
/// let place = tempfile::tempdir()?;
/// Throng::open(place.path(), Options { reserve_bytes: 0, ..Options::default() })?.close()?;
/// let found: Option<Damages> = damages(place.path())?;
/// assert!(found.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Damages {
    /// What was lost of the log and of the feed.
    pub loss: Loss,
    /// Calls that are gone, if that is known: the rebuildable store may still
    /// say how many there were.
    pub n_calls_gone: Option<u64>,
}

/// What a repair did.
///
/// ```
/// use throng::engine::{Options, Throng, accept_loss};
/// let place = tempfile::tempdir()?;
/// let options = Options { reserve_bytes: 0, ..Options::default() };
/// Throng::open(place.path(), options.clone())?.close()?;
/// let repaired = accept_loss(place.path(), options)?;
/// assert!(repaired.damages.is_none() && repaired.asides.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Repaired {
    /// The numbers of the database afterwards.
    pub info: Info,
    /// What was given up, if anything was.
    pub damages: Option<Damages>,
    /// Where that lies; it may be deleted.
    pub asides: Vec<PathBuf>,
}

/// Puts the rebuildable store of a directory aside (as `kv.bad-N`) and builds
/// it again from the log. The log and the feed are read and not touched.
///
/// ```
/// use throng::engine::{Options, Throng, repair};
/// let place = tempfile::tempdir()?;
/// let options = Options { reserve_bytes: 0, ..Options::default() };
/// Throng::open(place.path(), options.clone())?.close()?;
/// let info = repair(place.path(), options)?;
/// assert_eq!(info.rebuilt, ["a repair was asked for"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If another process holds the directory, or if log or feed are damaged: then
/// nothing is changed, and [`damages`] says what [`accept_loss`] would cost.
pub fn repair(path: impl AsRef<Path>, options: Options) -> Result<Info, OpenError> {
    let path = path.as_ref();
    if let Some(damage) = damages(path)?.and_then(|damages| damages.loss.first().cloned()) {
        return Err(StoreError::Damaged(damage).into());
    }
    Kv::condemn(path, "a repair was asked for")?;
    let throng = Throng::open(path, Options { live: false, ..careful(options) })?;
    finish(throng)
}

/// Reads log and feed of a database and says what of them is damaged, if
/// anything is. Nothing is changed.
///
/// ```
/// use throng::engine::{Options, Throng, damages};
/// let place = tempfile::tempdir()?;
/// Throng::open(place.path(), Options { reserve_bytes: 0, ..Options::default() })?.close()?;
/// assert!(damages(place.path())?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If another process holds the directory, or if it is no database.
pub fn damages(path: impl AsRef<Path>) -> Result<Option<Damages>, OpenError> {
    damages_in(&Directory::look(path.as_ref(), sizes())?)
}

/// Goes on without what is damaged: what can be read of log and feed is kept,
/// the rest is set aside, and whoever followed an audience is told the
/// difference. A database that is whole is repaired as [`repair`] does.
///
/// ```
/// use throng::engine::{Options, Throng, accept_loss};
/// let place = tempfile::tempdir()?;
/// let options = Options { reserve_bytes: 0, ..Options::default() };
/// Throng::open(place.path(), options.clone())?.close()?;
/// let repaired = accept_loss(place.path(), options)?;
/// assert!(repaired.damages.is_none() && repaired.asides.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If another process holds the directory, or if the disk fails.
pub fn accept_loss(path: impl AsRef<Path>, options: Options) -> Result<Repaired, OpenError> {
    let path = path.as_ref();
    let mut directory = Directory::open(path, sizes())?;
    let Some(damages) = damages_in(&directory)? else {
        drop(directory);
        let info = repair(path, options)?;
        return Ok(Repaired { info, damages: None, asides: Vec::new() });
    };
    let (loss, asides) = Loss::accept(&mut directory)?;
    let told = loss.log.gone().map(|(_, last)| last);
    let lane = open::lane(directory, &careful(options), told, Opening::default())?;
    let info = finish(Throng::start(lane, None)?)?;
    Ok(Repaired { info, damages: Some(damages), asides })
}

fn damages_in(directory: &Directory) -> Result<Option<Damages>, OpenError> {
    let loss = Loss::of(directory)?;
    if loss.first().is_none() {
        return Ok(None);
    }
    let known = if loss.log.gone().is_some() { n_calls(directory) } else { None };
    let n_calls_gone = known.and_then(|known| known.checked_sub(loss.log.n_calls));
    Ok(Some(Damages { loss, n_calls_gone }))
}

/// How many calls there were, if the rebuildable store still knows.
fn n_calls(directory: &Directory) -> Option<u64> {
    let Ok(Look::Whole(kv, checkpoint)) = Kv::look(directory) else { return None };
    let shelf = Shelf::new(*kv);
    let state = load(&shelf, checkpoint, directory.manifest().secret).ok();
    let n_calls = state.map(|state| state.timeline().sealed_len());
    shelf.close();
    n_calls
}

fn finish(throng: Throng) -> Result<Info, OpenError> {
    let info = throng.info()?;
    throng.close()?;
    Ok(info)
}

fn careful(options: Options) -> Options {
    Options { read_only: false, create: false, accept_clock: true, ..options }
}

fn sizes() -> store::Options {
    store::Options { reserve_bytes: 0, ..store::Options::default() }
}
