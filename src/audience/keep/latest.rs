//! Different values, each with the newest instant at which it came.
//!
//! In a window that reaches to now a value is there as long as its newest row is.

use crate::model::Value;
use foldhash::fast::FixedState;
use std::hash::BuildHasher;

/// In order of their instants.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latest(Vec<One>);

#[derive(Clone, Debug)]
struct One {
    when: i64,
    /// Values lie far apart; most are told apart without a look at them.
    hash: u64,
    value: Value,
}

impl Latest {
    /// A value came at an instant.
    pub(super) fn insert(&mut self, when: i64, value: Value) {
        self.put(One { when, hash: FixedState::default().hash_one(&value), value });
    }

    fn put(&mut self, one: One) {
        let same = |other: &One| other.hash == one.hash && other.value == one.value;
        if let Some(place) = self.0.iter().position(same) {
            if one.when <= self.0[place].when {
                return;
            }
            self.0.remove(place);
        }
        self.0.insert(self.upto(one.when), one);
    }

    /// How many came last at or before an instant.
    pub(super) fn upto(&self, when: i64) -> usize {
        self.0.partition_point(|one| one.when <= when)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn when(&self, place: usize) -> Option<i64> {
        self.0.get(place).map(|one| one.when)
    }

    /// When a value came last, the newest with the number 0.
    pub(super) fn newest(&self, nth: usize) -> Option<i64> {
        self.when(self.len().checked_sub(nth + 1)?)
    }

    /// Drops what came last at or before an instant, if that is much of it.
    pub(super) fn forget(&mut self, gone: i64) {
        let n = self.upto(gone);
        if n > self.len() / 4 {
            self.0.drain(..n);
        }
    }

    /// Takes in what another has.
    pub(super) fn unite(&mut self, other: Latest) {
        other.0.into_iter().for_each(|one| self.put(one));
    }

    /// Each value with its instant, in their order.
    pub(crate) fn each(&self) -> impl Iterator<Item = (i64, &Value)> {
        self.0.iter().map(|one| (one.when, &one.value))
    }

    /// Of different values, each with its instant, in the order of those.
    pub(crate) fn of(values: impl Iterator<Item = (i64, Value)>) -> Latest {
        let hash = |value: &Value| FixedState::default().hash_one(value);
        Latest(values.map(|(when, value)| One { when, hash: hash(&value), value }).collect())
    }

    /// Bytes on the heap, without what values share.
    pub(super) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<One>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_kept_once_at_its_newest_instant() {
        let (mut latest, mut more) = (Latest::default(), Latest::default());
        for (when, value) in [(5, "a"), (3, "b"), (4, "a"), (9, "b"), (9, "c")] {
            latest.insert(when, value.into());
        }
        assert_eq!(
            (0..4).map(|nth| latest.newest(nth)).collect::<Vec<_>>(),
            [Some(9), Some(9), Some(5), None]
        );
        for (when, value) in [(7, "a"), (1, "d"), (2, "c")] {
            more.insert(when, value.into());
        }
        latest.unite(more);
        assert_eq!((latest.len(), latest.upto(1), latest.upto(7)), (4, 1, 2));
        latest.forget(7);
        assert_eq!((latest.len(), latest.when(0)), (2, Some(9)));
    }
}
