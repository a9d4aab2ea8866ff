//! Who belongs to a share of everybody, drawn by a hash of a name and the profile.

use crate::model::{Decimal, Text};

/// Profiles of which the hash with `seed` lies in `from <= hash / 2^60 < below`.
///
/// The hash is the first 15 hexadecimal digits of SHA-256 of the seed, the byte
/// 0x1F and the ProfileId in text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// What the draw is told apart by from others.
    pub seed: Text,
    /// Where its range begins, of 1.
    pub from: Decimal,
    /// Where its range ends, of 1.
    pub below: Decimal,
    /// As what it was written.
    pub of: Drawn,
}

/// As what a draw was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drawn {
    /// `in sample 10% of "seed"`.
    Sample,
    /// `in holdout "seed"`.
    Holdout,
    /// `in variant "B" of "seed"`.
    Variant(Text),
}
