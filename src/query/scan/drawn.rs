//! Shares of everybody: the digest's first 60 bits as a number.

use crate::model::ProfileId;
use crate::query::predicate::Draw;
use sha2::{Digest, Sha256};

/// The hash of a profile under a seed.
pub fn hash(seed: &str, seat: u32) -> u64 {
    let sum = Sha256::new()
        .chain_update(seed)
        .chain_update([0x1F])
        .chain_update(ProfileId(seat).to_string())
        .finalize();
    let first = sum.iter().take(8).fold(0, |bits, byte| bits << 8 | u64::from(*byte));
    first >> 4
}

/// The hashes of a draw: from the first one to before the second.
pub fn bounds(draw: &Draw) -> [u64; 2] {
    [draw.from, draw.below].map(|share| {
        // The least whole number that is not below the share of 2^60.
        let scaled = share.billionths().max(0) << 60;
        u64::try_from((scaled + 999_999_999) / 1_000_000_000).unwrap_or(u64::MAX)
    })
}
