//! Tenures that began with a hand-over as plain values.

use super::{bits, tenure_of};
use crate::identity::groups::Later;
use crate::model::Timestamp;
use crate::shelf::Column;

/// Tenures from one place on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenuresKept {
    /// The first place.
    pub first: u32,
    /// Each in order.
    pub tenures: Vec<TenureKept>,
}

/// A tenure that began with a hand-over.
#[allow(missing_docs, reason = "the names are those of the columns")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenureKept {
    pub number: u32,
    pub slot: u32,
    pub from: i64,
    pub next: u32,
    pub after: u32,
    pub before: u32,
}

pub(super) fn tenure_kept(later: &Later) -> TenureKept {
    TenureKept {
        number: later.number,
        slot: later.slot,
        from: later.from.millis(),
        next: later.next.0.get(),
        after: bits(later.after),
        before: later.before.0.get(),
    }
}

pub(super) fn take_tenures(later: &mut Column<Later>, kept: TenuresKept) -> Option<()> {
    if kept.first as usize != later.len() {
        return None;
    }
    for tenure in kept.tenures {
        later.push(Later {
            number: tenure.number,
            slot: tenure.slot,
            from: Timestamp::from_millis(tenure.from)?,
            next: tenure_of(tenure.next)?,
            after: tenure_of(tenure.after),
            before: tenure_of(tenure.before)?,
        });
    }
    Some(())
}
