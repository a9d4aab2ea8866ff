//! Marks of a pattern's events, those together that have to agree.

use super::super::pattern::Mark;
use crate::model::Value;
use foldhash::fast::FixedState;
use std::hash::BuildHasher;

/// By what they agree on; a pattern whose events need not agree has one group.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks(Vec<Group>);

#[derive(Clone, Debug)]
struct Group {
    /// Keys lie far apart; most are told apart without a look at them.
    hash: u64,
    key: Value,
    /// In order of their instants.
    marks: Vec<Mark>,
}

impl Marks {
    /// Takes in a mark; those that are gone by an instant are not kept for long.
    pub(super) fn insert(&mut self, key: Value, mark: Mark, gone: i64) {
        if mark.when <= gone {
            return;
        }
        let n_groups = self.0.len();
        let group = self.group(key);
        let n_gone = group.marks.partition_point(|other| other.when <= gone);
        if n_gone > group.marks.len() / 4 {
            group.marks.drain(..n_gone);
        }
        let place = group.marks.partition_point(|other| other.when <= mark.when);
        if group.marks.len() == group.marks.capacity() {
            group.marks.reserve_exact(1 + group.marks.len() / 4);
        }
        group.marks.insert(place, mark);
        // Groups that nobody adds to any more go when there are twice as many.
        if self.0.len() > n_groups && self.0.len().is_power_of_two() {
            self.0.retain(|group| group.marks.last().is_some_and(|last| gone < last.when));
        }
    }

    /// Takes in what another has.
    pub(super) fn unite(&mut self, other: Marks) {
        for Group { key, marks, .. } in other.0 {
            let group = self.group(key);
            group.marks.extend(marks);
            group.marks.sort_by_key(|mark| mark.when);
        }
    }

    /// The marks that agree, group by group.
    pub(super) fn groups(&self) -> impl Iterator<Item = &[Mark]> {
        self.0.iter().map(|group| &group.marks[..])
    }

    /// The marks that agree, and on what.
    pub(crate) fn keyed(&self) -> impl Iterator<Item = (&Value, &[Mark])> {
        self.0.iter().map(|group| (&group.key, &group.marks[..]))
    }

    /// Marks that agree, of each key in the order of their instants.
    pub(crate) fn of(groups: impl Iterator<Item = (Value, Vec<Mark>)>) -> Marks {
        let mut all = Marks::default();
        groups.for_each(|(key, marks)| all.group(key).marks = marks);
        all
    }

    /// Bytes on the heap, without what keys share.
    pub(super) fn bytes(&self) -> usize {
        let marks: usize = self.0.iter().map(|group| group.marks.capacity()).sum();
        self.0.capacity() * size_of::<Group>() + marks * size_of::<Mark>()
    }

    fn group(&mut self, key: Value) -> &mut Group {
        let hash = FixedState::default().hash_one(&key);
        let first = self.0.partition_point(|group| group.hash < hash);
        let alike = self.0[first..].iter().take_while(|group| group.hash == hash);
        let place = match alike.into_iter().position(|group| group.key == key) {
            Some(nth) => first + nth,
            None => {
                self.0.insert(first, Group { hash, key, marks: Vec::new() });
                first
            }
        };
        &mut self.0[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(when: i64) -> Mark {
        Mark { when, place: 0, steps: 1, without: 0, tails: 0 }
    }

    fn instants(marks: &Marks) -> Vec<Vec<i64>> {
        let mut found: Vec<Vec<i64>> =
            marks.groups().map(|group| group.iter().map(|mark| mark.when).collect()).collect();
        found.sort();
        found
    }

    #[test]
    fn marks_lie_by_key_and_instant_and_go_when_they_are_gone() {
        let (mut marks, mut more) = (Marks::default(), Marks::default());
        for (when, key) in [(5, "a"), (3, "b"), (4, "a"), (9, "b")] {
            marks.insert(key.into(), mark(when), i64::MIN);
        }
        assert_eq!(instants(&marks), [vec![3, 9], vec![4, 5]]);
        more.insert("a".into(), mark(1), i64::MIN);
        more.insert("c".into(), mark(2), i64::MIN);
        marks.unite(more);
        assert_eq!(instants(&marks), [vec![1, 4, 5], vec![2], vec![3, 9]]);
        marks.insert("d".into(), mark(7), 7);
        marks.insert("d".into(), mark(12), 7);
        assert_eq!(instants(&marks), [vec![3, 9], vec![12]]);
    }
}
