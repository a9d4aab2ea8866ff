//! A hash table in shared shards.

use super::lot::Lot;
use super::run::Runner;
use super::shards::{Entry, Shards, hash_of};
use std::borrow::Borrow;
use std::hash::Hash;
use std::hint::black_box;

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
pub struct Table<K, V>(Shards<(K, V)>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Table<K, V> {
        Table(Shards::default())
    }
}

impl<K: Hash + Clone, V: Clone> Entry for (K, V) {
    fn hash(&self) -> u64 {
        hash_of(&self.0)
    }
}

impl<K, V> Table<K, V> {
    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory held, without what keys and values point at.
    pub fn memory(&self) -> usize {
        self.0.memory()
    }

    /// Keys and values, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

impl<K: Hash + Eq, V> Table<K, V> {
    /// The value under a key.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let found = self.0.find(hash_of(key), |(known, _)| known.borrow() == key);
        found.map(|(_, value)| value)
    }

    /// Whether there is a value under a key.
    pub fn contains<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

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
        self.0.make_room(n_more, run);
    }

    /// Puts a value under each key that has none.
    pub fn insert_lots(&mut self, lots: &[Lot<(K, V)>], run: Runner<'_>)
    where
        K: Send + Sync,
        V: Send + Sync,
    {
        self.0.insert_lots(lots, |(known, _), (key, _)| known == key, run);
    }

    /// Puts a value under a key and gives back the one that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let mut value = Some(value);
        let is = |(known, _): &(K, V)| *known == key;
        let make = || (key.clone(), value.take().expect("it is made once"));
        let entry = self.0.entry(hash_of(&key), is, make);
        value.map(|value| std::mem::replace(&mut entry.1, value))
    }

    /// Takes the value under a key away.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let removed = self.0.remove(hash_of(key), |(known, _)| known == key);
        removed.map(|(_, value)| value)
    }

    /// The value under a key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let found = self.0.find_mut(hash_of(key), |(known, _)| known == key);
        found.map(|(_, value)| value)
    }

    /// The value under a key, to be changed, made first where it is missing.
    pub fn entry(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let hash = hash_of(&key);
        let is = |(known, _): &(K, V)| *known == key;
        &mut self.0.entry(hash, is, || (key.clone(), make())).1
    }
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
        let lots: Vec<Lot<(u64, u32)>> = keys.chunks(7_777).map(lot).collect();
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
