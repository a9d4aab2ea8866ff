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

/// A mark as it is gathered, for one role of its event: there are many of them.
#[derive(Clone, Debug)]
pub struct Raw {
    id: u128,
    when: i64,
    ord: i64,
    keys: Option<Box<[u128]>>,
    bit: u8,
}

/// The marks of all people.
#[derive(Clone, Debug)]
pub struct Marks {
    by_seat: PerSeat<Vec<Raw>>,
    /// Whether the order of events of one instant matters.
    pub is_ordered: bool,
}

impl Marks {
    pub fn new(is_ordered: bool) -> Marks {
        Marks { by_seat: PerSeat::default(), is_ordered }
    }

    pub fn move_to(&mut self, chunk: u32) {
        self.by_seat.move_to(chunk);
    }

    pub fn take(&mut self, seat: u32, rank: Rank, bit: u32, keys: Vec<u128>) {
        let keys = (!keys.is_empty()).then(|| keys.into_boxed_slice());
        let Rank { when, ord, id, .. } = rank;
        self.by_seat.at(seat).push(Raw { id, when, ord, keys, bit: bit as u8 });
    }

    pub fn absorb(&mut self, other: Marks) {
        self.by_seat.absorb(other.by_seat, |own, other| own.extend(other));
    }

    /// Whether ids are needed to tell which events lie side by side.
    pub fn settle(&mut self, ties: &mut Ties) {
        if !self.is_ordered || ties.has_ids {
            return;
        }
        for marks in self.by_seat.each_mut() {
            let mut ranks: Vec<Rank> = marks.iter().map(Raw::rank).collect();
            ranks.sort_by_key(|rank| (rank.when, rank.ord));
            for pair in ranks.windows(2) {
                ties.order(&pair[0], &pair[1]);
            }
        }
    }

    /// Those of these people with marks who pass.
    pub fn chosen(&self, people: &Seats, mut passes: impl FnMut(u32, &[Raw]) -> bool) -> Seats {
        self.by_seat.chosen(people, |seat, marks| passes(seat, marks))
    }

    pub fn get(&self, seat: u32) -> &[Raw] {
        self.by_seat.get(seat).map_or(&[], Vec::as_slice)
    }
}

impl Raw {
    fn rank(&self) -> Rank {
        Rank { party: 0, when: self.when, ord: self.ord, id: self.id, nth: 0 }
    }

    fn mark(&self, place: usize) -> Mark {
        let keys = self.keys.as_deref().unwrap_or_default().to_vec();
        Mark { rank: self.rank(), place, bits: 1 << self.bit, keys }
    }
}

/// When each event was and what it is good for, ascending; none if two of them lie at
/// one instant.
pub fn one_by_one(marks: &[Raw]) -> Option<Vec<(i64, u128)>> {
    let mut sorted: Vec<&Raw> = marks.iter().collect();
    sorted.sort_unstable_by_key(|mark| mark.when);
    let mut events: Vec<(i64, u128)> = Vec::with_capacity(sorted.len());
    for (n, mark) in sorted.iter().enumerate() {
        let bit = 1 << mark.bit;
        match events.last_mut().filter(|(when, _)| *when == mark.when) {
            Some((_, bits)) if mark.rank() == sorted[n - 1].rank() => *bits |= bit,
            Some(_) => return None,
            None => events.push((mark.when, bit)),
        }
    }
    Some(events)
}

/// Marks in canonical order, those of one event together.
pub fn in_order(marks: &[Raw]) -> Vec<Mark> {
    let mut sorted: Vec<&Raw> = marks.iter().collect();
    sorted.sort_by_key(|mark| (mark.when, mark.ord, mark.id));
    let mut together: Vec<Mark> = Vec::with_capacity(sorted.len());
    for raw in sorted {
        let place = together.len();
        match together.last_mut().filter(|last| last.rank == raw.rank()) {
            Some(last) => {
                let mark = raw.mark(place);
                last.bits |= mark.bits;
                if last.keys.is_empty() {
                    last.keys = mark.keys;
                }
            }
            None => together.push(raw.mark(place)),
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
