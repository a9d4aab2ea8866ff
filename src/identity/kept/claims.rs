//! Claims as plain values.

use super::{place_bits, place_of};
use crate::identity::claims::{Claims, Kept as Claim};
use crate::identity::people::Identity;
use crate::model::Timestamp;

/// Claims from one place on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimsKept {
    /// The first place.
    pub first: u32,
    /// Each in order.
    pub claims: Vec<ClaimKept>,
}

/// A claim.
#[allow(missing_docs, reason = "the names are those of the columns")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimKept {
    pub when: i64,
    pub id: [u8; 16],
    pub anchor: u32,
    pub before: u32,
    /// Whether it is the first of two personal identifiers.
    pub is_pair: bool,
}

pub(super) fn claim_kept(claim: &Claim, is_pair: bool) -> ClaimKept {
    let id = (u128::from(claim.id[0]) << 64) | u128::from(claim.id[1]);
    ClaimKept {
        when: claim.when.millis(),
        id: id.to_be_bytes(),
        anchor: claim.anchor,
        before: claim.before.map_or(0, place_bits),
        is_pair,
    }
}

pub(super) fn take_claims(
    claims: &mut Claims,
    kept: ClaimsKept,
    pairs: &mut Vec<bool>,
) -> Option<()> {
    if kept.first as usize != claims.kept.len() {
        return None;
    }
    for claim in kept.claims {
        let id = u128::from_be_bytes(claim.id);
        claims.kept.push(Claim {
            when: Timestamp::from_millis(claim.when)?,
            id: [(id >> 64) as u64, id as u64],
            anchor: claim.anchor,
            before: place_of(claim.before),
        });
        pairs.push(claim.is_pair);
    }
    Some(())
}

impl Identity {
    /// Which two a claim is of is known once the chains are there that lead to it.
    pub(super) fn take_pairs(&mut self, is_pair: &[bool]) {
        for other in 0..self.claims.heads.len() as u32 {
            let own: Vec<_> = self.claims.on(other).collect();
            for (place, link) in own {
                if is_pair.get(place.get()).copied().unwrap_or(false) {
                    let pair = (link.anchor.min(other), link.anchor.max(other));
                    self.claims.pairs.insert(pair, place);
                }
            }
        }
    }
}
