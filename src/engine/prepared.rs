//! What is made ready of a batch before the writer sees it, on the thread of
//! whoever brings it: there are many of those, and one writer.

use crate::identity::Policy;
use crate::model::Call;
use crate::model::limits::RECORD_CALLS_MAX;
use crate::state::Offer;
use crate::store::Draft;
use std::sync::Arc;

/// Calls with all that can be known of them by themselves.
pub(super) struct Prepared {
    /// The calls and whom they name.
    pub offer: Offer,
    /// The calls as the log will have them, should all be taken.
    pub draft: Option<Draft>,
}

impl Prepared {
    /// Reads names by this policy and drafts the record. What cannot be
    /// drafted is left to the writer, which says why.
    pub fn new(calls: Vec<Call>, policy: Arc<Policy>) -> Prepared {
        if calls.len() > RECORD_CALLS_MAX {
            return Prepared { offer: calls.into(), draft: None };
        }
        let draft = Draft::of(&calls).ok();
        Prepared { offer: Offer::read_by(policy, calls), draft }
    }
}
