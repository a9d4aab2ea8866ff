//! Why a person is in an audience or not, and when that changes by itself.
//!
//! It asks `holds` for every truth and adds what it was decided by. It knows no
//! other evaluator.

mod change;
mod critical;
mod evidence;
mod gather;
mod progress;
mod proof;
mod rank;
mod text;

#[cfg(test)]
mod tests;

/// Where a model is asked, so many days ahead are looked at.
pub const FORESEEN_DAYS: i64 = 366;

/// Where a person is ranked among others, so many: all of them are moved along.
pub const FORESEEN_TOGETHER_DAYS: i64 = 7;

pub use evidence::Evidence;
pub use progress::Progress;
pub use proof::{Finding, Proof, Step};
pub use rank::Ranked;

use super::Person;
use super::holds::Seen;
use super::predicate::{Audience, Condition};
use crate::model::{Text, Timestamp};
use crate::query::whole_footprint;

/// Whether a person is in an audience, the proof, and what would change it.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The audience.
    pub audience: Text,
    /// Which of its definitions.
    pub version: u32,
    /// Whether the person belongs to it.
    pub member: bool,
    /// The instant asked about.
    pub at: Timestamp,
    /// Every predicate with what decided it.
    pub proof: Proof,
    /// Fewest predicates that would have to come out otherwise for membership
    /// to flip, as text; none if no change of predicates can do it.
    pub would_flip: Option<Vec<String>>,
    /// The next instant at which membership flips if nothing happens; not known
    /// beyond a year where a model is asked. Where others move the person, who knows
    /// all of them writes it in, [`FORESEEN_TOGETHER_DAYS`] ahead.
    pub changes_at: Option<Timestamp>,
    /// Whether others move the person: a rank is asked.
    pub by_others: bool,
    /// Whether a model is asked, which says something else each midnight.
    pub by_models: bool,
}

/// Why a person is in an audience or not, at an instant.
pub fn why(audience: &Audience, person: &Person<'_>, now: Timestamp) -> Why {
    let seen = Seen { person: *person, now };
    let proof = proof::prove(&audience.condition, seen);
    let would_flip = change::flips(&proof, !proof.truth)
        .map(|findings| findings.iter().map(|finding| finding.turn()).collect());
    Why {
        audience: audience.name.clone(),
        version: audience.version,
        member: proof.truth,
        at: now,
        would_flip,
        by_others: audience.condition.has_ranks(),
        by_models: asks_models(&audience.condition),
        changes_at: changes_at(&audience.condition, person, now),
        proof,
    }
}

/// The next instant at which a condition flips for a person if nothing happens:
/// no call comes in and no identity moves. Facts dated ahead do take effect.
///
/// Exact to the millisecond; `None`: it stays as it is to the end of year 9999,
/// where a model is asked for [`FORESEEN_DAYS`]. Where others move the person, by
/// a rank, it is not known and `None` as well.
pub fn changes_at(condition: &Condition, person: &Person<'_>, now: Timestamp) -> Option<Timestamp> {
    match condition.has_ranks() {
        true => None,
        false => moves_before(condition, person, now, foreseen(condition, now)),
    }
}

/// The same before an end, as long as ranks stay as they are.
pub fn moves_before(
    condition: &Condition,
    person: &Person<'_>,
    now: Timestamp,
    end: Timestamp,
) -> Option<Timestamp> {
    critical::next_flip(condition, Seen { person: *person, now }, end)
}

/// How far is looked ahead: each midnight a model may say something else, for ever.
pub fn foreseen(condition: &Condition, now: Timestamp) -> Timestamp {
    match asks_models(condition) {
        true => now.plus_ms(FORESEEN_DAYS * 86_400_000),
        false => Timestamp::MAX,
    }
}

fn asks_models(condition: &Condition) -> bool {
    !whole_footprint(condition).models.is_empty()
}
