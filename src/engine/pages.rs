//! Where sealed rows are read from: the rebuildable store, as long as the handle is open.

use crate::store::{CacheUse, Kv, KvError};
use crate::timeline::{PageError, PageKey, Pages};
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

/// The rebuildable store behind a door that closes with the handle: a view
/// that outlives it reads no more, and the directory can be opened again.
pub(super) struct Shelf(RwLock<Option<Kv>>);

impl Shelf {
    /// The open store.
    pub fn new(kv: Kv) -> Shelf {
        Shelf(RwLock::new(Some(kv)))
    }

    /// Does something with the store, unless it is closed.
    pub fn with<T>(&self, act: impl FnOnce(&Kv) -> T) -> Option<T> {
        let kv = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kv.as_ref().map(act)
    }

    /// Closes the store, once nobody is reading.
    pub fn close(&self) {
        let kv = self.0.write().unwrap_or_else(PoisonError::into_inner).take();
        drop(kv);
    }

    /// Lets the next open build the store again.
    pub fn condemn(&self, reason: &str) {
        tracing::error!(reason, "the rebuildable store is damaged; the next open builds it again");
        if let Some(Err(error)) = self.with(|kv| kv.condemn_this(reason)) {
            tracing::error!(%error, "the damage could not be noted");
        }
    }

    /// How the cache has done.
    pub fn cache_use(&self) -> CacheUse {
        self.with(Kv::cache_use).unwrap_or_default()
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        self.with(|kv| kv.bytes().unwrap_or(0)).unwrap_or_default()
    }

    /// Bytes of the pages of these runs, and of all else that it holds.
    pub fn held(&self, runs: &BTreeSet<u32>) -> (u64, u64) {
        let needs = |key: &[u8]| PageKey::from_bytes(key).is_some_and(|k| runs.contains(&k.run));
        self.with(|kv| kv.held(needs).unwrap_or_default()).unwrap_or_default()
    }
}

impl Pages for Shelf {
    fn page(&self, key: &PageKey) -> Result<Arc<[u8]>, PageError> {
        self.read(key, Kv::page)
    }

    fn page_once(&self, key: &PageKey) -> Result<Arc<[u8]>, PageError> {
        self.read(key, Kv::page_once)
    }
}

impl Shelf {
    fn read(
        &self,
        key: &PageKey,
        read: impl Fn(&Kv, &[u8]) -> Result<Option<Arc<[u8]>>, KvError>,
    ) -> Result<Arc<[u8]>, PageError> {
        let read = self.with(|kv| read(kv, &key.to_bytes()));
        let closed = || PageError::Unreadable(*key, "the database was closed".to_owned());
        let (error, is_damage) = match read.ok_or_else(closed)? {
            Ok(Some(page)) => return Ok(page),
            Ok(None) => (PageError::Missing(*key), true),
            Err(error) => unread(*key, &error),
        };
        if is_damage {
            self.condemn(&error.to_string());
        }
        Err(error)
    }
}

/// Why a page cannot be read, and whether that says something about what is kept: a full
/// disk, or a store that failed before, does not.
fn unread(key: PageKey, error: &KvError) -> (PageError, bool) {
    match error {
        KvError::Damaged { .. } => (PageError::Damaged(key), true),
        error => {
            let is_damage = !matches!(error, KvError::DiskFull | KvError::Held | KvError::Stopped);
            (PageError::Unreadable(key, error.to_string()), is_damage)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_condemns_nothing_and_damage_does() {
        let key = PageKey { chunk: 1, run: 2, group: 0, page: 3 };
        let damaged = KvError::Damaged { tree: "pages", key: Vec::new() };
        assert_eq!(unread(key, &damaged), (PageError::Damaged(key), true));
        assert!(unread(key, &KvError::Failed("no such sector".into())).1);
        for error in [KvError::DiskFull, KvError::Held, KvError::Stopped] {
            let unreadable = PageError::Unreadable(key, error.to_string());
            assert_eq!(unread(key, &error), (unreadable, false));
        }
    }
}
