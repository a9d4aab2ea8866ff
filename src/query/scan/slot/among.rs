//! The people who still matter, as bits that a row's owner is looked up in.

use crate::index::{CHUNK_WORDS, Seats};

/// Some seats, one bit for each up to the last.
pub struct Among(Vec<u64>);

impl Among {
    pub fn of(seats: &Seats) -> Among {
        let n_chunks = seats.chunks().last().map_or(0, |last| last as usize + 1);
        let mut words = vec![0; n_chunks * CHUNK_WORDS];
        let of_chunks = words.as_chunks_mut::<CHUNK_WORDS>().0;
        seats.chunks().for_each(|chunk| seats.mark(chunk, &mut of_chunks[chunk as usize]));
        Among(words)
    }

    #[inline]
    pub fn has(&self, seat: u32) -> bool {
        let word = self.0.get(seat as usize / 64).copied().unwrap_or_default();
        word >> (seat % 64) & 1 == 1
    }
}
