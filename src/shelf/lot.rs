//! Many entries sorted at once for a table.

use super::shards::{Entry, SHARDS, shard_of};

/// Entries in the order of the shards that they belong to: sorting them takes no look at
/// the table, so that several may sort at once.
///
/// ```
/// use throng::shelf::{Lot, Table, one_by_one};
/// let lots = [Lot::of(vec![(1, 'a'), (2, 'b')]), Lot::of(vec![(2, 'c'), (3, 'd')])];
/// let mut table: Table<u32, char> = Table::default();
/// table.insert_lots(&lots, &one_by_one);
/// assert_eq!((table.len(), table.get(&2)), (3, Some(&'b')));
/// ```
#[derive(Clone, Debug)]
pub struct Lot<E> {
    entries: Vec<E>,
    /// By shard, where its entries begin; and where the last ones end.
    begins: Vec<u32>,
}

impl<E: Entry> Lot<E> {
    /// Entries, of which the first counts of those that are the same.
    ///
    /// # Panics
    /// With 2^32 entries or more.
    pub fn of(mut entries: Vec<E>) -> Lot<E> {
        assert!(u32::try_from(entries.len()).is_ok(), "a lot is a part of everything");
        let shards: Vec<u16> = entries.iter().map(|entry| shard_of(entry.hash()) as u16).collect();
        let mut begins = vec![0u32; SHARDS + 1];
        shards.iter().for_each(|shard| begins[usize::from(*shard) + 1] += 1);
        (0..SHARDS).for_each(|shard| begins[shard + 1] += begins[shard]);
        let mut next = begins.clone();
        let place = |shard: u16| {
            let next = &mut next[usize::from(shard)];
            *next += 1;
            *next as usize - 1
        };
        put(&mut entries, &mut shards.into_iter().map(place).collect::<Vec<usize>>());
        Lot { entries, begins }
    }

    /// The entries of a shard.
    pub(super) fn of_shard(&self, shard: usize) -> &[E] {
        &self.entries[self.begins[shard] as usize..self.begins[shard + 1] as usize]
    }
}

/// Puts each entry into its place.
fn put<T>(entries: &mut [T], places: &mut [usize]) {
    for n in 0..entries.len() {
        while places[n] != n {
            let place = places[n];
            entries.swap(n, place);
            places.swap(n, place);
        }
    }
}
