//! Opening the rebuildable store, in place or elsewhere, and looking at it.

use super::cache::Cache;
use super::checkpoint::Checkpoint;
use super::open::{self, Access, NotOpened, Rebuild};
use super::trees::META;
use super::{CLEAN, Kv};
use crate::store::directory::{Directory, Lock};
use crate::store::error::StoreError;
use crate::store::files;
use crate::store::log::Log;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

/// Locked by the process that has the store open.
const LOCK: &str = "kv.lock";

/// What an open store starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Up to which record it is complete; none: it is empty, and the log is read from its start.
    pub checkpoint: Option<Checkpoint>,
    /// Why an old one was put aside, if one was.
    pub rebuild: Option<Rebuild>,
    /// Whether a sweep would find nothing.
    pub is_clean: bool,
}

/// What looking at a store finds.
#[derive(Debug)]
pub enum Look {
    /// It has no checkpoint: nothing in it counts.
    Empty,
    /// Why the next open puts it aside.
    Damaged(String),
    /// It is complete up to a checkpoint.
    Whole(Box<Kv>, Checkpoint),
}

impl Kv {
    /// Opens the store, or a new one in place of one that is damaged, foreign
    /// or behind its checkpoint. One who reads while another has the store
    /// open gets one of their own, empty, for as long as it is open.
    pub fn open(directory: &Directory) -> Result<(Kv, Start), StoreError> {
        Kv::open_as(directory, None, Access::Write)
    }

    /// The same beside a log, which must have every record that the store has
    /// ever been complete up to: otherwise nothing is put aside.
    ///
    /// One who only reads writes nothing to a store that is whole; where even
    /// so a full disk has no room, the store is built elsewhere.
    pub fn open_for(
        directory: &Directory,
        log: &Log,
        access: Access,
    ) -> Result<(Kv, Start), StoreError> {
        match Kv::open_as(directory, Some(log), access) {
            Err(error) if access == Access::Read && error.is_of_full_disk() => {
                Kv::elsewhere(directory)
            }
            opened => opened,
        }
    }

    fn open_as(
        directory: &Directory,
        log: Option<&Log>,
        access: Access,
    ) -> Result<(Kv, Start), StoreError> {
        let lock = Lock::of(&directory.path().join(LOCK))?;
        if lock.is_none() {
            return Kv::own(directory, files::temporary_in(directory.path())?);
        }
        let at = directory.path().to_owned();
        let opened = open::open(directory, &at, log, access)?;
        Kv::ready(directory, opened, at, (None, lock))
    }

    /// One that is gone with the value, in a directory of its own.
    fn own(directory: &Directory, own: TempDir) -> Result<(Kv, Start), StoreError> {
        let at = own.path().to_owned();
        let opened = open::open(directory, &at, None, Access::Write)?;
        Kv::ready(directory, opened, at, (Some(own), None))
    }

    fn elsewhere(directory: &Directory) -> Result<(Kv, Start), StoreError> {
        tracing::info!("the disk is full; what answers is built in the system's own place");
        Kv::own(directory, files::temporary()?)
    }

    fn ready(
        directory: &Directory,
        opened: open::Opened,
        at: PathBuf,
        (own, lock): (Option<TempDir>, Option<Lock>),
    ) -> Result<(Kv, Start), StoreError> {
        let clean = opened.trees.get(META, CLEAN).map_err(StoreError::Kv)?;
        let is_clean = opened.checkpoint.is_none() || clean.as_deref() == Some(&[1]);
        let kv = Kv {
            trees: opened.trees,
            cache: Cache::new(directory.options().page_cache_bytes),
            directory: at,
            is_durable: opened.is_durable,
            is_clean: AtomicBool::new(is_clean),
            index: Mutex::default(),
            _own: own,
            _lock: lock,
        };
        if !kv.is_durable {
            files::put_whole(&kv.directory.join(open::UNCLEAN), b"")?;
        }
        if let Some(checkpoint) = opened.checkpoint {
            kv.remove_directories(|epoch| epoch > checkpoint.epoch).map_err(StoreError::Kv)?;
        }
        Ok((kv, Start { checkpoint: opened.checkpoint, rebuild: opened.rebuild, is_clean }))
    }

    /// Opens the store to look at it. Nothing is put aside or removed.
    pub fn look(directory: &Directory) -> Result<Look, StoreError> {
        let at = directory.path().to_owned();
        let Some(lock) = Lock::of(&at.join(LOCK))? else {
            return Err(StoreError::Locked { path: at, pid: None, opens: false });
        };
        let checkpoint = match Checkpoint::read(&at) {
            Ok(Some(checkpoint)) => checkpoint,
            Ok(None) => return Ok(Look::Empty),
            Err(StoreError::Damaged(damage)) => return Ok(Look::Damaged(damage.to_string())),
            Err(error) => return Err(error),
        };
        let (trees, found) = match open::look(directory, &at, checkpoint) {
            Ok(found) => found,
            Err(NotOpened::Damaged(reason)) => return Ok(Look::Damaged(reason)),
            Err(NotOpened::Failed(error)) => return Err(error),
        };
        let opened = open::Opened { trees, is_durable: true, checkpoint: None, rebuild: None };
        let (kv, _) = Kv::ready(directory, opened, at, (None, Some(lock)))?;
        Ok(Look::Whole(Box::new(kv), found))
    }

    /// Puts the store of a directory aside: the next open builds it again.
    pub(in crate::store) fn set_aside(
        directory: &Directory,
    ) -> Result<Option<PathBuf>, StoreError> {
        open::set_aside(directory.path())
    }

    /// The last checkpoint that the store itself knows of.
    pub(in crate::store) fn last_word(
        directory: &Directory,
    ) -> Result<Option<Checkpoint>, StoreError> {
        open::last_word(directory, directory.path())
    }
}
