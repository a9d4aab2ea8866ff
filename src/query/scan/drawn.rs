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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decimal, Text, Timestamp};
    use crate::query::holds::holds;
    use crate::query::predicate::{Drawn, Predicate, Tree};
    use crate::query::{Parties, Person};

    /// Made by Python: `int(hashlib.sha256(seed + b"\x1f" + id).hexdigest()[:15], 16)`.
    const GOLDEN: [(&str, u32, u64); 8] = [
        ("s", 1, 946_547_688_862_052_595),
        ("s", 31, 479_110_487_951_748_277),
        ("s", 32, 812_423_776_553_879_850),
        ("s", 1_234_567, 556_215_088_863_377_794),
        ("global", 1, 914_458_427_301_615_104),
        ("global", 1_234_567, 783_201_445_434_874_997),
        ("Žofia", 31, 406_993_483_260_975_712),
        ("Žofia", 32, 807_353_851_673_715_932),
    ];

    #[test]
    fn hashes_are_those_that_python_makes() {
        for (seed, number, expected) in GOLDEN {
            assert_eq!(hash(seed, number), expected, "{seed} {number}");
        }
    }

    /// The two sides of each hash, in billionths of everybody.
    #[test]
    fn a_share_ends_at_the_same_hash_for_the_oracle() {
        let parties = Parties::default();
        for (seed, number, hash) in GOLDEN {
            let least = (i128::from(hash) * 1_000_000_000) >> 60;
            for (billionths, within) in [(least, false), (least + 1, true)] {
                let below = Decimal::from_billionths(billionths).unwrap();
                let (seed, from) = (Text::from(seed), Decimal::ZERO);
                let draw = Draw { seed, from, below, of: Drawn::Sample };
                let [from, to] = bounds(&draw);
                assert_eq!((from..to).contains(&hash), within, "scan {number}");
                let person = Person {
                    profile: ProfileId(number),
                    events: &[],
                    identifiers: &[],
                    user_id: None,
                    parties: &parties,
                    others: &crate::query::Nobody,
                };
                let condition = Tree::Leaf(Predicate::Drawn(draw));
                assert_eq!(holds(&condition, &person, Timestamp::EPOCH), within, "holds {number}");
            }
        }
    }
}
