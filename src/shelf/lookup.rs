//! Numbers by what they number, which is kept elsewhere.

use super::lot::Lot;
use super::run::Runner;
use super::shards::{Entry, Shards, hash_of};
use std::hash::Hash;

/// Which number a key has, where the keys lie in a [`Column`](super::Column) by number already.
/// Here lie their hashes: a key is found by a look at those few that share its own. A clone costs
/// a pointer per shard, and the first write to a shard after it a few kilobytes of copying.
///
/// ```
/// use throng::shelf::{Lookup, Numbered};
/// let (mut lookup, mut keys) = (Lookup::default(), Vec::new());
/// for key in ["a", "b"] {
///     lookup.insert(Numbered::new(key, keys.len() as u32));
///     keys.push(key);
/// }
/// let number_of = |key: &str| lookup.find(key, |number| keys[number as usize] == key);
/// assert_eq!(["a", "b", "c"].map(number_of), [Some(0), Some(1), None]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Lookup(Shards<Numbered>);

/// A number and the hash of its key.
///
/// ```
/// assert_eq!(size_of::<throng::shelf::Numbered>(), 12);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Numbered {
    /// Its upper and its lower half.
    hash: [u32; 2],
    number: u32,
}

impl Numbered {
    /// The number of a key.
    pub fn new<Q: Hash + ?Sized>(key: &Q, number: u32) -> Numbered {
        let hash = hash_of(key);
        Numbered { hash: [(hash >> 32) as u32, hash as u32], number }
    }
}

impl Entry for Numbered {
    fn hash(&self) -> u64 {
        let [upper, lower] = self.hash.map(u64::from);
        upper << 32 | lower
    }
}

impl Lookup {
    /// Bytes of memory held.
    pub fn memory(&self) -> usize {
        self.0.memory()
    }

    /// The number of a key; `is` says of a number whether it is the key's.
    pub fn find<Q: Hash + ?Sized>(&self, key: &Q, is: impl Fn(u32) -> bool) -> Option<u32> {
        let hash = hash_of(key);
        let is = |known: &Numbered| known.hash() == hash && is(known.number);
        self.0.find(hash, is).map(|known| known.number)
    }

    /// Takes a number in.
    pub fn insert(&mut self, new: Numbered) {
        self.0.entry(new.hash(), |known| known.number == new.number, || new);
    }

    /// Takes the number of a key away.
    pub fn remove<Q: Hash + ?Sized>(&mut self, key: &Q, number: u32) {
        self.0.remove(hash_of(key), |known| known.number == number);
    }

    /// Makes room for so many more.
    pub fn make_room(&mut self, n_more: usize, run: Runner<'_>) {
        self.0.make_room(n_more, run);
    }

    /// Takes many in.
    pub fn insert_lots(&mut self, lots: &[Lot<Numbered>], run: Runner<'_>) {
        self.0.insert_lots(lots, |known, new| known.number == new.number, run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shelf::one_by_one;
    use std::hash::Hasher;

    /// A key of whose hash so much is the same as that of others.
    #[derive(Clone, PartialEq)]
    struct Alike(u32);

    impl Hash for Alike {
        fn hash<H: Hasher>(&self, state: &mut H) {
            state.write_u32(self.0 % 7);
        }
    }

    #[test]
    fn keys_of_one_hash_are_told_apart_by_what_they_are() {
        let keys: Vec<Alike> = (0..500).map(Alike).collect();
        let mut lookup = Lookup::default();
        let early = keys[..200].iter().zip(0..);
        early.for_each(|(key, number)| lookup.insert(Numbered::new(key, number)));
        let kept = lookup.clone();
        let late = keys.iter().zip(0..).skip(100).map(|(key, n)| Numbered::new(key, n)).collect();
        lookup.insert_lots(&[Lot::of(late)], &one_by_one);
        (0..500).step_by(3).for_each(|number| lookup.remove(&keys[number as usize], number));
        let find =
            |lookup: &Lookup, key: &Alike| lookup.find(key, |number| keys[number as usize] == *key);
        for (key, number) in keys.iter().zip(0..) {
            let stays = (number % 3 != 0).then_some(number);
            assert_eq!(find(&lookup, key), stays, "key {number}");
            assert_eq!(find(&kept, key), (number < 200).then_some(number), "key {number}");
        }
    }
}
