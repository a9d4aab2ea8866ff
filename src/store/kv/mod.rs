//! The rebuildable store: pages of runs and the directory of them.
//!
//! All of it can be computed from the log again. It is kept for speed, so
//! whatever is wrong with it ends in a new one, never in a lost record. Keys
//! and pages are bytes without meaning here.

mod begin;
mod cache;
mod cell;
mod checkpoint;
mod directories;
mod durable;
mod error;
mod open;
mod pieces;
mod trees;
mod volumes;

pub use begin::{Look, Start};
pub use cache::CacheUse;
pub use checkpoint::Checkpoint;
pub use error::KvError;
pub use open::{Access, Rebuild};
pub use pieces::Pieces;

use super::directory::Lock;
use super::error::StoreError;
use super::files;
use cache::Cache;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;
use trees::{DIRECTORY, META, RUNS, STATE, Trees};

/// Pages and directories, on disk and in memory.
///
/// ```
/// use throng::model::{Lsn, Timestamp};
/// use throng::store::{Checkpoint, Clock, Directory, Kv, Manifest, Options};
/// let place = tempfile::tempdir()?;
/// let manifest = Manifest::new(Timestamp::EPOCH, Clock::Given)?;
/// let directory = Directory::create(place.path(), manifest, Options::small())?;
/// let (kv, start) = Kv::open(&directory)?;
/// assert_eq!(start.checkpoint, None);
/// kv.put_pages([(&b"page 1"[..], &b"rows"[..])])?;
/// kv.put_directory(1, b"page 1 has rows")?;
/// kv.checkpoint(Checkpoint { lsn: Lsn(7), epoch: 1 })?;
/// drop(kv);
/// let (kv, start) = Kv::open(&directory)?;
/// assert_eq!(start.checkpoint, Some(Checkpoint { lsn: Lsn(7), epoch: 1 }));
/// assert_eq!(kv.page(b"page 1")?.as_deref(), Some(&b"rows"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Kv {
    trees: Trees,
    cache: Cache,
    directory: PathBuf,
    is_durable: bool,
    /// Whether it was said on disk that a sweep would find nothing.
    is_clean: AtomicBool,
    /// The pieces of the last checkpoint.
    index: Mutex<pieces::Index>,
    /// Of one that others use meanwhile: the directory of our own, gone with it.
    _own: Option<TempDir>,
    /// Let go last: another process may open the store then.
    _lock: Option<Lock>,
}

/// Where the tree `meta` keeps whether a sweep would find nothing.
const CLEAN: &[u8] = b"clean";

impl Kv {
    /// Whether a flush survives a power failure here. Where not, a store that
    /// was not closed is rebuilt at the next open.
    pub fn is_durable(&self) -> bool {
        self.is_durable
    }

    /// Writes pages of at most 32 KiB.
    pub fn put_pages<'a>(
        &self,
        pages: impl IntoIterator<Item = (&'a [u8], &'a [u8])>,
    ) -> Result<(), KvError> {
        self.say_clean(false)?;
        let forget = |page: &(&[u8], &[u8])| self.cache.remove(page.0);
        self.trees.put(RUNS, pages.into_iter().inspect(forget))
    }

    /// A page, from memory if it is there.
    pub fn page(&self, key: &[u8]) -> Result<Option<Arc<[u8]>>, KvError> {
        if let Some(page) = self.cache.get(key) {
            return Ok(Some(page));
        }
        let page: Option<Arc<[u8]>> = self.trees.get(RUNS, key)?.map(Into::into);
        if let Some(page) = &page {
            self.cache.put(key, page.clone());
        }
        Ok(page)
    }

    /// The same of a page that nobody is going to read again soon.
    pub fn page_once(&self, key: &[u8]) -> Result<Option<Arc<[u8]>>, KvError> {
        match self.cache.get(key) {
            Some(page) => Ok(Some(page)),
            None => Ok(self.trees.get(RUNS, key)?.map(Into::into)),
        }
    }

    /// Removes pages; those that are not there are fine.
    pub fn delete_pages<K: AsRef<[u8]>>(&self, keys: &[K]) -> Result<(), KvError> {
        keys.iter().for_each(|key| self.cache.remove(key.as_ref()));
        self.trees.delete(RUNS, keys)
    }

    /// Removes every page that is not to be kept, and every piece that the last
    /// checkpoint does not name: what a crash left between writing them and the
    /// checkpoint that names them. Says how many pages.
    ///
    /// The pieces must have been read before.
    pub fn sweep(&self, keep: impl Fn(&[u8]) -> bool) -> Result<usize, KvError> {
        let mut keys = Vec::new();
        self.trees.each_key(RUNS, |key, _| {
            if !keep(key) {
                keys.push(key.to_vec());
            }
        })?;
        self.sweep_pieces()?;
        self.delete_pages(&keys).map(|()| keys.len())
    }

    /// Gives the disk back what is dead in volumes that are sparse. Nothing else
    /// may be written meanwhile; who reads may go on.
    pub fn condense(&self) -> Result<(), KvError> {
        self.trees.condense()
    }

    /// Marks the store of a directory as damaged, for that reason: the next
    /// open builds it again from the log.
    pub fn condemn(directory: &Path, reason: &str) -> Result<(), StoreError> {
        files::put_whole(&directory.join(open::CONDEMNED), reason.as_bytes())
    }

    /// The same of an open store.
    pub fn condemn_this(&self, reason: &str) -> Result<(), StoreError> {
        Kv::condemn(&self.directory, reason)
    }

    /// Says on disk whether a sweep would find nothing.
    fn say_clean(&self, is_clean: bool) -> Result<(), KvError> {
        if self.is_clean.swap(is_clean, Ordering::AcqRel) == is_clean {
            return Ok(());
        }
        self.trees.put(META, [(CLEAN, &[u8::from(is_clean)][..])])
    }

    /// Makes all that was written durable.
    pub fn flush(&self) -> Result<(), KvError> {
        self.trees.flush()
    }

    /// Declares the store complete up to a record: all that was written before
    /// is durable when this returns. Directories older than the epoch go.
    pub fn checkpoint(&self, checkpoint: Checkpoint) -> Result<(), StoreError> {
        let bytes = open::print(checkpoint);
        self.trees.put(META, [(open::CHECKPOINT, &bytes[..])]).map_err(StoreError::Kv)?;
        self.flush().map_err(StoreError::Kv)?;
        checkpoint.put(&self.directory)?;
        let newest = self.newest_directory(checkpoint.epoch).map_err(StoreError::Kv)?;
        self.remove_directories(|epoch| Some(epoch) < newest).map_err(StoreError::Kv)
    }

    /// How the cache of pages has done.
    pub fn cache_use(&self) -> CacheUse {
        self.cache.so_far()
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> Result<u64, KvError> {
        self.trees.bytes()
    }

    /// Bytes that it holds: of the pages that somebody needs, and of all else.
    pub fn held(&self, needs: impl Fn(&[u8]) -> bool) -> Result<(u64, u64), KvError> {
        let (pages, mut rest) = self.trees.held(RUNS, needs)?;
        for tree in [STATE, DIRECTORY] {
            rest += self.trees.held(tree, |_| false)?.1;
        }
        Ok((pages, rest))
    }

    /// Reads every value and says how many are whole, and the first that is not.
    pub(super) fn verify(&self) -> Result<(u64, Option<KvError>), KvError> {
        let (mut n_whole, mut first) = (0, None);
        for tree in [RUNS, DIRECTORY, META, STATE] {
            self.trees.each(tree, |_, body| match body {
                Ok(_) => n_whole += 1,
                Err(error) => _ = first.get_or_insert(error),
            })?;
        }
        Ok((n_whole, first))
    }
}

impl Drop for Kv {
    /// Where a flush does not reach the disk, a file that is closed in order is synced by hand.
    fn drop(&mut self) {
        if !self.is_durable && self.trees.flush().is_ok() {
            let folder = self.directory.join("kv");
            let sync = |name: &String| std::fs::File::open(folder.join(name))?.sync_all();
            let names = files::names(&folder).unwrap_or_default();
            if names
                .iter()
                .filter(|name| folder.join(name).is_file())
                .all(|name| sync(name).is_ok())
            {
                let _ = files::remove(&self.directory.join(open::UNCLEAN));
            }
        }
    }
}

impl std::fmt::Debug for Kv {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kv({})", self.directory.display())
    }
}

#[cfg(test)]
mod tests;
