//! People side by side: what is packed of each, and parts of everybody that
//! can be worked on at once.

use super::bits::BitRow;
use super::clocks::{ClockRow, longest_at};
use super::{AHEAD, People, Person};
use crate::audience::keep::Cell;
use std::hint::black_box;

/// What is packed of one person.
#[derive(Debug)]
pub(in super::super) struct Row<'p> {
    pub(in super::super) place: usize,
    pub(in super::super) person: &'p mut Person,
    pub(in super::super) bits: BitRow<'p>,
    pub(in super::super) clock: ClockRow<'p>,
}

/// The people of some places.
#[derive(Debug)]
pub(in super::super) struct Rows<'p> {
    first: usize,
    persons: &'p mut [Person],
    words: &'p mut [u64],
    n_words: usize,
    units: &'p mut [u32],
    n_units: usize,
    bases: &'p mut [i64],
}

impl People {
    /// Everybody.
    pub(in super::super) fn rows(&mut self) -> Rows<'_> {
        let (words, n_words) = self.bits.rows();
        let (units, n_units, bases) = self.clocks.rows();
        Rows { first: 0, persons: &mut self.persons, words, n_words, units, n_units, bases }
    }

    /// What is packed of the person of a place.
    pub(in super::super) fn row(&mut self, place: usize) -> Row<'_> {
        self.rows().taken(place)
    }
}

impl<'p> Rows<'p> {
    /// Parts of so many places each.
    pub(in super::super) fn parts(self, n_places: usize) -> Vec<Rows<'p>> {
        let (mut rest, mut parts) = (self, Vec::new());
        while rest.persons.len() > n_places {
            let (part, others) = rest.split(n_places);
            parts.push(part);
            rest = others;
        }
        parts.push(rest);
        parts
    }

    fn split(self, n: usize) -> (Rows<'p>, Rows<'p>) {
        let Rows { first, n_words, n_units, .. } = self;
        let (persons, other_persons) = self.persons.split_at_mut(n);
        let (words, other_words) = self.words.split_at_mut(n * n_words);
        let (units, other_units) = self.units.split_at_mut(n * n_units);
        let (bases, other_bases) = self.bases.split_at_mut(n);
        let of = |first, persons, words, units, bases| Rows {
            first,
            persons,
            words,
            n_words,
            units,
            n_units,
            bases,
        };
        let others = of(first + n, other_persons, other_words, other_units, other_bases);
        (of(first, persons, words, units, bases), others)
    }

    /// The places that lie here.
    pub(in super::super) fn places(&self) -> std::ops::Range<usize> {
        self.first..self.first + self.persons.len()
    }

    /// What is packed of the person of a place.
    pub(in super::super) fn row(&mut self, place: usize) -> Row<'_> {
        let Rows { first, n_words, n_units, .. } = *self;
        let (persons, words) = (&mut *self.persons, &mut *self.words);
        let (units, bases) = (&mut *self.units, &mut *self.bases);
        Rows { first, persons, words, n_words, units, n_units, bases }.taken(place)
    }

    fn taken(self, place: usize) -> Row<'p> {
        let n = place - self.first;
        let bits = BitRow(&mut self.words[n * self.n_words..][..self.n_words]);
        let units = &mut self.units[n * self.n_units..][..self.n_units];
        let longest = longest_at(place);
        let clock = ClockRow { units, base: &mut self.bases[n], longest };
        Row { place, person: &mut self.persons[n], bits, clock }
    }

    /// Brings near in memory what moving these people along will read: people lie far
    /// apart, and reads that do not depend on one another are waited for together.
    pub(in super::super) fn read_ahead(&self, places: impl Iterator<Item = usize>) {
        let mut near = [usize::MAX; AHEAD];
        for (near, place) in near.iter_mut().zip(places) {
            *near = place.wrapping_sub(self.first);
        }
        let woken = near.iter().fold(0, |sum, n| sum ^ self.word(*n));
        let persons = near.iter().filter_map(|n| self.persons.get(*n));
        read_cells_ahead(persons);
        // Nothing is made of what was read; only that it was.
        black_box(woken);
    }

    /// A part of each line of the cache that bits and deadlines lie in.
    fn word(&self, n: usize) -> u64 {
        let Some(base) = self.bases.get(n) else { return 0 };
        let bits = self.words.get(n * self.n_words).copied().unwrap_or(0);
        let units = &self.units[n * self.n_units..][..self.n_units];
        units.iter().step_by(16).fold(*base as u64 ^ bits, |sum, unit| sum ^ u64::from(*unit))
    }
}

/// Brings near in memory the cells of these people; see [`Rows::read_ahead`].
pub(in super::super) fn read_cells_ahead<'p>(persons: impl Iterator<Item = &'p Person>) {
    black_box(persons.fold(0, |sum, person| sum ^ first_of_lines(&person.cells)));
}

/// A part of each line of the cache that cells lie in.
fn first_of_lines(cells: &[Cell]) -> u32 {
    let per_line = 64 / size_of::<Cell>();
    cells.iter().step_by(per_line).fold(0, |sum, cell| sum ^ cell.store)
}
