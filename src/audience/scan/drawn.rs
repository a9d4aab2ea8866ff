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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Decimal;
    use crate::query::predicate::Drawn;

    /// The hashes are those that Python's hashlib makes.
    #[test]
    fn a_share_begins_and_ends_between_two_hashes() {
        let hashes =
            [("s", 1, 946_547_688_862_052_595), ("global", 31, 664_666_514_281_329_965_i128)];
        for (seed, number, hash) in hashes {
            let billionth = (hash * 1_000_000_000) >> 60;
            let share = |billionths| Decimal::from_billionths(billionths).unwrap();
            let draws = |from, below| {
                let (from, below) = (share(from), share(below));
                drawn(&Draw { seed: seed.into(), from, below, of: Drawn::Sample }, Ordinal(number))
            };
            assert!(!draws(0, billionth) && draws(0, billionth + 1));
            assert!(draws(billionth, 1_000_000_000) && !draws(billionth + 1, 1_000_000_000));
        }
    }
}
