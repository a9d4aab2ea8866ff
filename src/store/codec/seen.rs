//! Different things in the order in which they first appeared.

use foldhash::HashMap;
use std::hash::Hash;

/// So many are looked through; of more it is kept where each is.
const LOOKED_THROUGH: usize = 8;

/// Different things, each with its place. Few of them need no table: records of few calls
/// have few of anything.
pub(super) struct Seen<T> {
    things: Vec<T>,
    places: HashMap<T, usize>,
}

impl<T> Default for Seen<T> {
    fn default() -> Seen<T> {
        Seen { things: Vec::new(), places: HashMap::default() }
    }
}

impl<T: Clone + Eq + Hash> Seen<T> {
    /// The place of a thing, and whether it has appeared now.
    pub fn place(&mut self, thing: T) -> (usize, bool) {
        let next = self.things.len();
        let place = match self.is_looked_up() {
            true => self.look_up(thing.clone(), next),
            false => self.things.iter().position(|seen| *seen == thing).unwrap_or(next),
        };
        if place == next {
            self.things.push(thing);
        }
        (place, place == next)
    }

    fn look_up(&mut self, thing: T, next: usize) -> usize {
        if self.places.is_empty() {
            self.places.extend(self.things.iter().cloned().zip(0..));
        }
        *self.places.entry(thing).or_insert(next)
    }

    /// Whether there are so many that each is looked up by its hash.
    pub fn is_looked_up(&self) -> bool {
        self.things.len() >= LOOKED_THROUGH
    }

    /// All of them, by place.
    pub fn things(&self) -> &[T] {
        &self.things
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_keeps_the_place_of_its_first_appearance_however_many_there_are() {
        let mut seen = Seen::default();
        for n in 0..3 * LOOKED_THROUGH {
            assert_eq!(seen.place(n), (n, true));
            for before in 0..=n {
                assert_eq!(seen.place(before), (before, false), "among {}", n + 1);
            }
        }
        assert!(seen.things().iter().copied().eq(0..3 * LOOKED_THROUGH));
    }
}
