//! People of one chunk, one behind the other: each has a place among them.

use super::page::{PAGE, WORDS};
use crate::index::{CHUNK_WORDS, Seats, listed};

/// Some people of a chunk, in the order of their seats.
#[derive(Clone)]
pub struct Places {
    chunk: u32,
    words: Box<[u64; CHUNK_WORDS]>,
    /// By word, how many there are before it.
    before: Box<[u32; CHUNK_WORDS]>,
    n_people: usize,
}

impl Places {
    /// Those of these people who lie in a chunk.
    pub fn of(people: &Seats, chunk: u32) -> Places {
        let mut words = [0; CHUNK_WORDS];
        people.mark(chunk, &mut words);
        Places::of_words(chunk, &words)
    }

    /// Those of a chunk of whom the bit is set.
    pub fn of_words(chunk: u32, words: &[u64; CHUNK_WORDS]) -> Places {
        let (words, mut before) = (Box::new(*words), Box::new([0; CHUNK_WORDS]));
        let mut n_people = 0;
        for (before, word) in before.iter_mut().zip(&*words) {
            *before = n_people;
            n_people += word.count_ones();
        }
        Places { chunk, words, before, n_people: n_people as usize }
    }

    pub fn chunk(&self) -> u32 {
        self.chunk
    }

    pub fn len(&self) -> usize {
        self.n_people
    }

    /// Their seats, ascending.
    pub fn seats(&self) -> Vec<u32> {
        listed(self.chunk, &self.words)
    }

    /// Those on one page of the chunk, and by word how many of all there are before it.
    pub fn of_page(&self, page: usize) -> (&[u64; WORDS], &[u32; WORDS]) {
        (&self.words.as_chunks().0[page], &self.before.as_chunks().0[page])
    }

    /// Those of whom it is said that they are in, by their place.
    pub fn chosen(&self, is_in: impl FnMut(usize) -> bool) -> Seats {
        Seats::of_chunk(self.chunk, &*self.bits(is_in))
    }

    /// The same as bits.
    pub fn bits(&self, mut is_in: impl FnMut(usize) -> bool) -> Box<[u64; CHUNK_WORDS]> {
        let (mut bits, mut place) = (Box::new([0; CHUNK_WORDS]), 0);
        for (word, chosen) in self.words.iter().zip(&mut *bits) {
            let mut left = *word;
            while left != 0 {
                *chosen |= u64::from(is_in(place)) << left.trailing_zeros();
                place += 1;
                left &= left - 1;
            }
        }
        bits
    }

    /// Those whose key lies in each of some spans, both ends included; keys are by place. The
    /// way to the people is longer than that to their keys, so it is gone once.
    pub fn between<K: Copy + Ord, const N: usize>(
        &self,
        keys: &[K],
        spans: &[(K, K); N],
    ) -> [Seats; N] {
        let (mut bits, mut place) = (vec![[0; N]; CHUNK_WORDS], 0);
        for (word, chosen) in self.words.iter().zip(&mut *bits) {
            let mut left = *word;
            while left != 0 {
                let (key, bit) = (keys[place], left.trailing_zeros());
                // Not by closures: nothing here may be a call.
                for n in 0..N {
                    let (least, most) = spans[n];
                    chosen[n] |= u64::from((least <= key) & (key <= most)) << bit;
                }
                place += 1;
                left &= left - 1;
            }
        }
        std::array::from_fn(|n| {
            let words: Vec<u64> = bits.iter().map(|bits| bits[n]).collect();
            Seats::of_chunk(self.chunk, &words)
        })
    }

    /// The places that others of the chunk have among these; none if one of them has none.
    pub fn places_of(&self, others: &Places) -> Option<Vec<usize>> {
        let (mut places, mut place) = (Vec::with_capacity(others.n_people), 0);
        for (word, other) in self.words.iter().zip(&*others.words) {
            if other & !word != 0 {
                return None;
            }
            let mut left = *word;
            while left != 0 {
                let bit = left & left.wrapping_neg();
                if other & bit != 0 {
                    places.push(place);
                }
                place += 1;
                left ^= bit;
            }
        }
        (self.chunk == others.chunk).then_some(places)
    }
}

/// Pages are whole within a chunk.
const _: () = assert!(CHUNK_WORDS.is_multiple_of(WORDS) && PAGE == WORDS * 64);

#[cfg(test)]
mod tests {
    use super::super::page::{Open, Packed};
    use super::*;
    use crate::model::Ordinal;

    #[test]
    fn each_has_a_place_among_those_of_the_chunk() {
        let all: Vec<u32> = (0..9_000).map(|n| n * 31 % 200_000).collect();
        let people: Seats = all.iter().copied().map(Ordinal).collect();
        let places = Places::of(&people, 1);
        let mut right: Vec<u32> = all.into_iter().filter(|seat| seat >> 16 == 1).collect();
        right.sort_unstable();
        assert_eq!((places.chunk(), places.len(), places.seats()), (1, right.len(), right.clone()));
        // Every third seat of a page in the middle has something.
        let held = (0..PAGE).step_by(3).map(|of_page| (of_page, 65_536 + 7 * PAGE + of_page));
        let packed = Packed::of(held.collect());
        let ((words, before), mut found) = (places.of_page(7), Vec::new());
        packed.each_of(words, before, |place, seat| {
            assert_eq!(right[place] as usize, *seat);
            found.push(place);
        });
        let has =
            |seat: u32| seat as usize / PAGE == 23 && (seat as usize % PAGE).is_multiple_of(3);
        let wanted: Vec<usize> = (0..right.len()).filter(|n| has(right[*n])).collect();
        assert!(!wanted.is_empty() && found == wanted);
        let mut open = Open::default();
        (0..PAGE).step_by(3).for_each(|of_page| *open.at(of_page) = 1);
        found.clear();
        open.each_of(words, before, |place, one: &u8| found.extend((*one == 1).then_some(place)));
        assert_eq!(found, wanted);
        let chosen = places.chosen(|place| wanted.contains(&place));
        assert!(chosen.iter().eq(wanted.iter().map(|n| Ordinal(right[*n]))));
        let chosen = Places::of(&chosen, 1);
        assert_eq!(places.places_of(&chosen), Some(wanted));
        assert_eq!(chosen.places_of(&places), None);
    }
}
