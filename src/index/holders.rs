//! Who has which word: a set of seats for each, where words are few.

use super::Seats;
use super::codes::Codes;
use super::seats::CHUNK_WORDS;
use crate::model::Ordinal;
use std::sync::Arc;

/// Of more words there are no sets: together they have an entry for each seat, and each of
/// them one for each chunk.
const FEW: usize = 64;
/// A seat in a list of a chunk's.
const ENTRY_BYTES: usize = size_of::<u16>();

/// By code of a word, from 1, who has it. A clone shares every set until it is written.
#[derive(Clone, Debug, Default)]
pub struct Holders {
    /// None where there are too many words.
    sets: Option<Vec<Arc<Seats>>>,
    /// Roughly what the sets take: to ask each of them at every change would cost more than it.
    n_bytes: usize,
}

impl Holders {
    /// The sets of so many words.
    pub fn of(codes: &Codes, n_words: usize) -> Holders {
        let of_word = |code: u64| {
            let of_chunk = |chunk: u32| {
                let mut bits = [0; CHUNK_WORDS];
                codes.between(chunk, (code, code), &mut bits);
                Seats::of_chunk(chunk, &bits)
            };
            Arc::new(Seats::of_chunks((0..codes.n_chunks()).map(of_chunk)))
        };
        let sets = (n_words <= FEW).then(|| (1..=n_words as u64).map(of_word).collect::<Vec<_>>());
        let n_bytes = sets.iter().flatten().map(|set| set.memory()).sum();
        Holders { sets, n_bytes }
    }

    /// Whether it is kept who has which word.
    pub fn are_kept(&self) -> bool {
        self.sets.is_some()
    }

    /// Who has a word; none where that is not kept.
    pub fn of_word(&self, code: u64) -> Option<&Seats> {
        self.sets.as_ref()?.get(code.checked_sub(1)? as usize).map(|set| &**set)
    }

    /// A seat has another word from here on; 0 stands for none.
    pub fn change(&mut self, seat: Ordinal, before: u64, after: u64) {
        let Some(sets) = self.sets.as_mut().filter(|_| before != after) else { return };
        if after > FEW as u64 {
            *self = Holders::default();
            return;
        }
        if sets.len() < after as usize {
            sets.resize_with(after as usize, Arc::default);
        }
        if before > 0 {
            Arc::make_mut(&mut sets[before as usize - 1]).remove(seat);
        }
        if after > 0 {
            Arc::make_mut(&mut sets[after as usize - 1]).insert(seat);
        }
        if before == 0 {
            self.n_bytes += ENTRY_BYTES;
        }
    }

    /// Roughly the bytes of memory held.
    pub fn memory(&self) -> usize {
        self.n_bytes
    }
}
