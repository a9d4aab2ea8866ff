//! What keeps two groups apart: vetoes, limits, and that both have identifiers of their own.

use super::{Groups, SHARED_BIT, Standing, Tenure};
use crate::identity::policy::{Policy, place};
use crate::model::Timestamp;

impl Groups {
    /// Tells the groups that an identifier is in that a veto may stand against it.
    pub(in crate::identity) fn note_veto(&mut self, number: u32) {
        let slots: Vec<u32> = self.tenures(number).map(|tenure| self.slot(tenure)).collect();
        slots.into_iter().for_each(|slot| self.group_mut(slot).vetoed = true);
    }

    /// Takes away every veto that names an identifier.
    pub(in crate::identity) fn unbind(&mut self, number: u32) {
        for partner in self.vetoes.remove(&number).unwrap_or_default() {
            if let Some(partners) = self.vetoes.get_mut(&partner) {
                partners.retain(|other| *other != number);
            }
        }
    }

    pub(super) fn vetoed(&self, left: u32, right: u32) -> bool {
        if !self.group(left).vetoed || !self.group(right).vetoed {
            return false;
        }
        let (fewer, others) = if self.group(left).n_tenures <= self.group(right).n_tenures {
            (left, right)
        } else {
            (right, left)
        };
        let partners = |tenure: Tenure| self.vetoes.get(&self.number(tenure)).into_iter().flatten();
        let crosses = |number: &u32| self.tenures(*number).any(|t| self.slot(t) == others);
        self.ring(fewer).into_iter().any(|tenure| partners(tenure).any(crosses))
    }

    pub(super) fn both_have_own(&self, left: u32, right: u32, policy: &Policy) -> bool {
        let both = self.group(left).has & self.group(right).has;
        let rest = 1 << SHARED_BIT;
        both & !rest != 0
            || (both & rest != 0
                && (SHARED_BIT as usize..policy.namespaces().count())
                    .filter(|place| policy.is_personal(*place))
                    .any(|place| [left, right].iter().all(|s| !self.values(*s, place).is_empty())))
    }

    /// The first namespace, by priority, of which the two together have more than they may.
    pub(super) fn limit_broken(&self, left: u32, right: u32, policy: &Policy) -> Option<usize> {
        let broken = |(place, limit): &(usize, usize)| {
            if *limit == 1 && *place < SHARED_BIT as usize && policy.is_personal(*place) {
                return self.group(left).has & self.group(right).has & (1 << place) != 0;
            }
            let mut values = self.values(left, *place);
            values.extend(self.values(right, *place));
            n_distinct(values) > *limit
        };
        policy.limited().find(broken).map(|(place, _)| place)
    }

    /// The values of a namespace that count in a group; a carrier once per tenure.
    pub(super) fn values(&self, slot: u32, place: usize) -> Vec<u32> {
        let counts = |number: &u32| {
            let node = self.node(*number);
            usize::from(node.namespace) == place
                && node.standing != Standing::Name
                && !(place == place::USER_ID && node.superseded)
        };
        self.ring(slot).into_iter().map(|tenure| self.number(tenure)).filter(counts).collect()
    }

    /// Whether a carrier that calls may have come under was handed over between two instants.
    pub(in crate::identity) fn may_pass(
        &self,
        number: u32,
        from: Timestamp,
        to: Timestamp,
    ) -> bool {
        self.node(number).beside && self.from(self.tenure_at(number, to)) >= from
    }

    /// Whether a carrier brings nothing into a group but itself, that nothing
    /// could refuse: no limit, no veto, no other carrier.
    pub(in crate::identity) fn is_plain(&self, number: u32, policy: &Policy) -> bool {
        let node = self.node(number);
        let unlimited = policy.at(node.namespace.into()).limit.is_none();
        let may_join = policy.limited().all(|(_, limit)| limit > 0);
        unlimited && may_join && !node.beside && !self.vetoes.contains(&number)
    }
}

pub(super) fn n_distinct(mut values: Vec<u32>) -> usize {
    values.sort_unstable();
    values.dedup();
    values.len()
}
