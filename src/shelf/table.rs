//! A hash table in shared shards.

use super::lot::Lot;
use super::run::Runner;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Shards: a first write after a clone copies one part in so many.
pub(super) const SHARDS: usize = 1_024;
/// Shards that one job fills.
const PER_JOB: usize = 16;

type Shard<K, V> = HashTable<(K, V)>;

/// Values by key. Cloning costs a pointer per shard.
///
/// ```
/// use throng::shelf::Table;
/// let mut table: Table<&str, u32> = Table::default();
/// table.insert("a", 1);
/// let kept = table.clone();
/// table.insert("a", 2);
/// assert_eq!((kept.get(&"a"), table.get(&"a")), (Some(&1), Some(&2)));
/// ```
#[derive(Clone, Debug)]
pub struct Table<K, V> {
    shards: Vec<Arc<Shard<K, V>>>,
    len: usize,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Table<K, V> {
        Table { shards: Vec::new(), len: 0 }
    }
}

impl<K, V> Table<K, V> {
    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes of memory held, without what keys and values point at.
    pub fn memory(&self) -> usize {
        let shards = self.shards.iter().map(|shard| shard.allocation_size()).sum::<usize>();
        shards + self.shards.capacity() * size_of::<Shard<K, V>>()
    }

    /// Keys and values, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.shards.iter().flat_map(|shard| shard.iter()).map(|(key, value)| (key, value))
    }
}

impl<K: Hash + Eq, V> Table<K, V> {
    /// The value under a key.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let hash = hash_of(key);
        let shard = self.shards.get(shard_of(hash))?;
        shard.find(hash, |(known, _)| known.borrow() == key).map(|(_, value)| value)
    }

    /// Whether there is a value under a key.
    pub fn contains<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }
}

impl<K: Hash + Eq, V> Table<K, V> {
    /// Looks keys up for nothing but that what they lead to is near in memory
    /// afterwards: lookups that do not depend on one another are waited for
    /// together, not one after the other.
    pub fn read_ahead<B: Borrow<K>>(&self, keys: impl Iterator<Item = B>) {
        black_box(keys.filter(|key| self.contains(key.borrow())).count());
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Table<K, V> {
    /// Makes room for so many more keys.
    pub fn make_room(&mut self, n_more: usize, run: Runner<'_>)
    where
        K: Send + Sync,
        V: Send + Sync,
    {
        // Shards differ by a few times the root of what they hold.
        let each = n_more.div_ceil(SHARDS);
        let each = each + 3 * each.isqrt();
        self.each_shard(run, |_, shard| shard.reserve(each, |(key, _)| hash_of(key)));
    }

    /// Puts a value under each key that has none.
    pub fn insert_lots(&mut self, lots: &[Lot<K, V>], run: Runner<'_>)
    where
        K: Send + Sync,
        V: Send + Sync,
    {
        let n_new = AtomicUsize::new(0);
        self.each_shard(run, |number, shard| {
            let n_before = shard.len();
            for (key, value) in lots.iter().flat_map(|lot| lot.of_shard(number)) {
                let is = |(known, _): &(K, V)| known == key;
                let entry = shard.entry(hash_of(key), is, |(key, _)| hash_of(key));
                entry.or_insert_with(|| (key.clone(), value.clone()));
            }
            n_new.fetch_add(shard.len() - n_before, Ordering::Relaxed);
        });
        self.len += n_new.into_inner();
    }

    fn each_shard(&mut self, run: Runner<'_>, work: impl Fn(usize, &mut Shard<K, V>) + Sync)
    where
        K: Send + Sync,
        V: Send + Sync,
    {
        make_shards(&mut self.shards);
        let parts: Vec<_> = self.shards.chunks_mut(PER_JOB).map(Mutex::new).collect();
        run(parts.len(), &|n| {
            let mut shards = parts[n].lock().unwrap_or_else(PoisonError::into_inner);
            let numbered = (n * PER_JOB..).zip(shards.iter_mut());
            numbered.for_each(|(number, shard)| work(number, Arc::make_mut(shard)));
        });
    }

    /// Puts a value under a key and gives back the one that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let hash = hash_of(&key);
        let shard = self.shard(hash);
        if let Some(known) = shard.find_mut(hash, |(known, _)| *known == key) {
            return Some(std::mem::replace(&mut known.1, value));
        }
        shard.insert_unique(hash, (key, value), |(key, _)| hash_of(key));
        self.len += 1;
        None
    }

    /// Takes the value under a key away.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        if !self.contains(key) {
            return None;
        }
        let hash = hash_of(key);
        let found = self.shard(hash).find_entry(hash, |(known, _)| known == key);
        let ((_, value), _) = found.ok()?.remove();
        self.len -= 1;
        Some(value)
    }

    /// The value under a key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if !self.contains(key) {
            return None;
        }
        let hash = hash_of(key);
        let found = self.shard(hash).find_mut(hash, |(known, _)| known == key);
        found.map(|(_, value)| value)
    }

    /// The value under a key, to be changed, made first where it is missing.
    pub fn entry(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let hash = hash_of(&key);
        let Table { shards, len } = self;
        let shard = owned(shards, hash);
        let entry = shard.entry(hash, |(known, _)| *known == key, |(key, _)| hash_of(key));
        let found = entry.or_insert_with(|| {
            *len += 1;
            (key, make())
        });
        &mut found.into_mut().1
    }

    fn shard(&mut self, hash: u64) -> &mut Shard<K, V> {
        owned(&mut self.shards, hash)
    }
}

/// The shard of a hash, nobody else's from here on.
fn owned<K: Clone, V: Clone>(shards: &mut Vec<Arc<Shard<K, V>>>, hash: u64) -> &mut Shard<K, V> {
    make_shards(shards);
    Arc::make_mut(&mut shards[shard_of(hash)])
}

fn make_shards<K, V>(shards: &mut Vec<Arc<Shard<K, V>>>) {
    if shards.is_empty() {
        *shards = (0..SHARDS).map(|_| Arc::default()).collect();
    }
}

pub(super) fn hash_of<Q: Hash + ?Sized>(key: &Q) -> u64 {
    FixedState::with_seed(0x7468_726f).hash_one(key)
}

/// The shard by the middle of the hash; inside a shard its ends decide.
pub(super) fn shard_of(hash: u64) -> usize {
    (hash >> 32) as usize % SHARDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_stays_as_it_was() {
        let mut table: Table<u32, u32> = Table::default();
        for key in 0..5_000 {
            table.insert(key, key);
        }
        let kept = table.clone();
        for key in (0..5_000).step_by(2) {
            table.remove(&key);
        }
        *table.entry(1, || 0) = 7;
        assert_eq!((kept.len(), table.len()), (5_000, 2_500));
        assert!((0..5_000).all(|key| kept.get(&key) == Some(&key)));
        assert_eq!((table.get(&0), table.get(&1), table.get(&3)), (None, Some(&7), Some(&3)));
    }

    #[test]
    fn lots_are_taken_in_as_keys_one_by_one_are() {
        let in_turn: Runner<'_> = &|n_jobs, job| (0..n_jobs).rev().for_each(job);
        let keys: Vec<u64> = (0..50_000).map(|key| key * key % 30_011).collect();
        let (mut plain, mut apart) = (Table::default(), Table::default());
        for table in [&mut plain, &mut apart] {
            (0..100).for_each(|key| *table.entry(key, || 1) = 1);
        }
        for key in &keys {
            plain.entry(*key, || 2);
        }
        let kept = apart.clone();
        let lot = |keys: &[u64]| Lot::of(keys.iter().map(|key| (*key, 2)).collect());
        let lots: Vec<Lot<u64, u32>> = keys.chunks(7_777).map(lot).collect();
        apart.make_room(keys.len(), in_turn);
        apart.insert_lots(&lots, in_turn);
        let sorted = |table: &Table<u64, u32>| {
            let mut entries: Vec<_> = table.iter().map(|(key, value)| (*key, *value)).collect();
            entries.sort_unstable();
            entries
        };
        assert_eq!((sorted(&apart), apart.len()), (sorted(&plain), plain.len()));
        assert_eq!(kept.len(), 100);
    }
}
