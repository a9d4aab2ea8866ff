//! Different values per seat, by 128 bits of each.

use super::per_seat::PerSeat;
use crate::model::Value;
use foldhash::quality::FixedState;
use std::hash::BuildHasher;

/// Pairs of a seat and a value's hash.
#[derive(Clone, Debug, Default)]
pub struct Distinct {
    pairs: Vec<(u32, u128)>,
    /// How many there may be before equal ones are looked for.
    room: usize,
}

/// 128 bits by which values are told apart.
pub fn hash(value: &Value) -> u128 {
    let half = |seed| u128::from(FixedState::with_seed(seed).hash_one(value));
    half(0x9e37_79b9_7f4a_7c15) << 64 | half(0x94d0_49bb_1331_11eb)
}

impl Distinct {
    #[inline]
    pub fn take(&mut self, seat: u32, hash: u128) {
        self.pairs.push((seat, hash));
        if self.pairs.len() > self.room {
            self.pack();
        }
    }

    fn pack(&mut self) {
        self.pairs.sort_unstable();
        self.pairs.dedup();
        self.room = (self.pairs.len() * 2).max(1 << 16);
    }

    pub fn absorb(&mut self, other: Distinct) {
        self.pairs.extend(other.pairs);
    }

    /// How many each seat has.
    pub fn counts(mut self) -> PerSeat<u64> {
        self.pack();
        let mut counts = PerSeat::default();
        self.pairs.iter().for_each(|(seat, _)| *counts.at(*seat) += 1);
        counts
    }
}
