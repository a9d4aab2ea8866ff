//! One claim after another: what it does to the groups of the two that it names.

use super::limits::n_distinct;
use super::{Group, Groups, Later, Tenure};
use crate::identity::Reason;
use crate::identity::policy::Policy;
use crate::model::Timestamp;

/// What a claim did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::identity) enum Step {
    Nothing,
    /// The two names; the smaller one stays.
    Joined(u32, u32),
    /// From whom, and to whom.
    HandedOver(u32, u32),
    Refused(Reason),
}

impl Groups {
    /// Takes one claim in, after all that come before it.
    pub(in crate::identity) fn step(
        &mut self,
        a: u32,
        b: u32,
        when: Timestamp,
        policy: &Policy,
    ) -> Step {
        let (left, right) = (self.current_slot(a), self.current_slot(b));
        if left == right {
            return Step::Nothing;
        }
        if self.vetoed(left, right) {
            return Step::Refused(Reason::Unlinked);
        }
        let personal = |number| policy.is_personal(self.namespace(number));
        let limit = self.limit_broken(left, right, policy);
        match (personal(a), personal(b)) {
            (true, true) => match limit {
                None => self.join(left, right),
                Some(place) => Step::Refused(Reason::Limit(policy.at(place).name.clone())),
            },
            _ if limit.is_none() && !self.both_have_own(left, right, policy) => {
                self.join(left, right)
            }
            (false, false) => Step::Refused(Reason::Shared),
            (true, false) => self.offer(b, left, when, policy),
            (false, true) => self.offer(a, right, when, policy),
        }
    }

    /// Makes two groups one, the smaller one's tenures moving.
    pub(in crate::identity) fn join(&mut self, left: u32, right: u32) -> Step {
        let (from, to) = (self.group(left), self.group(right));
        let (slot, absorbed) =
            if from.n_tenures >= to.n_tenures { (left, right) } else { (right, left) };
        let moved = self.ring(absorbed);
        for tenure in &moved {
            self.set_slot(*tenure, slot);
        }
        let known = self.group(slot).name;
        let (a, b) = (Tenure::first(slot), Tenure::first(absorbed));
        let (next_a, next_b) = (self.next(a), self.next(b));
        self.set_next(a, next_b);
        self.set_next(b, next_a);
        *self.group_mut(slot) = Group {
            name: from.name.min(to.name),
            n_tenures: from.n_tenures + to.n_tenures,
            has: from.has | to.has,
            vetoed: from.vetoed || to.vetoed,
        };
        let stays = self.group(slot).name == known;
        let told = if stays { moved } else { self.ring(slot) };
        self.own_each(&told);
        Step::Joined(from.name, to.name)
    }

    /// Hands a carrier over into a group, unless that alone breaks its own limit.
    fn offer(&mut self, carrier: u32, slot: u32, when: Timestamp, policy: &Policy) -> Step {
        let place = self.namespace(carrier);
        if let Some(limit) = policy.at(place).limit {
            let mut values = self.values(slot, place);
            values.push(carrier);
            if n_distinct(values) > limit as usize {
                return Step::Refused(Reason::Limit(policy.at(place).name.clone()));
            }
        }
        let from = self.group(self.current_slot(carrier)).name;
        self.hand_over(carrier, slot, when);
        Step::HandedOver(from, self.group(slot).name)
    }

    /// Begins a new tenure of a carrier in a group.
    pub(in crate::identity) fn hand_over(&mut self, carrier: u32, slot: u32, when: Timestamp) {
        let before = self.current(carrier);
        let next = self.next(Tenure::first(slot));
        let later = Later { number: carrier, slot, from: when, next, after: None, before };
        let tenure = match self.free {
            Some(free) => {
                self.free = self.later_of(free).after;
                *self.later_mut(free) = later;
                free
            }
            None => {
                self.later.push(later);
                Tenure::later(self.later.len() - 1)
            }
        };
        self.set_next(Tenure::first(slot), tenure);
        match before.place() {
            Ok(_) => self.node_mut(carrier).second = Some(tenure),
            Err(_) => self.later_mut(before).after = Some(tenure),
        }
        self.node_mut(carrier).last = Some(tenure);
        self.own(carrier);
        let vetoed = !self.vetoes.is_empty() && self.vetoes.contains(&carrier);
        let group = self.group_mut(slot);
        group.n_tenures += 1;
        group.vetoed |= vetoed;
    }
}
