//! Everybody who is kept, packed: cells, deadlines and bits per person.

mod bits;
mod clocks;
mod due;
mod room;
mod rows;
mod waiting;

pub(super) use bits::{BitRow, Bits, Columns};
use clocks::Clocks;
pub(super) use due::Due;
use room::{roomy, zeros};
pub(super) use rows::{Row, Rows, read_cells_ahead};
pub(crate) use waiting::Arrival;
pub(super) use waiting::Waiting;

use super::eval::NEVER;
use super::keep::Cell;
use crate::index::Seats;
use crate::model::Ordinal;
use crate::shelf::sampled;

/// How many people are read ahead at once: about as many reads as a core keeps open.
pub(super) const AHEAD: usize = 16;

/// One person: answers hold from `since` until `until`.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) seat: Ordinal,
    /// Whether a visible fact is theirs.
    pub(super) exists: bool,
    /// Whether answers are put off until everything of a commit is taken in.
    pub(super) is_open: bool,
    /// The instant for which the bits were last computed.
    pub(super) since: i64,
    /// When answers from cells may change, or a fact becomes visible.
    pub(super) until: i64,
    /// When answers from rows may change.
    pub(super) rows_until: i64,
    pub(super) cells: Vec<Cell>,
}

/// Everybody. A person's place is theirs until they are gone.
#[derive(Debug, Default)]
pub(super) struct People {
    /// By seat, the place and one; 0 is nobody.
    places: Vec<u32>,
    pub(super) persons: Vec<Person>,
    free: Vec<u32>,
    pub(super) bits: Bits,
    pub(super) clocks: Clocks,
}

impl Person {
    fn new(seat: Ordinal) -> Person {
        let (exists, is_open, cells) = (false, false, Vec::new());
        Person { seat, exists, is_open, since: i64::MIN, until: NEVER, rows_until: NEVER, cells }
    }

    /// Forgets until when answers hold: all of them are computed anew.
    pub(super) fn restart(&mut self, now: i64) {
        self.is_open = false;
        (self.since, self.until, self.rows_until) = (now, NEVER, NEVER);
    }

    /// The first instant at which anything may change.
    pub(super) fn wakes(&self) -> i64 {
        self.until.min(self.rows_until)
    }
}

impl People {
    /// The place of a seat, if it is kept.
    pub(super) fn find(&self, seat: Ordinal) -> Option<usize> {
        let place = *self.places.get(seat.0 as usize)?;
        place.checked_sub(1).map(|place| place as usize)
    }

    /// Everybody, and how their places are found by seats.
    pub(super) fn finding(&mut self) -> (impl Fn(Ordinal) -> Option<usize> + Sync, &mut [Person]) {
        let places = &self.places;
        let find = move |seat: Ordinal| {
            let place = *places.get(seat.0 as usize)?;
            place.checked_sub(1).map(|place| place as usize)
        };
        (find, &mut self.persons)
    }

    /// The place of a seat, a new one if it is not kept yet.
    pub(super) fn settle_in(&mut self, seat: Ordinal) -> usize {
        if let Some(place) = self.find(seat) {
            return place;
        }
        if self.places.len() <= seat.0 as usize {
            self.places.resize(seat.0 as usize + 1, 0);
        }
        let place = match self.free.pop() {
            Some(place) => {
                self.persons[place as usize] = Person::new(seat);
                place as usize
            }
            None => {
                self.persons.push(Person::new(seat));
                self.persons.len() - 1
            }
        };
        self.bits.clear_row(place);
        self.clocks.clear_row(place);
        self.places[seat.0 as usize] = place as u32 + 1;
        place
    }

    /// Places for so many people, of whom nothing is kept yet and whose seats are told
    /// later; see [`People::seat_all`].
    pub(super) fn make_places(&mut self, n_people: usize) {
        self.persons = Vec::with_capacity(roomy(n_people));
        self.persons.extend((0..n_people).map(|_| Person::new(Ordinal(0))));
        self.bits.make_rows(n_people);
        self.clocks.make_rows(n_people);
    }

    /// Whoever has a place is found by their seat from here on.
    pub(super) fn seat_all(&mut self) {
        let last = self.persons.iter().map(|person| person.seat.0).max();
        self.places = zeros(last.map_or(0, |last| last as usize + 1), 1);
        for (place, person) in (1..).zip(&self.persons) {
            self.places[person.seat.0 as usize] = place;
        }
    }

    /// Nobody sits there any more.
    pub(super) fn leave(&mut self, seat: Ordinal) {
        if let Some(place) = self.find(seat) {
            self.places[seat.0 as usize] = 0;
            self.persons[place] = Person::new(seat);
            self.bits.clear_row(place);
            self.free.push(place as u32);
        }
    }

    /// Every kept seat with its place.
    pub(super) fn each(&self) -> impl Iterator<Item = (Ordinal, usize)> + '_ {
        let kept = self.places.iter().enumerate().filter(|(_, place)| **place > 0);
        kept.map(|(seat, place)| (Ordinal(seat as u32), *place as usize - 1))
    }

    /// By column, each another one: who has it set. Everybody is looked at once, and
    /// what was found is packed chunk by chunk.
    pub(super) fn with_bits(&self, columns: &[u32]) -> Vec<Seats> {
        let (of, mut found) = (Columns::of(columns), vec![Vec::new(); columns.len()]);
        let (mut words, mut chunk) = (vec![[0u64; 1_024]; columns.len()], 0);
        let mut pack = |chunk: u32, words: &mut [[u64; 1_024]]| {
            for (found, words) in found.iter_mut().zip(words) {
                found.push(Seats::of_chunk(chunk, words));
                words.fill(0);
            }
        };
        for (seat, place) in self.each() {
            if seat.0 >> 16 != chunk {
                pack(chunk, &mut words);
                chunk = seat.0 >> 16;
            }
            let (word, bit) = ((seat.0 as usize >> 6) & 1_023, 1 << (seat.0 & 63));
            self.bits.each_set(place, &of, |n| words[n][word] |= bit);
        }
        pack(chunk, &mut words);
        found.into_iter().map(Seats::of_chunks).collect()
    }

    /// Makes room for so many people.
    pub(super) fn reserve(&mut self, n_people: usize) {
        self.persons.reserve(roomy(n_people).saturating_sub(self.persons.len()));
        self.bits.reserve(n_people);
        self.clocks.reserve(n_people);
    }

    /// How many are kept.
    pub(super) fn len(&self) -> usize {
        self.persons.len() - self.free.len()
    }

    /// Roughly the bytes of everything that is kept, without what values share.
    pub(super) fn bytes(&self) -> usize {
        let cells = |person: &Person| {
            let heap: usize = person.cells.iter().map(|cell| cell.body.bytes()).sum();
            heap + person.cells.capacity() * size_of::<Cell>()
        };
        self.places.len() * 4
            + self.persons.len() * size_of::<Person>()
            + sampled(self.persons.len(), |place| cells(&self.persons[place]))
            + self.bits.bytes()
            + self.clocks.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_a_bit_is_found_for_many_columns_at_once() {
        let mut people = People::default();
        let columns: Vec<u32> = (0..130).map(|_| people.bits.column()).collect();
        let seats = [3, 64, 65_535, 65_536, 200_000].map(Ordinal);
        let has = |seat: Ordinal, column: u32| !(seat.0 + column).is_multiple_of(3);
        for seat in seats.into_iter().rev() {
            let place = people.settle_in(seat);
            for column in &columns {
                people.bits.set(place, *column, has(seat, *column));
            }
        }
        for asked in [vec![129, 0, 64, 63], vec![5], vec![]] {
            let found = people.with_bits(&asked);
            assert_eq!(found.len(), asked.len());
            for (column, found) in asked.iter().zip(found) {
                let right = seats.into_iter().filter(|seat| has(*seat, *column));
                assert_eq!(found.iter().collect::<Vec<_>>(), right.collect::<Vec<_>>());
            }
        }
        assert!(People::default().with_bits(&[0])[0].is_empty());
    }
}
