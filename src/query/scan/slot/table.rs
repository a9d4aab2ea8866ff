//! All slots of all people.

use super::fold::Fold;
use super::rank::Rank;
use super::slots::Slots;
use crate::model::Value;
use crate::query::scan::pattern::Mark;

/// By number, how each slot is folded, and what people have in it.
#[derive(Debug)]
pub struct Table(Vec<(Fold, Slots)>);

impl Table {
    /// Nobody has anything.
    pub fn new(folds: &[Fold]) -> Table {
        let mut ties = super::Ties::default();
        Table(folds.iter().map(|f| (*f, Slots::new(*f, 0).settled(&mut ties))).collect())
    }

    pub fn put(&mut self, slot: usize, slots: Slots) {
        self.0[slot].1 = slots;
    }

    pub fn value(&self, slot: usize, seat: u32) -> Value {
        let (fold, slots) = &self.0[slot];
        slots.value(seat, *fold)
    }

    pub fn rank(&self, slot: usize, seat: u32) -> Option<Rank> {
        self.0[slot].1.rank(seat)
    }

    pub fn marks(&self, slot: usize, seat: u32) -> &[Mark] {
        self.0[slot].1.marks(seat)
    }

    #[inline]
    pub fn count(&self, slot: usize, seat: u32) -> u64 {
        self.0[slot].1.count(seat)
    }
}
