//! What is made ready of a batch before the writer sees it, on the thread of
//! whoever brings it: there are many of those, and one writer.

use crate::identity::Policy;
use crate::model::Call;
use crate::model::limits::RECORD_CALLS_MAX;
use crate::state::Offer;
use crate::store::Draft;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// After so many batches in a row of which calls were left out no draft is made ahead.
const LOST_MAX: u32 = 3;

/// Calls with all that can be known of them by themselves.
pub(super) struct Prepared {
    /// The calls and whom they name.
    pub offer: Offer,
    /// The calls as the log will have them, should all be taken.
    pub draft: Option<Draft>,
}

impl Prepared {
    /// Reads names by this policy, and drafts the record if that is worth its while. What
    /// cannot be drafted is left to the writer, which says why.
    pub fn new(calls: Vec<Call>, policy: Arc<Policy>, is_drafted: bool) -> Prepared {
        if calls.len() > RECORD_CALLS_MAX {
            return Prepared { offer: calls.into(), draft: None };
        }
        let draft = is_drafted.then(|| Draft::of(&calls).ok()).flatten();
        Prepared { offer: Offer::read_by(policy, calls), draft }
    }
}

/// Whether drafts come to something: where the writer leaves calls out it drafts what is left,
/// and where calls come twice it does so for almost every batch.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    /// Batches in a row of which calls were left out.
    lost: AtomicU32,
}

impl Drafts {
    /// Whether the next batch is drafted before the writer sees it.
    pub fn are_worth_it(&self) -> bool {
        self.lost.load(Ordering::Relaxed) < LOST_MAX
    }

    /// Takes note of a batch, and whether all its calls were taken.
    pub fn note(&self, is_whole: bool) {
        let lost = if is_whole { 0 } else { self.lost.load(Ordering::Relaxed).saturating_add(1) };
        self.lost.store(lost, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_rest_after_some_in_a_row_that_came_to_nothing_until_a_batch_is_whole() {
        let drafts = Drafts::default();
        let mut is_drafted = |is_whole| {
            drafts.note(is_whole);
            drafts.are_worth_it()
        };
        let batches = [false, false, true, false, false, false, false, true];
        let expected = [true, true, true, true, true, false, false, true];
        assert_eq!(batches.map(&mut is_drafted), expected);
    }
}
