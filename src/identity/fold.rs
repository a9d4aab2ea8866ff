//! The meaning of identity: all claims folded from scratch.
//!
//! Slow and short, so that it can be read beside the specification. The
//! incremental [`Identity`](super::Identity) must agree with it at every step.

use super::policy::{Policy, USER_ID};
use super::{Reason, Stretch};
use crate::model::{EventId, Identifier, IdentifierNumber, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// A call that names two or more identifiers, or a `link`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// When it was made; of a `link`, its commit.
    pub when: Timestamp,
    /// The event's id, which parts claims of one instant.
    pub id: EventId,
    /// The identifier that it comes under.
    pub anchor: IdentifierNumber,
    /// The others that it names, in any order.
    pub others: Vec<IdentifierNumber>,
    /// The user ids that it supersedes.
    pub previous: Vec<IdentifierNumber>,
    /// Whether it is a `link`, which applies at every instant.
    pub commanded: bool,
}

/// Who is who at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Groups {
    /// The people by the birth number of their root.
    pub people: BTreeMap<u32, Vec<Stretch>>,
    /// Refused links: two identifiers, the smaller number first, and why at first.
    pub refused: BTreeMap<(IdentifierNumber, IdentifierNumber), Reason>,
}

/// An identifier in the hands of one person: a carrier has several of them, one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Tenure {
    number: IdentifierNumber,
    index: usize,
}

struct Fold<'a> {
    policy: &'a Policy,
    identifiers: &'a [Identifier],
    vetoes: &'a BTreeSet<(IdentifierNumber, IdentifierNumber)>,
    superseded: BTreeSet<IdentifierNumber>,
    groups: Vec<BTreeSet<Tenure>>,
    /// When each later tenure of a carrier began.
    starts: BTreeMap<IdentifierNumber, Vec<Timestamp>>,
    refused: BTreeMap<(IdentifierNumber, IdentifierNumber), Reason>,
}

/// The groups that these claims make of these identifiers (in the order of
/// birth, the first having number 1) at `now`, under those vetoes.
pub fn fold(
    identifiers: &[Identifier],
    claims: &[Claim],
    vetoes: &BTreeSet<(IdentifierNumber, IdentifierNumber)>,
    policy: &Policy,
    now: Timestamp,
) -> Groups {
    let mut visible: Vec<&Claim> =
        claims.iter().filter(|claim| claim.commanded || claim.when <= now).collect();
    visible.sort_by_key(|claim| (claim.when, claim.id));
    let numbers = (1..=identifiers.len() as u32).map(IdentifierNumber);
    let mut fold = Fold {
        policy,
        identifiers,
        vetoes,
        superseded: visible.iter().flat_map(|claim| claim.previous.iter().copied()).collect(),
        groups: numbers.map(|number| BTreeSet::from([Tenure { number, index: 0 }])).collect(),
        starts: BTreeMap::new(),
        refused: BTreeMap::new(),
    };
    for claim in visible {
        for other in fold.in_order(&claim.others) {
            fold.link(claim.anchor, other, claim.when);
        }
    }
    fold.result()
}

impl Fold<'_> {
    fn identifier(&self, number: IdentifierNumber) -> &Identifier {
        &self.identifiers[number.0 as usize - 1]
    }

    fn in_order(&self, others: &[IdentifierNumber]) -> Vec<IdentifierNumber> {
        let mut others = others.to_vec();
        others.sort_by(|a, b| self.policy.order(self.identifier(*a), self.identifier(*b)));
        others
    }

    fn is_personal(&self, number: IdentifierNumber) -> bool {
        let place = self.policy.place(&self.identifier(number).namespace);
        place.is_some_and(|place| self.policy.is_personal(place))
    }

    /// The place of the group that the identifier's current tenure is in.
    fn group_of(&self, number: IdentifierNumber) -> usize {
        let index = self.starts.get(&number).map_or(0, Vec::len);
        let current = Tenure { number, index };
        self.groups.iter().position(|group| group.contains(&current)).expect("each has a group")
    }

    fn link(&mut self, a: IdentifierNumber, b: IdentifierNumber, when: Timestamp) {
        let (left, right) = (self.group_of(a), self.group_of(b));
        if left == right {
            return;
        }
        if self.vetoed(left, right) {
            return self.refuse(a, b, Reason::Unlinked);
        }
        let limit = self.limit_broken(&self.union(left, right));
        let apart = self.both_have_own(left, right);
        match (self.is_personal(a), self.is_personal(b), limit, apart) {
            (true, true, None, _) | (_, _, None, false) => self.join(left, right),
            (true, true, Some(reason), _) => self.refuse(a, b, reason),
            (false, false, ..) => self.refuse(a, b, Reason::Shared),
            (true, false, ..) => self.hand_over(b, a, left, when),
            (false, true, ..) => self.hand_over(a, b, right, when),
        }
    }

    fn union(&self, left: usize, right: usize) -> BTreeSet<Tenure> {
        self.groups[left].union(&self.groups[right]).copied().collect()
    }

    fn vetoed(&self, left: usize, right: usize) -> bool {
        let holds = |group: usize, number| self.groups[group].iter().any(|t| t.number == number);
        self.vetoes.iter().any(|(a, b)| {
            (holds(left, *a) && holds(right, *b)) || (holds(left, *b) && holds(right, *a))
        })
    }

    /// The distinct values of a namespace that count in a group.
    fn values(&self, group: &BTreeSet<Tenure>, namespace: &str) -> BTreeSet<IdentifierNumber> {
        let counts = |number: &IdentifierNumber| {
            &*self.identifier(*number).namespace == namespace
                && !(namespace == USER_ID && self.superseded.contains(number))
        };
        group.iter().map(|tenure| tenure.number).filter(counts).collect()
    }

    /// The first namespace, by priority, of which a group has more values than it may.
    fn limit_broken(&self, group: &BTreeSet<Tenure>) -> Option<Reason> {
        self.policy.limited().find_map(|(place, limit)| {
            let name = &self.policy.at(place).name;
            (self.values(group, name).len() > limit).then(|| Reason::Limit(name.clone()))
        })
    }

    /// Whether a group has more carriers of this one's namespace than it may.
    fn own_limit_broken(
        &self,
        carrier: IdentifierNumber,
        group: &BTreeSet<Tenure>,
    ) -> Option<Reason> {
        let name = &self.identifier(carrier).namespace;
        let limit = self.policy.at(self.policy.place(name)?).limit? as usize;
        (self.values(group, name).len() > limit).then(|| Reason::Limit(name.clone()))
    }

    /// Whether some personal namespace has a value on both sides.
    fn both_have_own(&self, left: usize, right: usize) -> bool {
        let has = |group: usize, name: &str| !self.values(&self.groups[group], name).is_empty();
        let places = 0..self.policy.namespaces().count();
        places.filter(|place| self.policy.is_personal(*place)).any(|place| {
            let name = &self.policy.at(place).name;
            has(left, name) && has(right, name)
        })
    }

    fn join(&mut self, left: usize, right: usize) {
        let absorbed = std::mem::take(&mut self.groups[right]);
        self.groups[left].extend(absorbed);
    }

    /// The carrier gets a new tenure in a group, unless that alone breaks a limit.
    fn hand_over(
        &mut self,
        carrier: IdentifierNumber,
        claimant: IdentifierNumber,
        group: usize,
        when: Timestamp,
    ) {
        let index = self.starts.get(&carrier).map_or(0, Vec::len) + 1;
        let mut with = self.groups[group].clone();
        with.insert(Tenure { number: carrier, index });
        if let Some(reason) = self.own_limit_broken(carrier, &with) {
            return self.refuse(claimant, carrier, reason);
        }
        self.starts.entry(carrier).or_default().push(when);
        self.groups[group] = with;
    }

    fn refuse(&mut self, a: IdentifierNumber, b: IdentifierNumber, reason: Reason) {
        self.refused.entry((a.min(b), a.max(b))).or_insert(reason);
    }

    fn result(self) -> Groups {
        let named = self.groups.iter().filter(|group| !group.is_empty()).map(|group| {
            let roots = group.iter().filter(|tenure| tenure.index == 0);
            let name = roots.map(|tenure| tenure.number.0).min().expect("a group has a root");
            (name, together(group.iter().map(|tenure| self.stretch(*tenure)).collect()))
        });
        Groups { people: named.collect(), refused: self.refused.clone() }
    }

    fn stretch(&self, tenure: Tenure) -> Stretch {
        let starts = self.starts.get(&tenure.number).map_or(&[][..], Vec::as_slice);
        let from = tenure.index.checked_sub(1).map_or(Timestamp::MIN, |before| starts[before]);
        Stretch { origin: tenure.number, from, to: starts.get(tenure.index).copied() }
    }
}

/// Stretches in order, empty ones left out, those that touch made one.
pub(super) fn together(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.retain(|stretch| stretch.to.is_none_or(|to| stretch.from < to));
    stretches.sort();
    stretches.dedup_by(|next, before| {
        let touches = next.origin == before.origin && before.to == Some(next.from);
        if touches {
            before.to = next.to;
        }
        touches
    });
    stretches
}
