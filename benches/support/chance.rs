//! Chance that a seed decides (xorshift64*), so that a bench is given the same calls each time.

/// The numbers that follow from a seed, which is not 0.
pub struct Chance(pub u64);

impl Chance {
    /// The next one, below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % n
    }
}
