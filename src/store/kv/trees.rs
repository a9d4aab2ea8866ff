//! The only file that names sled. Every call is fenced: sled 0.34 panics on
//! some kinds of damage, and after an error it goes on failing.

use super::cell;
use super::durable;
use super::error::KvError;
use crate::store::files;
use sled::{Batch, Db, Tree};
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// Keys in one batch: the tree store holds a lock of the whole process for as long as one takes.
const BATCH_KEYS: usize = 256;
/// Bytes in one batch.
const BATCH_BYTES: usize = 1 << 20;
/// Fixed for the life of a store. Values stay far below a quarter of it,
/// where the store would put them into blobs.
const SEGMENT_BYTES: usize = 4 << 20;

/// The trees of a store, each by its name.
pub(super) const RUNS: &str = "runs";
pub(super) const DIRECTORY: &str = "directory";
pub(super) const META: &str = "meta";
pub(super) const STATE: &str = "state";
const NAMES: [&str; 4] = [RUNS, DIRECTORY, META, STATE];

/// The trees of an open store.
pub(super) struct Trees {
    handles: Option<(Db, [Tree; 4])>,
    path: PathBuf,
    is_stopped: AtomicBool,
}

impl Trees {
    /// Opens or makes the trees in a directory.
    pub(super) fn open(path: &Path, cache_bytes: u64) -> Result<Trees, KvError> {
        let config = sled::Config::new()
            .path(path)
            .cache_capacity(cache_bytes)
            .mode(sled::Mode::HighThroughput)
            .segment_size(SEGMENT_BYTES)
            .flush_every_ms(Some(500));
        let handles = fenced(|| {
            let db = config.open()?;
            let tree = |name| db.open_tree(name);
            let trees = [tree(NAMES[0])?, tree(NAMES[1])?, tree(NAMES[2])?, tree(NAMES[3])?];
            Ok((db, trees))
        });
        let (handles, path) = (Some(handles?), path.to_owned());
        let trees = Trees { handles, path, is_stopped: AtomicBool::new(false) };
        trees.protect();
        Ok(trees)
    }

    /// Whether a flush reaches the disk; tried out, not believed.
    pub(super) fn are_durable(&self) -> Result<bool, KvError> {
        let count = self.get(META, b"flushes")?.map_or(0, |count| count.len()) % 64;
        let flush = || {
            self.put(META, [(&b"flushes"[..], &vec![0; count + 1][..])])?;
            self.flush()
        };
        let mut flushed = Ok(());
        let is_in_force = durable::is_in_force(|| flushed = flush());
        flushed.map(|()| cfg!(panic = "unwind") && is_in_force)
    }

    pub(super) fn get(&self, tree: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, KvError> {
        match self.run(|trees| of(trees, tree).get(key))? {
            None => Ok(None),
            Some(cell) => self.body(tree, key, &cell).map(Some),
        }
    }

    /// The entry with the greatest key below a key.
    pub(super) fn below(&self, tree: &'static str, key: &[u8]) -> Result<Option<Vec<u8>>, KvError> {
        let found = self.run(|trees| of(trees, tree).get_lt(key))?;
        Ok(found.map(|(key, _)| key.to_vec()))
    }

    /// Writes entries in batches; a crash may leave some of them written.
    pub(super) fn put<'a>(
        &self,
        tree: &'static str,
        entries: impl IntoIterator<Item = (&'a [u8], &'a [u8])>,
    ) -> Result<(), KvError> {
        let mut batch = (Batch::default(), 0, 0);
        for (key, body) in entries {
            let cell = cell::put(key, body)?;
            batch.1 += 1;
            batch.2 += cell.len();
            batch.0.insert(key, cell);
            if batch.1 == BATCH_KEYS || batch.2 >= BATCH_BYTES {
                self.apply(tree, std::mem::take(&mut batch.0))?;
                batch = Default::default();
            }
        }
        self.apply(tree, batch.0)
    }

    /// Removes entries in batches; keys that are not there are fine.
    pub(super) fn delete<K: AsRef<[u8]>>(
        &self,
        tree: &'static str,
        keys: &[K],
    ) -> Result<(), KvError> {
        for keys in keys.chunks(BATCH_KEYS) {
            let mut batch = Batch::default();
            keys.iter().for_each(|key| batch.remove(key.as_ref()));
            self.apply(tree, batch)?;
        }
        Ok(())
    }

    fn apply(&self, tree: &'static str, batch: Batch) -> Result<(), KvError> {
        self.run(|trees| of(trees, tree).apply_batch(batch))?;
        tracing::trace!(tree, "a batch is written");
        Ok(())
    }

    /// Visits every entry of a tree in the order of its keys.
    pub(super) fn each(
        &self,
        tree: &'static str,
        mut visit: impl FnMut(&[u8], Result<&[u8], KvError>),
    ) -> Result<(), KvError> {
        let mut entries = self.run(|trees| Ok(of(trees, tree).iter()))?;
        while let Some((key, cell)) = self.run(|_| entries.next().transpose())? {
            visit(&key, cell::body(&key, &cell).ok_or_else(|| damaged(tree, &key)));
        }
        Ok(())
    }

    /// Makes all that was written durable.
    pub(super) fn flush(&self) -> Result<(), KvError> {
        self.run(|trees| trees.0.flush())?;
        tracing::trace!("all batches are on disk");
        self.protect();
        Ok(())
    }

    /// The tree store makes its files for everybody to read, whenever it likes.
    /// What cannot be set right lies in a directory for the owner alone.
    fn protect(&self) {
        if let Err(error) = files::protect(&self.path) {
            tracing::debug!(%error, "a file of the tree store is not the owner's alone");
        }
    }

    /// Bytes on disk.
    pub(super) fn bytes(&self) -> Result<u64, KvError> {
        self.run(|trees| trees.0.size_on_disk())
    }

    /// A value that is not what was put there stops nothing: others may be whole.
    fn body(&self, tree: &'static str, key: &[u8], cell: &[u8]) -> Result<Vec<u8>, KvError> {
        cell::body(key, cell).map(<[u8]>::to_vec).ok_or_else(|| damaged(tree, key))
    }

    fn run<T>(&self, call: impl FnOnce(&(Db, [Tree; 4])) -> sled::Result<T>) -> Result<T, KvError> {
        let handles = self.handles.as_ref().filter(|_| !self.is_stopped.load(Ordering::Acquire));
        let handles = handles.ok_or(KvError::Stopped)?;
        fenced(|| call(handles)).inspect_err(|_| self.is_stopped.store(true, Ordering::Release))
    }
}

impl Drop for Trees {
    /// Closing flushes, and may panic like any other call.
    fn drop(&mut self) {
        let handles = self.handles.take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(handles)));
        self.protect();
    }
}

fn of<'a>(handles: &'a (Db, [Tree; 4]), name: &'static str) -> &'a Tree {
    let place = NAMES.iter().position(|other| *other == name);
    &handles.1[place.expect("every tree has a handle")]
}

fn damaged(tree: &'static str, key: &[u8]) -> KvError {
    KvError::Damaged { tree, key: key.to_vec() }
}

/// A panic inside becomes an error. What it left behind is not used again:
/// the trees stop.
fn fenced<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, KvError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(sled::Error::Io(error))) if is_full(&error) => Err(KvError::DiskFull),
        Ok(Err(error)) => Err(KvError::Failed(error.to_string())),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or(panic.downcast_ref::<&str>().copied());
            Err(KvError::Failed(format!("it panicked: {}", text.unwrap_or("without a word"))))
        }
    }
}

fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}
