//! Reading ahead: people lie far apart in memory, and reads that do not depend
//! on one another are waited for together, not one after the other.

use super::super::keep::Cell;
use super::People;
use crate::model::Ordinal;
use std::hint::black_box;

/// How many people are read ahead at once: about as many reads as a core keeps open.
pub(in super::super) const AHEAD: usize = 16;

impl People {
    /// Brings near what moving these people along will read.
    pub(in super::super) fn read_ahead(&self, seats: impl Iterator<Item = Ordinal>) {
        let mut places = [usize::MAX; AHEAD];
        for (place, seat) in places.iter_mut().zip(seats) {
            *place = self.find(seat).unwrap_or(usize::MAX);
        }
        let persons = places.iter().filter_map(|place| self.persons.get(*place));
        let woken = places
            .iter()
            .fold(0, |sum, place| sum ^ self.bits.word(*place) ^ self.clocks.word(*place));
        let cells = persons.fold(0, |sum, person| sum ^ first_of_lines(&person.cells));
        // Nothing is made of what was read; only that it was.
        black_box((woken, cells));
    }
}

/// A part of each line of the cache that cells lie in.
fn first_of_lines(cells: &[Cell]) -> u32 {
    let per_line = 64 / size_of::<Cell>();
    cells.iter().step_by(per_line).fold(0, |sum, cell| sum ^ cell.store)
}
