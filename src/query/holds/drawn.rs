//! Shares of everybody: the text of the digest, read as its digits say.

use super::place::Seen;
use crate::query::predicate::Draw;
use sha2::{Digest, Sha256};

/// Whether the person is in the share.
pub(super) fn drawn(draw: &Draw, seen: Seen<'_>) -> bool {
    let hashed = format!("{}\u{1F}{}", draw.seed, seen.person.profile);
    let digits: String = Sha256::digest(hashed).iter().map(|byte| format!("{byte:02x}")).collect();
    let hash = i128::from_str_radix(&digits[..15], 16).expect("digits of a digest");
    // A bound in billionths of 2^60 is compared with billionths of the hash: nothing is rounded.
    let bound = |bound: crate::model::Decimal| bound.billionths() * (1 << 60);
    let hash = hash * 1_000_000_000;
    bound(draw.from) <= hash && hash < bound(draw.below)
}
