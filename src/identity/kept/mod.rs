//! Identity as plain values, piece by piece, and back: what a checkpoint keeps.
//!
//! Everything is kept as it is and nothing derived again from the claims: what
//! a fold gave may depend on the policy that held when it was made.

mod claims;
mod numbers;
mod rest;
mod tenures;

pub use claims::{ClaimKept, ClaimsKept};
pub use numbers::{NumberKept, NumbersKept};
pub use rest::{CallKept, RestKept, ScarKept};
pub use tenures::{TenureKept, TenuresKept};

use super::clusters::ClaimPlace;
use super::groups::Tenure;
use super::people::Identity;
use super::policy::Policy;
use claims::{claim_kept, take_claims};
use foldhash::fast::FixedState;
use std::collections::HashSet;
use std::num::NonZeroU32;
use tenures::{take_tenures, tenure_kept};

/// Numbers, claims or tenures in one piece: a small change rewrites few of them.
const PER_PIECE: usize = 1_024;

/// A piece of an identity. The pieces of one kind follow one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Numbers.
    Numbers(NumbersKept),
    /// Claims.
    Claims(ClaimsKept),
    /// Tenures that began with a hand-over.
    Tenures(TenuresKept),
    /// All else, which is little.
    Rest(RestKept),
}

impl Identity {
    /// Hands over every piece. The pieces that nothing has changed since are equal to what
    /// they were.
    pub fn each_kept(&self, visit: &mut dyn FnMut(Kept)) {
        for places in parts(self.names.len()) {
            let (first, numbers) = (places.start as u32, places.map(|n| self.number_kept(n)));
            visit(Kept::Numbers(NumbersKept { first, numbers: numbers.collect() }));
        }
        let pairs: HashSet<ClaimPlace, FixedState> =
            self.claims.pairs.iter().map(|(_, place)| *place).collect();
        for places in parts(self.claims.kept.len()) {
            let first = places.start as u32;
            let kept = |n: usize| {
                let is_pair = pairs.contains(&ClaimPlace::new(n));
                claim_kept(self.claims.kept.get(n).expect("a claim lies at its place"), is_pair)
            };
            visit(Kept::Claims(ClaimsKept { first, claims: places.map(kept).collect() }));
        }
        for places in parts(self.groups.later.len()) {
            let first = places.start as u32;
            let later = |n| self.groups.later.get(n).expect("a tenure lies at its place");
            let tenures = places.map(|n| tenure_kept(later(n))).collect();
            visit(Kept::Tenures(TenuresKept { first, tenures }));
        }
        visit(Kept::Rest(self.rest_kept()));
    }

    /// The identity of these pieces, each kind in order; none if they are not whole.
    pub fn of_kept(policy: &Policy, pieces: impl IntoIterator<Item = Kept>) -> Option<Identity> {
        let mut identity = Identity::default();
        let mut pairs = Vec::new();
        let mut rest = None;
        for piece in pieces {
            match piece {
                Kept::Numbers(kept) => identity.take_numbers(policy, kept)?,
                Kept::Claims(kept) => take_claims(&mut identity.claims, kept, &mut pairs)?,
                Kept::Tenures(kept) => take_tenures(&mut identity.groups.later, kept)?,
                Kept::Rest(kept) => rest = Some(kept),
            }
        }
        identity.take_rest(rest?)?;
        identity.groups.own_all();
        identity.take_pairs(&pairs);
        Some(identity)
    }
}

fn parts(len: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..len).step_by(PER_PIECE).map(move |first| first..len.min(first + PER_PIECE))
}

fn tenure_of(bits: u32) -> Option<Tenure> {
    NonZeroU32::new(bits).map(Tenure)
}

fn bits(tenure: Option<Tenure>) -> u32 {
    tenure.map_or(0, |tenure| tenure.0.get())
}

fn place_of(bits: u32) -> Option<ClaimPlace> {
    bits.checked_sub(1).map(|place| ClaimPlace::new(place as usize))
}

fn place_bits(place: ClaimPlace) -> u32 {
    place.get() as u32 + 1
}
