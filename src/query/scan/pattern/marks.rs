//! Marks: the events of a person that a pattern looks at.

use crate::index::Seats;
use crate::query::scan::slot::{PerSeat, Rank, Ties};
use foldhash::fast::FixedState;
use std::collections::HashMap;

/// An event and what it is good for.
#[derive(Clone, Debug)]
pub struct Mark {
    pub rank: Rank,
    /// Its place among all events, once they are in order.
    pub place: usize,
    pub bits: u128,
    /// Hashes of the values that it agrees with others by.
    pub keys: Vec<u128>,
}

/// The marks of all people.
#[derive(Clone, Debug)]
pub struct Marks {
    by_seat: PerSeat<Vec<Mark>>,
    /// Whether the order of events of one instant matters.
    pub is_ordered: bool,
}

impl Marks {
    pub fn new(is_ordered: bool) -> Marks {
        Marks { by_seat: PerSeat::default(), is_ordered }
    }

    pub fn take(&mut self, seat: u32, rank: Rank, bit: u32, keys: Vec<u128>) {
        self.by_seat.at(seat).push(Mark { rank, place: 0, bits: 1 << bit, keys });
    }

    pub fn absorb(&mut self, other: Marks) {
        self.by_seat.absorb(other.by_seat, |own, other| own.extend(other));
    }

    /// Whether ids are needed to tell which events lie side by side.
    pub fn settle(&self, ties: &mut Ties) {
        if !self.is_ordered || ties.has_ids {
            return;
        }
        for marks in self.by_seat.each() {
            let mut ranks: Vec<&Rank> = marks.iter().map(|mark| &mark.rank).collect();
            ranks.sort_by_key(|rank| (rank.when, rank.ord));
            for pair in ranks.windows(2) {
                ties.order(pair[0], pair[1]);
            }
        }
    }

    /// Those of these people with marks who pass.
    pub fn chosen(&self, people: &Seats, mut passes: impl FnMut(u32, &[Mark]) -> bool) -> Seats {
        self.by_seat.chosen(people, |seat, marks| passes(seat, marks))
    }

    pub fn get(&self, seat: u32) -> &[Mark] {
        self.by_seat.get(seat).map_or(&[], Vec::as_slice)
    }
}

/// Marks in canonical order, those of one event together.
pub fn in_order(marks: &[Mark]) -> Vec<Mark> {
    let mut sorted: Vec<Mark> = marks.to_vec();
    sorted.sort_by_key(|mark| (mark.rank.when, mark.rank.ord, mark.rank.id));
    let mut together: Vec<Mark> = Vec::with_capacity(sorted.len());
    for mark in sorted {
        match together.last_mut().filter(|last| last.rank == mark.rank) {
            Some(last) => {
                last.bits |= mark.bits;
                if last.keys.is_empty() {
                    last.keys = mark.keys;
                }
            }
            None => together.push(Mark { place: together.len(), ..mark }),
        }
    }
    together
}

/// The marks under each key, in order.
pub fn by_key(marks: &[Mark]) -> Vec<Vec<Mark>> {
    let mut places: HashMap<u128, usize, FixedState> = HashMap::default();
    let mut keyed: Vec<Vec<Mark>> = Vec::new();
    for mark in marks {
        for (n, key) in mark.keys.iter().enumerate() {
            if mark.keys[..n].contains(key) {
                continue;
            }
            let place = *places.entry(*key).or_insert(keyed.len());
            if place == keyed.len() {
                keyed.push(Vec::new());
            }
            keyed[place].push(Mark { keys: Vec::new(), ..*mark });
        }
    }
    keyed
}
