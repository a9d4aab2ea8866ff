//! The people who still matter, as bits that a row's owner is looked up in.

use crate::index::Seats;

/// Some seats, one bit for each up to the last.
pub struct Among(Vec<u64>);

impl Among {
    pub fn of(seats: &Seats) -> Among {
        let mut words = Vec::new();
        for seat in seats.iter() {
            let place = seat.0 as usize / 64;
            if words.len() <= place {
                words.resize((place + 1).next_power_of_two(), 0);
            }
            words[place] |= 1 << (seat.0 % 64);
        }
        Among(words)
    }

    #[inline]
    pub fn has(&self, seat: u32) -> bool {
        let word = self.0.get(seat as usize / 64).copied().unwrap_or_default();
        word >> (seat % 64) & 1 == 1
    }
}
