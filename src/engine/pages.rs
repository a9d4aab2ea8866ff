//! Where sealed rows are read from: the rebuildable store, as long as the handle is open.

use crate::store::{CacheUse, Kv, KvError};
use crate::timeline::{PageError, PageKey, Pages};
use std::sync::Arc;
use std::sync::{PoisonError, RwLock};

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

    /// Bytes on disk; those of the pages that it holds, and of all else.
    pub fn bytes(&self) -> (u64, (u64, u64)) {
        let bytes = |kv: &Kv| (kv.bytes().unwrap_or(0), kv.held().unwrap_or_default());
        self.with(bytes).unwrap_or_default()
    }
}

impl Pages for Shelf {
    fn page(&self, key: &PageKey) -> Result<Arc<[u8]>, PageError> {
        let read = self.with(|kv| kv.page(&key.to_bytes()));
        let closed = || PageError::Unreadable(*key, "the database was closed".to_owned());
        let error = match read.ok_or_else(closed)? {
            Ok(Some(page)) => return Ok(page),
            Ok(None) => PageError::Missing(*key),
            Err(KvError::Damaged { .. }) => PageError::Damaged(*key),
            // A full disk, or what failed before, says nothing about what is kept.
            Err(error @ (KvError::DiskFull | KvError::Stopped)) => {
                return Err(PageError::Unreadable(*key, error.to_string()));
            }
            Err(error) => PageError::Unreadable(*key, error.to_string()),
        };
        self.condemn(&error.to_string());
        Err(error)
    }
}
