//! Entries by hash, in shared shards: what hash tables of every kind here stand on.

use super::lot::Lot;
use super::run::Runner;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::{BuildHasher, Hash};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Shards: a first write after a clone copies one part in so many.
pub(super) const SHARDS: usize = 1_024;
/// Shards that one job fills.
const PER_JOB: usize = 16;

/// What lies in a shard of a table, and in a [`Lot`] for one.
pub trait Entry: Clone {
    /// The hash of what it is found by.
    fn hash(&self) -> u64;
}

/// Entries, each in the shard of its hash.
#[derive(Clone, Debug)]
pub(super) struct Shards<E> {
    shards: Vec<Arc<HashTable<E>>>,
    len: usize,
}

impl<E> Default for Shards<E> {
    fn default() -> Shards<E> {
        Shards { shards: Vec::new(), len: 0 }
    }
}

impl<E> Shards<E> {
    pub fn len(&self) -> usize {
        self.len
    }

    /// Bytes of memory held, without what entries point at.
    pub fn memory(&self) -> usize {
        let shards = self.shards.iter().map(|shard| shard.allocation_size()).sum::<usize>();
        shards + self.shards.capacity() * size_of::<HashTable<E>>()
    }

    pub fn iter(&self) -> impl Iterator<Item = &E> {
        self.shards.iter().flat_map(|shard| shard.iter())
    }

    /// The entry under a hash that is the one.
    pub fn find(&self, hash: u64, is: impl FnMut(&E) -> bool) -> Option<&E> {
        self.shards.get(shard_of(hash))?.find(hash, is)
    }
}

impl<E: Entry> Shards<E> {
    /// Makes room for so many more.
    pub fn make_room(&mut self, n_more: usize, run: Runner<'_>)
    where
        E: Send + Sync,
    {
        // Shards differ by a few times the root of what they hold.
        let each = n_more.div_ceil(SHARDS);
        let each = each + 3 * each.isqrt();
        self.each_shard(run, |_, shard| shard.reserve(each, E::hash));
    }

    /// Takes entries in, but those for which there is one that is the same.
    pub fn insert_lots(
        &mut self,
        lots: &[Lot<E>],
        is_same: impl Fn(&E, &E) -> bool + Sync,
        run: Runner<'_>,
    ) where
        E: Send + Sync,
    {
        let n_new = AtomicUsize::new(0);
        self.each_shard(run, |number, shard| {
            let n_before = shard.len();
            for entry in lots.iter().flat_map(|lot| lot.of_shard(number)) {
                let place = shard.entry(entry.hash(), |known| is_same(known, entry), E::hash);
                place.or_insert_with(|| entry.clone());
            }
            n_new.fetch_add(shard.len() - n_before, Ordering::Relaxed);
        });
        self.len += n_new.into_inner();
    }

    fn each_shard(&mut self, run: Runner<'_>, work: impl Fn(usize, &mut HashTable<E>) + Sync)
    where
        E: Send + Sync,
    {
        self.make_shards();
        let parts: Vec<_> = self.shards.chunks_mut(PER_JOB).map(Mutex::new).collect();
        run(parts.len(), &|n| {
            let mut shards = parts[n].lock().unwrap_or_else(PoisonError::into_inner);
            let numbered = (n * PER_JOB..).zip(shards.iter_mut());
            numbered.for_each(|(number, shard)| work(number, Arc::make_mut(shard)));
        });
    }

    /// The entry under a hash that is the one, to be changed, and made first where there is none.
    pub fn entry(
        &mut self,
        hash: u64,
        is: impl FnMut(&E) -> bool,
        make: impl FnOnce() -> E,
    ) -> &mut E {
        self.make_shards();
        let Shards { shards, len } = self;
        let shard = Arc::make_mut(&mut shards[shard_of(hash)]);
        let entry = shard.entry(hash, is, E::hash).or_insert_with(|| {
            *len += 1;
            make()
        });
        entry.into_mut()
    }

    /// The entry under a hash that is the one, to be changed.
    pub fn find_mut(&mut self, hash: u64, mut is: impl FnMut(&E) -> bool) -> Option<&mut E> {
        self.find(hash, &mut is)?;
        Arc::make_mut(&mut self.shards[shard_of(hash)]).find_mut(hash, is)
    }

    /// Takes the entry under a hash away that is the one.
    pub fn remove(&mut self, hash: u64, mut is: impl FnMut(&E) -> bool) -> Option<E> {
        self.find(hash, &mut is)?;
        let found = Arc::make_mut(&mut self.shards[shard_of(hash)]).find_entry(hash, is);
        let (entry, _) = found.ok()?.remove();
        self.len -= 1;
        Some(entry)
    }

    fn make_shards(&mut self) {
        if self.shards.is_empty() {
            self.shards = (0..SHARDS).map(|_| Arc::default()).collect();
        }
    }
}

pub(super) fn hash_of<Q: Hash + ?Sized>(key: &Q) -> u64 {
    FixedState::with_seed(0x7468_726f).hash_one(key)
}

/// The shard by the middle of the hash; inside a shard its ends decide.
pub(super) fn shard_of(hash: u64) -> usize {
    (hash >> 32) as usize % SHARDS
}
