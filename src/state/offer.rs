//! Calls on their way to the door, with whom each of them names.
//!
//! Reading names needs the policy and nothing else of the state, so whoever
//! brings the calls does it, and the one writer need not.

use crate::identity::{Named, NamedError, Policy};
use crate::model::Call;
use std::sync::Arc;

/// Calls that ask to come in.
#[derive(Debug, Default)]
pub struct Offer {
    calls: Vec<Call>,
    read: Option<Read>,
}

/// Whom the calls name, as one policy reads them.
#[derive(Debug)]
struct Read {
    /// Held, so that no later policy can be taken for this one.
    policy: Arc<Policy>,
    named: Names,
}

/// Whom each call names.
pub(super) type Names = Vec<Result<Named, NamedError>>;

impl Offer {
    /// Calls whose names were read by this policy: should another one hold
    /// when they come in, they are read again.
    pub fn read_by(policy: Arc<Policy>, calls: Vec<Call>) -> Offer {
        let named = names(&policy, &calls);
        Offer { calls, read: Some(Read { policy, named }) }
    }

    /// The calls.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// The calls, and whom they name by the policy that holds.
    pub(super) fn open(self, policy: &Arc<Policy>) -> (Vec<Call>, Names) {
        let named = match self.read {
            Some(read) if Arc::ptr_eq(&read.policy, policy) => read.named,
            _ => names(policy, &self.calls),
        };
        (self.calls, named)
    }
}

impl From<Vec<Call>> for Offer {
    fn from(calls: Vec<Call>) -> Offer {
        Offer { calls, read: None }
    }
}

fn names(policy: &Policy, calls: &[Call]) -> Names {
    calls.iter().map(|call| policy.named(call)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Namespace, NamespaceKind};
    use crate::model::{Blocked, Body, Object};

    fn blocking(value: &str) -> Arc<Policy> {
        let mut policy = Policy::standard();
        policy.declare(Namespace {
            name: "user_id".into(),
            kind: NamespaceKind::Personal,
            priority: None,
            limit: Some(1),
            from: Vec::new(),
            blocked: Blocked::from(vec![value.into()]),
        });
        Arc::new(policy)
    }

    #[test]
    fn names_that_an_older_policy_read_are_read_again() {
        let mut call = Call::new("web", Body::Page { properties: Object::default() });
        call.user_id = Some("none".into());
        let (before, after) = (Arc::new(Policy::standard()), blocking("none"));
        let offer = || Offer::read_by(before.clone(), vec![call.clone()]);
        assert!(offer().open(&before).1[0].is_ok());
        assert_eq!(offer().open(&after).1, [Err(NamedError::Blocked)]);
        assert_eq!(Offer::from(vec![call]).open(&after).1, [Err(NamedError::Blocked)]);
    }
}
