//! A cluster folded again, and what that changed. Hindsight is the same at another instant.

use super::claims::Link;
use super::clusters::Last;
use super::groups::{Standing, Step, Tenure};
use super::people::{Identity, Refused};
use super::policy::Policy;
use super::refolds::Why;
use super::{Reason, Regrouped, Stretch};
use crate::model::{IdentifierNumber, Ordinal, Timestamp};
use std::collections::BTreeSet;

/// The stretches of a cluster with the seats they are in, sorted.
pub(super) type Seated = Vec<(Ordinal, Stretch)>;

impl Identity {
    /// The same identity at another instant, under today's links, vetoes and policy.
    ///
    /// Before the present, claims dated later are not seen; after it, those come
    /// in that are due by then.
    ///
    /// ```
    /// use throng::identity::{Identity, Policy};
    /// use throng::model::{Body, Call, EventId, Object, Timestamp};
    /// let (policy, mut identity) = (Policy::standard(), Identity::default());
    /// let [before, login] = [0, 5].map(|ms| Timestamp::from_millis(ms).unwrap());
    /// let mut call = Call::new("web", Body::Page { properties: Object::default() });
    /// call.anonymous_id = Some("a-1".into());
    /// call.user_id = Some("u-1".into());
    /// identity.take(&policy, &policy.named(&call).unwrap(), login, EventId(1), login);
    /// assert_eq!(identity.seats().count(), 1);
    /// assert_eq!(identity.at(&policy, before).seats().count(), 2);
    /// ```
    pub fn at(&self, policy: &Policy, now: Timestamp) -> Identity {
        let mut then = self.clone();
        then.settle(policy);
        if now < self.now {
            then.hindsight = Some(now);
        } else {
            then.hindsight = None;
            then.advance(policy, now);
        }
        let edge = self.hindsight.unwrap_or(now).min(now);
        let mut again: BTreeSet<u32> = then.supersede_anew();
        again.extend(
            then.clusters
                .several()
                .filter(|root| then.clusters.last(*root).is_some_and(|last| last.when > edge)),
        );
        for root in again {
            let members = then.clusters.members(root);
            if !then.is_quarantined(root) && then.claims.n_on(&members) <= then.claims_max {
                then.fold_cluster(policy, &members, &mut |_, _, _| {});
            }
        }
        then
    }

    /// Sets again who is superseded; gives the clusters that this changed.
    fn supersede_anew(&mut self) -> BTreeSet<u32> {
        let aliased: Vec<u32> = self.aliases.iter().map(|(number, _)| *number).collect();
        let changed = aliased.into_iter().filter(|number| {
            let superseded = self.has_alias(*number);
            let changes = superseded != self.groups.is_superseded(*number);
            self.groups.supersede(*number, superseded);
            changes
        });
        let changed: Vec<u32> = changed.collect();
        changed.into_iter().map(|number| self.clusters.root(number)).collect()
    }

    /// Whether a user id is superseded at the instant shown.
    pub(super) fn has_alias(&self, number: u32) -> bool {
        let seen = |when: Timestamp| self.hindsight.is_none_or(|at| when <= at);
        self.aliases.get(&number).into_iter().flatten().any(|alias| seen(alias.0))
    }

    /// Whether the cluster of a number is too large to be folded again.
    pub(super) fn is_quarantined(&self, number: u32) -> bool {
        let root = self.clusters.root(number);
        self.quarantined.iter().any(|known| self.clusters.root(*known) == root)
    }

    /// Folds the cluster of a number again; one that is too large is put into quarantine instead.
    pub(super) fn refold(&mut self, policy: &Policy, number: u32, why: Why) -> Regrouped {
        if self.is_quarantined(number) {
            return Regrouped::default();
        }
        let members = self.clusters.members(number);
        if self.claims.n_on(&members) > self.claims_max {
            self.quarantined.insert(number);
            return Regrouped::default();
        }
        self.refolds.note(why);
        let before = self.seated(&members);
        self.fold_cluster(policy, &members, &mut |_, _, _| {});
        difference(&before, &self.seated(&members))
    }

    /// The links of a cluster that are refused, and the seats that their two sides are in.
    pub(super) fn refusals(&self, policy: &Policy, number: u32) -> Vec<Refused> {
        if self.is_quarantined(number) {
            return Vec::new();
        }
        let (mut copy, mut refused) = (self.clone(), Vec::new());
        copy.settle(policy);
        let members = copy.clusters.members(number);
        copy.fold_cluster(policy, &members, &mut |a, b, reason| refused.push((a, b, reason)));
        let side = |tenure| (IdentifierNumber(copy.groups.number(tenure)), copy.person(tenure));
        refused
            .into_iter()
            .map(|(a, b, reason)| Refused { a: side(a), b: side(b), reason })
            .collect()
    }

    /// Takes a cluster's identifiers apart and its claims in again, in order.
    pub(super) fn fold_cluster(
        &mut self,
        policy: &Policy,
        members: &[u32],
        refused: &mut dyn FnMut(Tenure, Tenure, Reason),
    ) {
        members.iter().for_each(|member| self.groups.reset(*member, policy));
        self.rename(members);
        for link in &self.links_of(policy, members) {
            if self.groups.standing(link.anchor) == Standing::Name {
                self.groups.hand_over(link.other, link.anchor, link.when);
                continue;
            }
            let ends = [link.anchor, link.other].map(|number| self.groups.current(number));
            let step = self.groups.step(link.anchor, link.other, link.when, policy);
            if let Step::Refused(reason) = step {
                refused(ends[0], ends[1], reason);
            }
        }
    }

    /// The visible claims of a cluster in order, and what was begun anew by forgetting.
    fn links_of(&mut self, policy: &Policy, members: &[u32]) -> Vec<Link> {
        let mut last = None;
        let mut links = self.cuts(members);
        for member in members {
            for (place, link) in self.claims.on(*member) {
                last = last.max(Some((link.key(), place)));
                if link.commanded || self.hindsight.is_none_or(|at| link.when <= at) {
                    links.push(link);
                }
            }
        }
        if let Some(member) = members.first() {
            let last = last.map(|((when, _), place)| Last { when, place });
            self.clusters.set_last(self.clusters.root(*member), last);
        }
        links.sort_by(|a, b| {
            a.key().cmp(&b.key()).then_with(|| self.order(policy, a.other, b.other))
        });
        links
    }

    pub(super) fn seated(&self, members: &[u32]) -> Seated {
        let identifiers = members.iter().filter(|member| self.is_identifier(**member));
        let tenures = identifiers.flat_map(|member| self.groups.tenures(*member));
        let mut seated: Seated = tenures
            .flat_map(|tenure| {
                let seat = self.person(tenure);
                self.scars.unmasked(self.stretch(tenure)).into_iter().map(move |own| (seat, own))
            })
            .filter(|(_, stretch)| stretch.to.is_none_or(|to| stretch.from < to))
            .collect();
        seated.sort_unstable();
        seated.dedup_by(|next, before| {
            let touches = (next.0, next.1.origin, Some(next.1.from))
                == (before.0, before.1.origin, before.1.to);
            if touches {
                before.1.to = next.1.to;
            }
            touches
        });
        seated
    }
}

/// The seats in which something is different.
pub(super) fn difference(before: &Seated, after: &Seated) -> Regrouped {
    let mut changed = BTreeSet::new();
    let (mut left, mut right) = (before.iter().peekable(), after.iter().peekable());
    loop {
        match (left.peek(), right.peek()) {
            (Some(a), Some(b)) if a == b => {
                left.next();
                right.next();
            }
            (Some(a), b) if b.is_none_or(|b| a < b) => changed.extend(left.next().map(|a| a.0)),
            (_, Some(_)) => changed.extend(right.next().map(|b| b.0)),
            _ => break,
        }
    }
    let of = |seated: &Seated| {
        seated.iter().map(|(seat, _)| *seat).filter(|seat| changed.contains(seat)).collect()
    };
    Regrouped::new(of(before), of(after))
}
