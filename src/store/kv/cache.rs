//! Pages in memory, under a budget of bytes.
//!
//! Each shard is a clock: a page that was used since the hand last passed
//! gets another round, so a scan does not drive out what is used again and again.

use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const N_SHARDS: usize = 16;
/// Bytes that a page costs besides key and content: entry, slot and counters.
const OVERHEAD: usize = 96;

/// How a cache has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheUse {
    /// Pages found.
    pub hits: u64,
    /// Pages not found.
    pub misses: u64,
    /// Bytes held.
    pub bytes: usize,
}

pub(super) struct Cache {
    shards: Vec<Mutex<Shard>>,
    hasher: RandomState,
    hits: AtomicU64,
    misses: AtomicU64,
}

#[derive(Default)]
struct Shard {
    place_of: HashMap<Arc<[u8]>, usize, RandomState>,
    slots: Vec<Slot>,
    hand: usize,
    bytes: usize,
    bytes_max: usize,
}

struct Slot {
    key: Arc<[u8]>,
    page: Arc<[u8]>,
    is_used: bool,
}

impl Cache {
    pub(super) fn new(bytes_max: usize) -> Cache {
        let shard = || Shard { bytes_max: bytes_max / N_SHARDS, ..Shard::default() };
        Cache {
            shards: (0..N_SHARDS).map(|_| Mutex::new(shard())).collect(),
            hasher: RandomState::default(),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    pub(super) fn get(&self, key: &[u8]) -> Option<Arc<[u8]>> {
        let page = self.shard(key).get(key);
        let counter = if page.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        page
    }

    pub(super) fn put(&self, key: &[u8], page: Arc<[u8]>) {
        self.shard(key).put(key, page);
    }

    pub(super) fn remove(&self, key: &[u8]) {
        self.shard(key).remove(key);
    }

    pub(super) fn so_far(&self) -> CacheUse {
        CacheUse {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            bytes: self.shards.iter().map(|shard| held(shard).bytes).sum(),
        }
    }

    fn shard(&self, key: &[u8]) -> MutexGuard<'_, Shard> {
        let place = self.hasher.hash_one(key) >> 32;
        held(&self.shards[place as usize % N_SHARDS])
    }
}

/// A panic in another thread leaves at worst a page that is not found.
fn held(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Slot {
    fn cost(&self) -> usize {
        self.key.len() + self.page.len() + OVERHEAD
    }
}

impl Shard {
    fn get(&mut self, key: &[u8]) -> Option<Arc<[u8]>> {
        let slot = &mut self.slots[*self.place_of.get(key)?];
        slot.is_used = true;
        Some(slot.page.clone())
    }

    fn put(&mut self, key: &[u8], page: Arc<[u8]>) {
        self.remove(key);
        let slot = Slot { key: key.into(), page, is_used: false };
        let cost = slot.cost();
        if cost > self.bytes_max {
            return;
        }
        while self.bytes + cost > self.bytes_max {
            self.evict();
        }
        self.bytes += cost;
        self.place_of.insert(slot.key.clone(), self.slots.len());
        self.slots.push(slot);
    }

    fn remove(&mut self, key: &[u8]) {
        if let Some(place) = self.place_of.get(key) {
            self.take(*place);
        }
    }

    /// Moves the hand to the next page that was not used since it last passed, and takes that out.
    fn evict(&mut self) {
        loop {
            if self.hand >= self.slots.len() {
                self.hand = 0;
            }
            if !std::mem::take(&mut self.slots[self.hand].is_used) {
                return self.take(self.hand);
            }
            self.hand += 1;
        }
    }

    /// Takes a slot out; the last one moves into its place.
    fn take(&mut self, place: usize) {
        let slot = self.slots.swap_remove(place);
        self.bytes -= slot.cost();
        self.place_of.remove(&slot.key);
        if let Some(moved) = self.slots.get(place) {
            self.place_of.insert(moved.key.clone(), place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(n: u8, length: usize) -> Arc<[u8]> {
        vec![n; length].into()
    }

    #[test]
    fn the_budget_holds_and_used_pages_stay() {
        let mut shard = Shard { bytes_max: 10 * (1 + 100 + OVERHEAD), ..Shard::default() };
        for n in 0..10 {
            shard.put(&[n], page(n, 100));
        }
        for n in 10..200 {
            assert_eq!(shard.get(&[3]), Some(page(3, 100)), "before page {n}");
            shard.put(&[n], page(n, 100));
            assert!(shard.bytes <= shard.bytes_max);
            assert_eq!(shard.slots.len(), 10);
        }
        assert_eq!(shard.get(&[0]), None);
    }

    #[test]
    fn a_page_put_again_or_removed_is_not_found_as_it_was() {
        let cache = Cache::new(1 << 20);
        cache.put(b"a", page(1, 10));
        cache.put(b"a", page(2, 20));
        assert_eq!(cache.get(b"a"), Some(page(2, 20)));
        cache.remove(b"a");
        assert_eq!(cache.get(b"a"), None);
        assert_eq!(cache.so_far(), CacheUse { hits: 1, misses: 1, bytes: 0 });
    }

    #[test]
    fn a_page_larger_than_the_budget_is_not_kept() {
        let cache = Cache::new(1600);
        cache.put(b"a", page(1, 200));
        assert_eq!(cache.so_far().bytes, 0);
    }
}
