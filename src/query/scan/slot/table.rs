//! All slots of all people.

use super::fold::Fold;
use super::numbers::Numbers;
use super::per_seat::PerSeat;
use super::places::Places;
use super::rank::Rank;
use super::slots::Slots;
use crate::index::{CHUNK_WORDS, Known};
use crate::model::{Decimal, Ordinal, Value};
use crate::query::scan::tally::Tally;
use std::ops::Deref;
use std::sync::Arc;

/// What people have in a slot: found by this question, or known before.
#[derive(Clone, Debug)]
pub enum Held {
    Own(Slots),
    Known(Arc<Tally>),
}

impl Deref for Held {
    type Target = Slots;

    fn deref(&self) -> &Slots {
        match self {
            Held::Own(slots) => slots,
            Held::Known(tally) => tally.slots(),
        }
    }
}

/// By number, how each slot is folded, and what people have in it.
#[derive(Debug)]
pub struct Table(Vec<(Fold, Held)>, Vec<PerSeat<Option<Decimal>>>);

impl Table {
    /// Nobody has anything.
    pub fn new(folds: &[Fold]) -> Table {
        let mut ties = super::Ties::default();
        let slots = folds.iter().map(|f| (*f, Held::Own(Slots::new(*f).settled(&mut ties))));
        Table(slots.collect(), Vec::new())
    }

    /// The next score, as a model computes it.
    pub fn add_score(&mut self, score: PerSeat<Option<Decimal>>) {
        self.1.push(score);
    }

    /// What a model says of a person.
    pub fn score(&self, place: usize, seat: u32) -> Option<Decimal> {
        self.1.get(place)?.get(seat).copied().flatten()
    }

    pub fn put(&mut self, slot: usize, held: Held) {
        self.0[slot].1 = held;
    }

    /// What was found for a slot; nobody has anything in it afterwards.
    pub fn take(&mut self, slot: usize) -> Slots {
        let (fold, held) = &mut self.0[slot];
        match std::mem::replace(held, Held::Own(Slots::new(*fold))) {
            Held::Own(slots) => slots,
            Held::Known(tally) => tally.slots().clone(),
        }
    }

    /// What was known of everybody before the scan.
    pub fn known(&self, slot: usize) -> Option<&Known> {
        match &*self.0[slot].1 {
            Slots::Known(known) => Some(known),
            _ => None,
        }
    }

    pub fn value(&self, slot: usize, seat: u32) -> Value {
        let (fold, slots) = &self.0[slot];
        slots.value(seat, *fold)
    }

    /// The number in a person's slot; none if the slot is not one of plain numbers.
    #[inline]
    pub fn number(&self, slot: usize, seat: u32) -> Option<Option<Decimal>> {
        let (fold, slots) = &self.0[slot];
        slots.number(seat, *fold)
    }

    /// The numbers in the slots of these people; none if the slot is not one of plain
    /// numbers.
    pub fn numbers(&self, slot: usize, people: &Places) -> Option<Numbers> {
        let (fold, slots) = &self.0[slot];
        slots.numbers(*fold, people)
    }

    /// The instants in the slots of these people; none if the slot is not one of instants.
    pub fn instants(&self, slot: usize, people: &Places) -> Option<Vec<Option<i64>>> {
        self.0[slot].1.instants(people)
    }

    /// What was known before of the events of a name.
    pub fn tally(&self, slot: usize) -> Option<&Tally> {
        match &self.0[slot].1 {
            Held::Known(tally) => Some(tally),
            Held::Own(_) => None,
        }
    }

    /// What was put into a slot, and how it was folded.
    pub fn slots(&self, slot: usize) -> (&Slots, Fold) {
        let (fold, slots) = &self.0[slot];
        (slots, *fold)
    }

    /// Adds the bits of those of a chunk in one of whose slots something was put; not if that
    /// may be anybody.
    pub fn touch(&self, slots: &[usize], chunk: u32, words: &mut [u64; CHUNK_WORDS]) -> bool {
        slots.iter().all(|slot| self.0[*slot].1.touch(chunk, words))
    }

    pub fn rank(&self, slot: usize, seat: u32) -> Option<Rank> {
        self.0[slot].1.rank(seat)
    }

    /// Whether there is an event of a person, in a slot that was asked for nothing else.
    pub fn has_any(&self, slot: usize, seat: u32) -> bool {
        match &*self.0[slot].1 {
            Slots::Who(who) => who.contains(Ordinal(seat)),
            _ => false,
        }
    }

    #[inline]
    pub fn count(&self, slot: usize, seat: u32) -> u64 {
        self.0[slot].1.count(seat)
    }
}
