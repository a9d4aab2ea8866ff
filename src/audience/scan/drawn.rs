//! Shares of everybody: the digest's first bits beside a bound, in one product.

use crate::model::{Ordinal, ProfileId};
use crate::query::predicate::Draw;
use sha2::{Digest, Sha256};

/// Whether a person is in the share.
pub(crate) fn drawn(draw: &Draw, seat: Ordinal) -> bool {
    let mut hasher = Sha256::new();
    hasher.update(draw.seed.as_bytes());
    hasher.update([0x1F]);
    hasher.update(ProfileId(seat.0).to_string().as_bytes());
    let sum = hasher.finalize();
    let first: [u8; 8] = std::array::from_fn(|place| sum[place]);
    let hash = i128::from(u64::from_be_bytes(first) / 16);
    // hash / 2^60 < share, with both sides made whole numbers.
    let is_below = |share: crate::model::Decimal| hash * 1_000_000_000 < share.billionths() << 60;
    is_below(draw.below) && !is_below(draw.from)
}
