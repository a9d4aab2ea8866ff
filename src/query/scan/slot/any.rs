//! Who has something, a bit for each seat.

use crate::index::{CHUNK_WORDS, Seats};

/// Seats as bits, as they come: in any order, and often again.
#[derive(Clone, Debug, Default)]
pub struct Any {
    words: Vec<u64>,
}

impl Any {
    #[inline]
    pub fn insert(&mut self, seat: u32) {
        let place = seat as usize / 64;
        if self.words.len() <= place {
            self.words.resize((place + 1).next_multiple_of(CHUNK_WORDS), 0);
        }
        self.words[place] |= 1 << (seat % 64);
    }

    pub fn absorb(&mut self, other: &Any) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        self.words.iter_mut().zip(&other.words).for_each(|(own, other)| *own |= other);
    }

    pub fn seats(&self) -> Seats {
        let chunks = (0..).zip(self.words.chunks(CHUNK_WORDS));
        Seats::of_chunks(chunks.map(|(chunk, words)| Seats::of_chunk(chunk, words)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Ordinal;

    #[test]
    fn whoever_is_put_in_is_there_however_often_and_by_whom() {
        let (mut left, mut right) = (Any::default(), Any::default());
        [3, 70_000, 3].into_iter().for_each(|seat| left.insert(seat));
        [3, 64, 300_000].into_iter().for_each(|seat| right.insert(seat));
        left.absorb(&right);
        let seats: Vec<Ordinal> = left.seats().iter().collect();
        assert_eq!(seats, [3, 64, 70_000, 300_000].map(Ordinal));
        assert_eq!(left.seats().chunks().collect::<Vec<_>>(), [0, 1, 4]);
    }
}
