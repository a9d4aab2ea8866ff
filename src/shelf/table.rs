//! A hash table in shared shards.

use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

/// Shards: a first write after a clone copies one part in so many.
const SHARDS: usize = 1_024;

type Shard<K, V> = HashMap<K, V, FixedState>;

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

    /// Keys and values, in no order that means anything.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.shards.iter().flat_map(|shard| shard.iter())
    }
}

impl<K: Hash + Eq, V> Table<K, V> {
    /// The value under a key.
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.shards.get(place(key))?.get(key)
    }

    /// Whether there is a value under a key.
    pub fn contains<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: std::borrow::Borrow<Q>,
    {
        self.get(key).is_some()
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Table<K, V> {
    /// Puts a value under a key and gives back the one that was there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let old = self.shard(&key).insert(key, value);
        self.len += usize::from(old.is_none());
        old
    }

    /// Takes the value under a key away.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        if !self.contains(key) {
            return None;
        }
        let old = self.shard(key).remove(key);
        self.len -= usize::from(old.is_some());
        old
    }

    /// The value under a key, to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        if !self.contains(key) {
            return None;
        }
        self.shard(key).get_mut(key)
    }

    /// The value under a key, made first where it is missing.
    pub fn entry(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        if !self.contains(&key) {
            self.insert(key.clone(), make());
        }
        self.get_mut(&key).expect("the key was just put there")
    }

    fn shard(&mut self, key: &K) -> &mut Shard<K, V> {
        if self.shards.is_empty() {
            self.shards = (0..SHARDS).map(|_| Arc::default()).collect();
        }
        Arc::make_mut(&mut self.shards[place(key)])
    }
}

/// The shard by the upper half of the hash; inside a shard its own bits decide.
fn place<Q: Hash + ?Sized>(key: &Q) -> usize {
    (FixedState::with_seed(0x7468_726f).hash_one(key) >> 32) as usize % SHARDS
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
}
