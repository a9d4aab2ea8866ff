//! What rows add to people, written down as it comes and put in its place later,
//! page by page: rows of a block jump from seat to seat, and most of what many slots
//! hold of a chunk lies beyond the near memory.

use super::fold::Fold;
use super::slots::{Slots, meet};
use crate::model::Decimal;

/// So many entries are put in their places at once.
const ROOM: usize = 1 << 16;

/// Seats, and what is added to each: a row, a number in billionths, or an instant.
#[derive(Debug, Default)]
pub struct Log {
    rows: Vec<(u32, ())>,
    numbers: Vec<(u32, i64)>,
}

impl Log {
    /// Rows of these people.
    #[inline]
    pub fn rows(&mut self, seats: impl Iterator<Item = u32>) {
        self.rows.extend(seats.map(|seat| (seat, ())));
    }

    /// Billionths, or milliseconds, of these people.
    #[inline]
    pub fn numbers(&mut self, numbers: impl Iterator<Item = (u32, i64)>) {
        self.numbers.extend(numbers);
    }

    pub fn is_full(&self) -> bool {
        self.rows.len().max(self.numbers.len()) >= ROOM
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.numbers.is_empty()
    }

    /// Puts everything in its place; the log is empty after that.
    pub fn empty_into(&mut self, slots: &mut Slots, fold: Fold) {
        match slots {
            Slots::Counts(counts) => counts.take_all(&self.rows, |n, ()| *n += 1),
            Slots::Sums(sums) => sums.take_all(&self.numbers, |sum, billionths| {
                let number = Decimal::from_billionths(billionths.into());
                number.into_iter().for_each(|number| sum.add(number));
            }),
            Slots::Instants(instants) => {
                instants.take_all(&self.numbers, |at, ms| meet(at, ms, fold));
            }
            // Of all others nothing is written down.
            _ => {}
        }
        self.rows.clear();
        self.numbers.clear();
    }
}
