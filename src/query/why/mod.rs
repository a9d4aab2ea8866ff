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

/// Where a model is asked, or days must be looked at one by one, so many days ahead
/// are looked at.
pub const FORESEEN_DAYS: i64 = 366;

/// Where a person is ranked among others, so many: all of them are moved along.
pub const FORESEEN_TOGETHER_DAYS: i64 = 7;

pub use evidence::Evidence;
pub use progress::Progress;
pub use proof::{Finding, Proof, Step};
pub use rank::Ranked;

use critical::{Ahead, Ends};

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
    /// beyond a year where a model is asked, or days are looked at one by one. Where others move the person, who knows
    /// all of them writes it in, [`FORESEEN_TOGETHER_DAYS`] ahead.
    pub changes_at: Option<Timestamp>,
    /// Whether others move the person: a rank is asked.
    pub by_others: bool,
    /// Whether a model is asked, which says something else each midnight.
    pub by_models: bool,
    /// Whether days are looked at one by one: a length of time that grows at
    /// midnight stands beside another that moves.
    pub by_days: bool,
}

/// Why a person is in an audience or not, at an instant.
pub fn why(audience: &Audience, person: &Person<'_>, now: Timestamp) -> Why {
    let seen = Seen { person: *person, now };
    let proof = proof::prove(&audience.condition, seen);
    let ahead = ahead(&audience.condition, person, now);
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
        changes_at: ahead.flip,
        by_days: ahead.by_days,
        proof,
    }
}

/// The next instant at which a condition flips for a person if nothing happens:
/// no call comes in and no identity moves. Facts dated ahead do take effect.
///
/// Exact to the millisecond; `None`: it stays as it is to the end of year 9999,
/// where a model is asked, or a length of time that grows at midnight stands beside
/// another that moves, for [`FORESEEN_DAYS`]. Where others move the person, by a rank,
/// it is not known and `None` as well.
pub fn changes_at(condition: &Condition, person: &Person<'_>, now: Timestamp) -> Option<Timestamp> {
    ahead(condition, person, now).flip
}

/// The same before an end, as long as ranks stay as they are.
pub fn moves_before(
    condition: &Condition,
    person: &Person<'_>,
    now: Timestamp,
    end: Timestamp,
) -> Option<Timestamp> {
    let ends = Ends { of_all: end, of_days: end };
    critical::next_flip(condition, Seen { person: *person, now }, ends).flip
}

/// How far is looked ahead.
pub fn foreseen(condition: &Condition, person: &Person<'_>, now: Timestamp) -> Timestamp {
    match asks_models(condition) || ahead(condition, person, now).by_days {
        true => a_year_after(now),
        false => Timestamp::MAX,
    }
}

fn ahead(condition: &Condition, person: &Person<'_>, now: Timestamp) -> Ahead {
    if condition.has_ranks() {
        return Ahead { flip: None, by_days: false };
    }
    let of_days = a_year_after(now);
    // Each midnight a model may say something else, for ever.
    let of_all = if asks_models(condition) { of_days } else { Timestamp::MAX };
    critical::next_flip(condition, Seen { person: *person, now }, Ends { of_all, of_days })
}

fn a_year_after(now: Timestamp) -> Timestamp {
    now.plus_ms(FORESEEN_DAYS * 86_400_000)
}

fn asks_models(condition: &Condition) -> bool {
    !whole_footprint(condition).models.is_empty()
}
