//! Identity derived again from all claims, under another policy: what was
//! forgotten stays so, and every number means what it meant.

use super::Named;
use super::people::Identity;
use super::policy::Policy;
use super::refolds::Why;
use crate::model::{Identifier, Timestamp};
use std::collections::BTreeSet;

impl Identity {
    /// The identity before the first claim under the numbers of this one: each
    /// stands alone, under that policy, and what was forgotten is nobody's.
    /// Claims are taken in as ever, and [`Identity::end_again`] comes last.
    ///
    /// ```
    /// use throng::identity::{Identity, Namespace, NamespaceKind, Policy};
    /// use throng::model::{Blocked, Body, Call, EventId, Object, Timestamp};
    /// let (now, id) = (Timestamp::EPOCH, EventId(1));
    /// let (mut policy, mut identity) = (Policy::standard(), Identity::default());
    /// let mut call = Call::new("web", Body::Page { properties: Object::default() });
    /// (call.user_id, call.anonymous_id) = (Some("0".into()), Some("a-1".into()));
    /// let (nil, _) = identity.take(&policy, &policy.named(&call).unwrap(), now, id, now);
    ///
    /// let blocked = Blocked::from(vec!["0".into()]);
    /// let (kind, from) = (NamespaceKind::Personal, Vec::new());
    /// let name = "user_id".into();
    /// policy.declare(Namespace { name, kind, priority: None, limit: Some(1), from, blocked });
    /// let mut again = identity.begin_again(&policy);
    /// let (visitor, _) = again.take(&policy, &policy.named(&call).unwrap(), now, id, now);
    /// again.end_again(&policy, now);
    /// assert_ne!(again.owner(nil, now), again.owner(visitor, now));
    /// ```
    pub fn begin_again(&self, policy: &Policy) -> Identity {
        let mut again = Identity {
            births: self.births.clone(),
            names: self.names.clone(),
            scars: self.scars.clone(),
            refolds: self.refolds,
            claims_max: self.claims_max,
            ..Identity::default()
        };
        for number in 1..self.next_number() {
            let (place, standing) = (self.groups.namespace(number), self.groups.standing(number));
            again.groups.admit(number, place, standing, policy);
            again.clusters.admit(number);
        }
        self.scars.iter().for_each(|(number, _)| again.groups.scar(number));
        again
    }

    /// Every claim was taken in: time passes up to `now`, and what forgetting
    /// has left on identifiers takes effect.
    pub fn end_again(&mut self, policy: &Policy, now: Timestamp) {
        self.advance(policy, now);
        for why in self.held.iter_mut().flat_map(|held| held.values_mut()) {
            *why = Why::Policy;
        }
        self.settle(policy);
        let mut scarred = BTreeSet::new();
        for (number, scar) in self.scars.iter() {
            scarred.extend(self.clusters.members(number));
            scarred.extend(scar.name.iter().chain(scar.cuts.iter().map(|(_, name)| name)));
        }
        let scarred: Vec<u32> = scarred.into_iter().collect();
        self.refold_parts(policy, &scarred, Why::Policy);
    }
}

impl Named {
    /// The names without some of them, under the anchor that is left; none if
    /// nothing is.
    pub fn without(
        mut self,
        policy: &Policy,
        mut is_gone: impl FnMut(&Identifier) -> bool,
    ) -> Option<Named> {
        let stays: Vec<bool> = self.identifiers.iter().map(|name| !is_gone(name)).collect();
        if stays.iter().all(|stays| *stays) {
            return Some(self);
        }
        let place_after = |place: usize| stays[..place].iter().filter(|stays| **stays).count();
        let kept = |place: &usize| stays[*place];
        let anchor = Some(self.anchor).filter(kept).or_else(|| {
            let left = (0..stays.len()).filter(kept);
            left.min_by(|a, b| policy.order(&self.identifiers[*a], &self.identifiers[*b]))
        })?;
        let previous = self.previous.iter().copied().filter(|place| *place != anchor);
        self.previous = previous.filter(kept).map(place_after).collect();
        self.anchor = place_after(anchor);
        let mut stays = stays.iter();
        self.identifiers.retain(|_| *stays.next().expect("one for each"));
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str], anchor: usize, previous: &[usize]) -> Named {
        let identifiers = names.iter().map(|name| name.parse().unwrap()).collect();
        Named { identifiers, anchor, previous: previous.to_vec() }
    }

    #[test]
    fn names_that_go_leave_the_places_of_the_others_right() {
        let policy = Policy::standard();
        let all = named(&["user_id:b", "email:a", "anonymous_id:x"], 0, &[]);
        let without = |gone: &str| {
            let left = all.clone().without(&policy, |name| name.to_string() == gone);
            left.map(|left| (left.identifiers.len(), left.identifiers[left.anchor].to_string()))
        };
        assert_eq!(without("nobody"), Some((3, "user_id:b".to_owned())));
        assert_eq!(without("email:a"), Some((2, "user_id:b".to_owned())));
        assert_eq!(without("user_id:b"), Some((2, "email:a".to_owned())));
        assert_eq!(all.clone().without(&policy, |_| true), None);
        let alias = named(&["user_id:new", "email:a", "user_id:old"], 0, &[2]);
        let left = alias.without(&policy, |name| &*name.namespace == "email").unwrap();
        assert_eq!(left, named(&["user_id:new", "user_id:old"], 0, &[1]));
    }
}
