//! The only file that names sled. Every call is fenced: sled 0.34 panics on
//! some kinds of damage, and after an error it goes on failing.

use super::cell::{self, Body};
use super::durable;
use super::error::KvError;
use super::volumes::{Spot, Volumes};
use crate::store::directory::Lock;
use crate::store::files;
use sled::{Batch, Db, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Keys in one batch: the tree store holds a lock of the whole process for as long as one takes.
const BATCH_KEYS: usize = 256;
/// Fixed for the life of a store. Leaves stay far below a quarter of it, where
/// the store would put them into blobs.
const SEGMENT_BYTES: usize = 512 << 10;
/// That of stores whose bodies lay in the trees.
const WIDE_SEGMENT_BYTES: usize = 4 << 20;
/// Bytes of a volume of pages, and of one of all else, which lives shorter.
const VOLUME_BYTES: [u64; 2] = [16 << 20, 4 << 20];
/// A volume of which one in so many bytes is dead is sparse.
const SPARSE: u64 = 8;
/// What lives in sparse volumes is written anew by so many bytes, before these go; and so
/// many at the most after one checkpoint.
const SHIFT_BYTES: u64 = 32 << 20;
const MOVED_BYTES_MAX: u64 = 256 << 20;

/// How often it is tried again whether a file is held, and how long each time is waited.
const TRIES: u32 = 500;
const TRY: Duration = Duration::from_millis(10);

/// The trees of a store, each by its name.
pub(super) const RUNS: &str = "runs";
pub(super) const DIRECTORY: &str = "directory";
pub(super) const META: &str = "meta";
pub(super) const STATE: &str = "state";
/// Bodies that are written anew at once.
const MOVED: usize = 1_024;
const NAMES: [&str; 4] = [RUNS, DIRECTORY, META, STATE];

/// The trees of an open store.
pub(super) struct Trees {
    handles: Option<(Db, [Tree; 4])>,
    /// Long bodies: of pages, and of all else.
    volumes: [Volumes; 2],
    path: PathBuf,
    is_stopped: AtomicBool,
}

impl Trees {
    /// Opens or makes the trees in a directory.
    pub(super) fn open(path: &Path, cache_bytes: u64) -> Result<Trees, KvError> {
        wait_until_free(&path.join("db"), TRIES)?;
        let config = sled::Config::new()
            .path(path)
            .cache_capacity(cache_bytes)
            .mode(sled::Mode::HighThroughput)
            .segment_size(segment_bytes(path))
            .flush_every_ms(Some(500));
        let handles = fenced(|| {
            let db = config.open()?;
            let tree = |name| db.open_tree(name);
            let trees = [tree(NAMES[0])?, tree(NAMES[1])?, tree(NAMES[2])?, tree(NAMES[3])?];
            Ok((db, trees))
        });
        let volumes =
            |name, bytes| fenced(|| Volumes::open(path.join(name), bytes).map_err(sled::Error::Io));
        let volumes = [volumes("pages", VOLUME_BYTES[0])?, volumes("pieces", VOLUME_BYTES[1])?];
        let (handles, path) = (Some(handles?), path.to_owned());
        let trees = Trees { handles, volumes, path, is_stopped: AtomicBool::new(false) };
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
        let mut before = None;
        loop {
            let Some(value) = self.run(|trees| of(trees, tree).get(key))? else { return Ok(None) };
            match self.body(tree, key, &value) {
                // Since it was looked for, it may have been written elsewhere.
                Err(KvError::Damaged { .. }) if before.as_ref() != Some(&value) => {
                    before = Some(value);
                }
                body => return body.map(Some),
            }
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
        let entries: Vec<(&[u8], &[u8])> = entries.into_iter().collect();
        let is_long = |entry: &(&[u8], &[u8])| cell::is_long(entry.1);
        let are_long = entries.iter().map(is_long).collect::<Result<Vec<bool>, KvError>>()?;
        let parted = || entries.iter().zip(&are_long);
        let long: Vec<_> = parted().filter(|(_, long)| **long).map(|(entry, _)| *entry).collect();
        let volumes = self.volumes(tree);
        let mut spots = self.beside(volumes.append(&long))?.into_iter();
        let cells = parted().map(|((key, body), long)| {
            let spot = if *long { spots.next() } else { None };
            (*key, cell::put(key, spot.map_or(Body::Here(body), Body::At)))
        });
        self.put_cells(tree, cells)
    }

    fn put_cells<'a>(
        &self,
        tree: &'static str,
        cells: impl Iterator<Item = (&'a [u8], Vec<u8>)>,
    ) -> Result<(), KvError> {
        let mut batch = (Batch::default(), 0);
        for (key, cell) in cells {
            batch.0.insert(key, cell);
            batch.1 += 1;
            if batch.1 == BATCH_KEYS {
                self.apply(tree, std::mem::take(&mut batch.0))?;
                batch.1 = 0;
            }
        }
        self.apply(tree, batch.0)
    }

    fn volumes(&self, tree: &str) -> &Volumes {
        &self.volumes[usize::from(tree != RUNS)]
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
        self.each_value(tree, |key, value| {
            let body = self.body(tree, key, value);
            visit(key, body.as_deref().map_err(Clone::clone));
        })
    }

    /// Visits every key of a tree in order, and where its body lies, if elsewhere.
    pub(super) fn each_key(
        &self,
        tree: &'static str,
        mut visit: impl FnMut(&[u8], Option<Spot>),
    ) -> Result<(), KvError> {
        self.each_value(tree, |key, value| match cell::body(key, value) {
            Some(Body::At(spot)) => visit(key, Some(spot)),
            _ => visit(key, None),
        })
    }

    /// Bytes of all bodies in a tree: of those under the keys that count, and of the others.
    pub(super) fn held(
        &self,
        tree: &'static str,
        counts: impl Fn(&[u8]) -> bool,
    ) -> Result<(u64, u64), KvError> {
        let mut n_bytes = (0, 0);
        self.each_value(tree, |key, value| {
            let sum = if counts(key) { &mut n_bytes.0 } else { &mut n_bytes.1 };
            *sum += match cell::body(key, value) {
                Some(Body::Here(body)) => body.len() as u64,
                Some(Body::At(spot)) => u64::from(spot.len),
                None => 0,
            };
        })?;
        Ok(n_bytes)
    }

    fn each_value(
        &self,
        tree: &'static str,
        mut visit: impl FnMut(&[u8], &[u8]),
    ) -> Result<(), KvError> {
        let mut entries = self.run(|trees| Ok(of(trees, tree).iter()))?;
        while let Some((key, value)) = self.run(|_| entries.next().transpose())? {
            visit(&key, &value);
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
        let volumes = self.volumes.iter().flat_map(|volumes| volumes.sizes().into_values());
        Ok(self.run(|trees| trees.0.size_on_disk())? + volumes.sum::<u64>())
    }

    /// A value that is not what was put there stops nothing: others may be whole.
    fn body(&self, tree: &'static str, key: &[u8], value: &[u8]) -> Result<Vec<u8>, KvError> {
        let found = match cell::body(key, value) {
            Some(Body::Here(body)) => Some(body.to_vec()),
            Some(Body::At(spot)) => self.beside(self.volumes(tree).read(key, spot))?,
            None => None,
        };
        found.ok_or_else(|| damaged(tree, key))
    }

    /// Gives back the room of what is dead: volumes in which nothing lives go, and what
    /// lives in sparse ones is written anew, some of them at a time and not all at once.
    /// Nothing else may be written meanwhile.
    ///
    /// # Errors
    /// A full disk is no harm: what was not given back is given back later.
    pub(super) fn condense(&self) -> Result<(), KvError> {
        for (volumes, trees) in self.volumes.iter().zip([&[RUNS][..], &[STATE, DIRECTORY]]) {
            let living = self.living(trees)?;
            if sparse(&volumes.sizes(), &living).is_empty() {
                continue;
            }
            self.beside(volumes.begin_next())?;
            // What no tree names any more is on disk before its volume goes.
            self.flush()?;
            for some in shifts(sparse(&volumes.sizes(), &living)) {
                let moved = trees
                    .iter()
                    .try_fold(true, |all, tree| Ok(self.move_from(tree, &some)? && all))?;
                self.flush()?;
                if moved {
                    some.into_iter().try_for_each(|one| self.beside(volumes.remove(one)))?;
                } else {
                    tracing::warn!(volumes = ?some, "a damaged page keeps its volume");
                }
            }
        }
        Ok(())
    }

    /// The bytes that trees name in each volume.
    fn living(&self, trees: &[&'static str]) -> Result<BTreeMap<u32, u64>, KvError> {
        let mut living: BTreeMap<u32, u64> = BTreeMap::new();
        for tree in trees {
            self.each_key(tree, |_, spot| {
                spot.into_iter().for_each(|spot| {
                    *living.entry(spot.volume).or_default() += u64::from(spot.len)
                });
            })?;
        }
        Ok(living)
    }

    /// Writes the bodies that lie in these volumes anew. False if one of them is damaged.
    fn move_from(&self, tree: &'static str, sparse: &BTreeSet<u32>) -> Result<bool, KvError> {
        let mut keys = Vec::new();
        self.each_key(tree, |key, spot| {
            if spot.is_some_and(|spot| sparse.contains(&spot.volume)) {
                keys.push(key.to_vec());
            }
        })?;
        let mut are_whole = true;
        for keys in keys.chunks(MOVED) {
            let mut bodies = Vec::with_capacity(keys.len());
            for key in keys {
                match self.get(tree, key) {
                    Ok(body) => bodies.push((key, body.unwrap_or_default())),
                    Err(KvError::Damaged { .. }) => are_whole = false,
                    Err(error) => return Err(error),
                }
            }
            self.put(tree, bodies.iter().map(|(key, body)| (&key[..], &body[..])))?;
        }
        Ok(are_whole)
    }

    /// What came of something with the files beside the trees, which are whole if it failed.
    fn beside<T>(&self, done: std::io::Result<T>) -> Result<T, KvError> {
        fenced(|| done.map_err(sled::Error::Io))
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

/// The volumes of which much is dead, with what lives in each; the last one is written to,
/// and stays while it is empty.
fn sparse(sizes: &BTreeMap<u32, u64>, living: &BTreeMap<u32, u64>) -> Vec<(u32, u64)> {
    let last = sizes.last_key_value().map(|(number, _)| *number);
    let with_living = sizes
        .iter()
        .map(|(number, bytes)| (*number, *bytes, living.get(number).copied().unwrap_or_default()));
    let sparse = with_living.filter(|(number, bytes, living)| match bytes {
        0 => Some(*number) != last,
        bytes => *living < bytes - bytes / SPARSE,
    });
    sparse.map(|(number, _, living)| (number, living)).collect()
}

/// Volumes that are emptied together: first those in which nothing lives, then some at a
/// time, the emptiest before the others, as many as one call may write anew.
fn shifts(mut sparse: Vec<(u32, u64)>) -> Vec<BTreeSet<u32>> {
    sparse.sort_by_key(|(_, living)| *living);
    let (mut shifts, mut all): (Vec<(BTreeSet<u32>, u64)>, u64) = (Vec::new(), 0);
    for (number, living) in sparse {
        all += living;
        if all > MOVED_BYTES_MAX && living > 0 && !shifts.is_empty() {
            break;
        }
        match shifts.last_mut() {
            Some((some, bytes))
                if (*bytes > 0 || living == 0) && *bytes + living <= SHIFT_BYTES =>
            {
                some.insert(number);
                *bytes += living;
            }
            _ => shifts.push((BTreeSet::from([number]), living)),
        }
    }
    shifts.into_iter().map(|(some, _)| some).collect()
}

/// Bytes of a segment of the store there, or of one that is to be made.
fn segment_bytes(path: &Path) -> usize {
    let conf = std::fs::read(path.join("conf")).unwrap_or_default();
    let wide = format!("segment_size: {WIDE_SEGMENT_BYTES}");
    let is_wide = conf.windows(wide.len()).any(|part| part == wide.as_bytes());
    if is_wide { WIDE_SEGMENT_BYTES } else { SEGMENT_BYTES }
}

fn damaged(tree: &'static str, key: &[u8]) -> KvError {
    KvError::Damaged { tree, key: key.to_vec() }
}

/// Waits until nobody holds the file that the tree store locks as it opens. A process that was
/// being started while it closed holds it until it runs its own program, for an instant.
fn wait_until_free(file: &Path, n_tries: u32) -> Result<(), KvError> {
    let is_free = || Lock::of(file).map(|lock| lock.is_some());
    for _ in 0..n_tries {
        // What is wrong with the file is for the tree store to say.
        if !file.exists() || is_free().unwrap_or(true) {
            return Ok(());
        }
        thread::sleep(TRY);
    }
    Err(KvError::Held)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_are_emptied_some_at_a_time_the_dead_ones_first() {
        let mib = 1u64 << 20;
        let sizes: BTreeMap<u32, u64> =
            [(1, 16), (2, 16), (3, 16), (4, 0), (5, 16), (6, 0)].map(|(n, m)| (n, m * mib)).into();
        let living = BTreeMap::from([(1, 10 * mib), (2, 16 * mib), (5, 13 * mib)]);
        let found = sparse(&sizes, &living);
        assert_eq!(found, [(1, 10 * mib), (3, 0), (4, 0), (5, 13 * mib)]);
        assert_eq!(shifts(found), [BTreeSet::from([3, 4]), BTreeSet::from([1, 5])]);

        let many: Vec<(u32, u64)> = (0..100).map(|n| (n, 13 * mib)).collect();
        let shifts = shifts(many);
        let n_moved: usize = shifts.iter().map(BTreeSet::len).sum();
        assert!(shifts.iter().all(|some| some.len() <= 2), "{shifts:?}");
        assert_eq!(n_moved as u64, MOVED_BYTES_MAX / (13 * mib));
    }

    #[test]
    fn a_file_that_is_held_on_is_said_to_be() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("db");
        assert_eq!(wait_until_free(&file, 1), Ok(()), "it is not there yet");
        let held = Lock::of(&file).unwrap().unwrap();
        assert_eq!(wait_until_free(&file, 2), Err(KvError::Held));
        drop(held);
        assert_eq!(wait_until_free(&file, 1), Ok(()));
    }
}
