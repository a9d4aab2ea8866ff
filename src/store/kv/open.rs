//! Opening the rebuildable store, or putting it aside for a new one.

use super::checkpoint::Checkpoint;
use super::error::KvError;
use super::trees::{META, Trees};
use crate::model::Lsn;
use crate::store::directory::Directory;
use crate::store::error::StoreError;
use crate::store::files;
use crate::store::log::Log;
use std::fs;
use std::path::{Path, PathBuf};

/// Present while a store is open whose flushes may not reach the disk.
pub(super) const UNCLEAN: &str = "kv.unclean";

/// Present where damage was found, with what it was: the next open builds the store again.
pub(super) const CONDEMNED: &str = "kv.condemned";

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To write to it.
    Write,
    /// Only to read.
    Read,
}

/// Why the store has to be rebuilt from the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuild {
    /// What was wrong.
    pub reason: String,
    /// Where the old store was put, for who wants to look at it.
    pub aside: Option<PathBuf>,
}

/// Where the tree `meta` keeps the last checkpoint.
pub(super) const CHECKPOINT: &[u8] = b"checkpoint";

pub(super) struct Opened {
    pub(super) trees: Trees,
    pub(super) is_durable: bool,
    pub(super) checkpoint: Option<Checkpoint>,
    pub(super) rebuild: Option<Rebuild>,
}

/// Opens what is there if it is whole and complete up to its checkpoint, and
/// otherwise a new store, with the reason. It lies in the directory `at`.
///
/// Before anything of the old one goes, the log is held to what it knows: it
/// may be all that is left to prove that records are lost.
pub(super) fn open(
    directory: &Directory,
    at: &Path,
    log: Option<&Log>,
    access: Access,
) -> Result<Opened, StoreError> {
    let path = at.join("kv");
    let reason = match Checkpoint::read(at) {
        // Before its first checkpoint nothing in it counts.
        Ok(None) => {
            hold_to_last_word(directory, at, log)?;
            remove_dir(&path)?;
            return fresh(directory, at, None);
        }
        Ok(Some(checkpoint)) => match existing(directory, at, checkpoint, log, access) {
            Ok(opened) => return Ok(opened),
            Err(NotOpened::Damaged(reason)) => reason,
            Err(NotOpened::Failed(error)) => return Err(error),
        },
        Err(StoreError::Damaged(damage)) => {
            hold_to_last_word(directory, at, log)?;
            damage.to_string()
        }
        Err(error) => return Err(error),
    };
    let _span = tracing::info_span!("rebuild", reason).entered();
    let aside = set_aside(at)?;
    fresh(directory, at, Some(Rebuild { reason, aside }))
}

/// Puts the store of a directory aside, so that the next open makes a new one.
pub(super) fn set_aside(at: &Path) -> Result<Option<PathBuf>, StoreError> {
    let aside = put_aside(&at.join("kv"))?;
    Checkpoint::remove(at)?;
    files::sync_dir(at)?;
    Ok(aside)
}

/// An error if a store without a checkpoint that can be read knows of a record
/// that the log does not have.
fn hold_to_last_word(
    directory: &Directory,
    at: &Path,
    log: Option<&Log>,
) -> Result<(), StoreError> {
    let Some(log) = log else { return Ok(()) };
    match last_word(directory, at)? {
        Some(checkpoint) => log.must_reach(checkpoint.lsn, BY),
        None => Ok(()),
    }
}

/// What proves a record in the errors of the log.
const BY: &str = "kv";

/// The last checkpoint that the tree `meta` of a store knows of, whatever CKPT says.
pub(super) fn last_word(
    directory: &Directory,
    at: &Path,
) -> Result<Option<Checkpoint>, StoreError> {
    let path = at.join("kv");
    // What has no configuration was never opened by the tree store.
    if !path.join("conf").exists() {
        return Ok(None);
    }
    remove_half_snapshots(&path)?;
    let read = || {
        let trees = Trees::open(&path, directory.options().tree_cache_bytes)?;
        let is_ours = trees.get(META, b"uuid")?.as_deref() == Some(&uuid_of(directory)[..]);
        let found = trees.get(META, CHECKPOINT)?.filter(|_| is_ours);
        Ok(found.as_deref().and_then(parse))
    };
    match read() {
        Err(error @ (KvError::DiskFull | KvError::Held)) => Err(StoreError::Kv(error)),
        read => Ok(read.unwrap_or_default()),
    }
}

/// Why a store that is there was not opened.
pub(super) enum NotOpened {
    /// It has to be rebuilt.
    Damaged(String),
    /// It may be whole: the disk is full, or a file cannot be reached or is held.
    Failed(StoreError),
}

impl From<KvError> for NotOpened {
    fn from(error: KvError) -> NotOpened {
        match error {
            KvError::DiskFull | KvError::Held => NotOpened::Failed(StoreError::Kv(error)),
            _ => NotOpened::Damaged(error.to_string()),
        }
    }
}

fn existing(
    directory: &Directory,
    at: &Path,
    checkpoint: Checkpoint,
    log: Option<&Log>,
    access: Access,
) -> Result<Opened, NotOpened> {
    let (trees, found) = look(directory, at, checkpoint)?;
    if let Some(log) = log {
        log.must_reach(found.lsn, BY).map_err(NotOpened::Failed)?;
    }
    // Trying it writes, for which a full disk has no room; who reads need not know.
    let is_durable = access == Access::Read || trees.are_durable()?;
    Ok(Opened { trees, is_durable, checkpoint: Some(checkpoint), rebuild: None })
}

/// Opens what is there, or says why it does not count. Nothing is put aside.
pub(super) fn look(
    directory: &Directory,
    at: &Path,
    checkpoint: Checkpoint,
) -> Result<(Trees, Checkpoint), NotOpened> {
    let path = &at.join("kv");
    let damaged = |what: &str| Err(NotOpened::Damaged(what.to_owned()));
    if !path.exists() {
        return damaged("kv: it is missing");
    }
    if at.join(UNCLEAN).exists() {
        return damaged("kv: it was not closed, and flushes do not reach the disk here");
    }
    let condemned = files::read_if_there(&at.join(CONDEMNED));
    if let Some(reason) = condemned.map_err(NotOpened::Failed)? {
        return damaged(&String::from_utf8_lossy(&reason));
    }
    remove_half_snapshots(path).map_err(NotOpened::Failed)?;
    let trees = Trees::open(path, directory.options().tree_cache_bytes)?;
    if trees.get(META, b"uuid")?.as_deref() != Some(&uuid_of(directory)[..]) {
        return damaged("kv: it belongs to another store");
    }
    match trees.get(META, CHECKPOINT)?.as_deref().and_then(parse) {
        Some(found) if found >= checkpoint => Ok((trees, found)),
        _ => damaged("kv: it has lost what a checkpoint had made durable"),
    }
}

fn fresh(directory: &Directory, at: &Path, rebuild: Option<Rebuild>) -> Result<Opened, StoreError> {
    let path = &at.join("kv");
    files::remove(&at.join(UNCLEAN))?;
    files::remove(&at.join(CONDEMNED))?;
    files::make_dir(path)?;
    files::sync_dir(at)?;
    let make = || {
        let trees = Trees::open(path, directory.options().tree_cache_bytes)?;
        trees.put(META, [(&b"uuid"[..], &uuid_of(directory)[..])])?;
        let is_durable = trees.are_durable()?;
        Ok((trees, is_durable))
    };
    let (trees, is_durable) = make().map_err(StoreError::Kv)?;
    Ok(Opened { trees, is_durable, checkpoint: None, rebuild })
}

/// A snapshot that was being written when the process died makes sled refuse
/// for ever; the one before it is still there.
fn remove_half_snapshots(path: &Path) -> Result<(), StoreError> {
    for name in files::names(path)? {
        if name.starts_with("snap.") && name.ends_with(".generating") {
            files::remove(&path.join(name))?;
        }
    }
    Ok(())
}

fn put_aside(path: &Path) -> Result<Option<PathBuf>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    files::protect(path)?;
    let numbered = |n: u32| path.with_extension(format!("bad-{n}"));
    let aside = (1..).map(numbered).find(|aside| !aside.exists()).unwrap_or_else(|| numbered(0));
    fs::rename(path, &aside).map_err(StoreError::io("rename", path))?;
    tracing::trace!(aside = %aside.display(), "the old store is put aside");
    Ok(Some(aside))
}

fn remove_dir(path: &Path) -> Result<(), StoreError> {
    if path.exists() {
        fs::remove_dir_all(path).map_err(StoreError::io("remove", path))?;
        tracing::trace!(path = %path.display(), "a store without a checkpoint is removed");
    }
    Ok(())
}

fn uuid_of(directory: &Directory) -> [u8; 16] {
    directory.manifest().uuid.to_be_bytes()
}

/// A checkpoint as the tree `meta` keeps it.
pub(super) fn print(checkpoint: Checkpoint) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&checkpoint.lsn.0.to_be_bytes());
    bytes[8..].copy_from_slice(&checkpoint.epoch.to_be_bytes());
    bytes
}

fn parse(bytes: &[u8]) -> Option<Checkpoint> {
    let (lsn, epoch) = bytes.split_at_checked(8)?;
    let number = |bytes: &[u8]| Some(u64::from_be_bytes(bytes.try_into().ok()?));
    Some(Checkpoint { lsn: Lsn(number(lsn)?), epoch: number(epoch)? })
}
