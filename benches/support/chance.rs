//! Chance that a seed decides (splitmix64), so that a bench is given the same things each time.
#![allow(dead_code, reason = "no bench uses all of it")]

use throng::model::EventId;

/// The numbers that follow from a seed.
#[derive(Clone)]
pub struct Chance(pub u64);

impl Chance {
    /// The next one.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next one, below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.roll() % n
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, several: &'a [T]) -> &'a T {
        &several[self.below(several.len() as u64) as usize]
    }

    /// The id of a call.
    pub fn id(&mut self) -> EventId {
        EventId(u128::from(self.roll()) << 64 | u128::from(self.roll()))
    }
}
