//! Groups of tenures as they are now: joined, handed over, refused, one claim after another.
//!
//! Each group has a slot, a birth number in it, and its tenures in a ring.

use super::Reason;
use super::policy::{Policy, place};
use crate::model::Timestamp;
use crate::shelf::{Column, Table};

#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    pub(super) nodes: Column<Node>,
    pub(super) later: Column<Later>,
    /// A later tenure that is free to be used again; the others hang on it.
    pub(super) free: Option<Tenure>,
    pub(super) groups: Column<Group>,
    /// Who may not be joined with whom, both ways.
    pub(super) vetoes: Table<u32, Vec<u32>>,
}

/// An identifier; in the ring as its first tenure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) namespace: u16,
    pub(super) standing: Standing,
    pub(super) superseded: bool,
    /// Whether it is a carrier that was ever linked with another carrier.
    pub(super) beside: bool,
    pub(super) slot: u32,
    pub(super) next: Tenure,
    /// Its second tenure and its last, where it was ever handed over.
    pub(super) second: Option<Tenure>,
    pub(super) last: Option<Tenure>,
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// An identifier's.
    Alive,
    /// An identifier's whose first tenure was forgotten: it names nobody.
    Nameless,
    /// The name alone of what began when somebody was forgotten.
    Name,
    /// A forgotten identifier's.
    Dead,
}

/// A tenure that began with a hand-over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Later {
    pub(super) number: u32,
    pub(super) slot: u32,
    pub(super) from: Timestamp,
    pub(super) next: Tenure,
    pub(super) after: Option<Tenure>,
    pub(super) before: Tenure,
}

/// A tenure: the first of an identifier by its number, later ones from the top bit on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tenure(pub(super) std::num::NonZeroU32);

#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    /// The least birth number that names it.
    pub(super) name: u32,
    pub(super) n_tenures: u32,
    /// A bit per personal namespace that has a value which counts.
    pub(super) has: u64,
    pub(super) vetoed: bool,
}

/// What a claim did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Nothing,
    /// The two names; the smaller one stays.
    Joined(u32, u32),
    /// From whom, and to whom.
    HandedOver(u32, u32),
    Refused(Reason),
}

const LATER: u32 = 1 << 31;
/// The bit that all namespaces beyond the 63rd share.
const SHARED_BIT: u32 = 63;

impl Tenure {
    pub(super) fn first(number: u32) -> Tenure {
        Tenure(std::num::NonZeroU32::new(number).expect("numbers count from one"))
    }

    fn later(place: usize) -> Tenure {
        Tenure::first(LATER | place as u32)
    }

    fn place(self) -> Result<usize, usize> {
        let bits = self.0.get();
        if bits & LATER == 0 { Ok(bits as usize) } else { Err((bits & !LATER) as usize) }
    }
}

impl Groups {
    /// Roughly the bytes of memory held.
    pub(super) fn memory(&self) -> usize {
        self.nodes.memory() + self.later.memory() + self.groups.memory() + self.vetoes.memory()
    }

    /// A number, alone in its group.
    pub(super) fn admit(
        &mut self,
        number: u32,
        namespace: usize,
        standing: Standing,
        policy: &Policy,
    ) {
        let alone = Node {
            namespace: namespace as u16,
            standing,
            superseded: false,
            beside: false,
            slot: number,
            next: Tenure::first(number),
            second: None,
            last: None,
        };
        let nobody = Node { standing: Standing::Dead, next: Tenure::first(1), ..alone };
        *self.nodes.grown(number as usize, || nobody) = alone;
        self.groups.grown(number as usize, || Group {
            name: 0,
            n_tenures: 0,
            has: 0,
            vetoed: false,
        });
        self.reset(number, policy);
    }

    /// Puts a number back alone into a group, in its first tenure.
    pub(super) fn reset(&mut self, number: u32, policy: &Policy) {
        let mut later = self.node(number).second;
        while let Some(tenure) = later {
            later = self.later_of(tenure).after;
            let free = self.free.replace(tenure);
            self.later_mut(tenure).after = free;
        }
        let node = self.node_mut(number);
        (node.slot, node.next) = (number, Tenure::first(number));
        (node.second, node.last) = (None, None);
        let node = *node;
        let counts = node.standing != Standing::Name && !node.superseded;
        let personal = counts && policy.is_personal(node.namespace.into());
        *self.group_mut(number) = Group {
            name: if node.standing == Standing::Nameless { u32::MAX } else { number },
            n_tenures: 1,
            has: if personal { 1 << u32::from(node.namespace).min(SHARED_BIT) } else { 0 },
            vetoed: !self.vetoes.is_empty() && self.vetoes.contains(&number),
        };
    }

    /// Takes one claim in, after all that come before it.
    pub(super) fn step(&mut self, a: u32, b: u32, when: Timestamp, policy: &Policy) -> Step {
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
    pub(super) fn join(&mut self, left: u32, right: u32) -> Step {
        let (from, to) = (self.group(left), self.group(right));
        let (slot, absorbed) =
            if from.n_tenures >= to.n_tenures { (left, right) } else { (right, left) };
        for tenure in self.ring(absorbed) {
            self.set_slot(tenure, slot);
        }
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
    pub(super) fn hand_over(&mut self, carrier: u32, slot: u32, when: Timestamp) {
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
        let vetoed = !self.vetoes.is_empty() && self.vetoes.contains(&carrier);
        let group = self.group_mut(slot);
        group.n_tenures += 1;
        group.vetoed |= vetoed;
    }

    /// Tells the groups that an identifier is in that a veto may stand against it.
    pub(super) fn note_veto(&mut self, number: u32) {
        let slots: Vec<u32> = self.tenures(number).map(|tenure| self.slot(tenure)).collect();
        slots.into_iter().for_each(|slot| self.group_mut(slot).vetoed = true);
    }

    /// Takes away every veto that names an identifier.
    pub(super) fn unbind(&mut self, number: u32) {
        for partner in self.vetoes.remove(&number).unwrap_or_default() {
            if let Some(partners) = self.vetoes.get_mut(&partner) {
                partners.retain(|other| *other != number);
            }
        }
    }

    fn vetoed(&self, left: u32, right: u32) -> bool {
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

    fn both_have_own(&self, left: u32, right: u32, policy: &Policy) -> bool {
        let both = self.group(left).has & self.group(right).has;
        let rest = 1 << SHARED_BIT;
        both & !rest != 0
            || (both & rest != 0
                && (SHARED_BIT as usize..policy.namespaces().count())
                    .filter(|place| policy.is_personal(*place))
                    .any(|place| [left, right].iter().all(|s| !self.values(*s, place).is_empty())))
    }

    /// The first namespace, by priority, of which the two together have more than they may.
    fn limit_broken(&self, left: u32, right: u32, policy: &Policy) -> Option<usize> {
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
    fn values(&self, slot: u32, place: usize) -> Vec<u32> {
        let counts = |number: &u32| {
            let node = self.node(*number);
            usize::from(node.namespace) == place
                && node.standing != Standing::Name
                && !(place == place::USER_ID && node.superseded)
        };
        self.ring(slot).into_iter().map(|tenure| self.number(tenure)).filter(counts).collect()
    }

    /// The tenures of a group.
    pub(super) fn ring(&self, slot: u32) -> Vec<Tenure> {
        let first = Tenure::first(slot);
        let mut ring = vec![first];
        let mut at = self.next(first);
        while at != first {
            ring.push(at);
            at = self.next(at);
        }
        ring
    }

    /// The tenures of an identifier, in order.
    pub(super) fn tenures(&self, number: u32) -> impl Iterator<Item = Tenure> + '_ {
        let mut next = Some(Tenure::first(number));
        std::iter::from_fn(move || {
            let tenure = next?;
            next = self.after(tenure);
            Some(tenure)
        })
    }

    /// The tenure of an identifier that holds an instant; its last is looked at first.
    pub(super) fn tenure_at(&self, number: u32, when: Timestamp) -> Tenure {
        let mut tenure = self.current(number);
        while self.from(tenure) > when && tenure.place().is_err() {
            tenure = self.later_of(tenure).before;
        }
        tenure
    }

    pub(super) fn current(&self, number: u32) -> Tenure {
        self.node(number).last.unwrap_or(Tenure::first(number))
    }

    pub(super) fn current_slot(&self, number: u32) -> u32 {
        self.slot(self.current(number))
    }

    pub(super) fn from(&self, tenure: Tenure) -> Timestamp {
        tenure.place().map_or_else(|_| self.later_of(tenure).from, |_| Timestamp::MIN)
    }

    pub(super) fn to(&self, tenure: Tenure) -> Option<Timestamp> {
        self.after(tenure).map(|after| self.later_of(after).from)
    }

    pub(super) fn number(&self, tenure: Tenure) -> u32 {
        tenure.place().map_or_else(|_| self.later_of(tenure).number, |number| number as u32)
    }

    pub(super) fn slot(&self, tenure: Tenure) -> u32 {
        tenure.place().map_or_else(|_| self.later_of(tenure).slot, |n| self.node(n as u32).slot)
    }

    /// The name of the group in a slot.
    pub(super) fn name(&self, slot: u32) -> u32 {
        self.group(slot).name
    }

    /// In which slot a number's first tenure is, if there is such a number.
    pub(super) fn slot_ahead(&self, number: u32) -> u32 {
        self.nodes.get(number as usize).map_or(0, |node| node.slot)
    }

    /// The name in a slot, if there is such a slot.
    pub(super) fn name_ahead(&self, slot: u32) -> u32 {
        self.groups.get(slot as usize).map_or(0, |group| group.name)
    }

    pub(super) fn namespace(&self, number: u32) -> usize {
        self.node(number).namespace.into()
    }

    pub(super) fn standing(&self, number: u32) -> Standing {
        self.nodes.get(number as usize).map_or(Standing::Dead, |node| node.standing)
    }

    pub(super) fn stand(&mut self, number: u32, standing: Standing) {
        self.node_mut(number).standing = standing;
    }

    pub(super) fn is_superseded(&self, number: u32) -> bool {
        self.node(number).superseded
    }

    /// Whether a number is superseded; it counts from the next reset on.
    pub(super) fn supersede(&mut self, number: u32, superseded: bool) {
        self.node_mut(number).superseded = superseded;
    }

    /// Notes a link of two carriers.
    pub(super) fn note_beside(&mut self, a: u32, b: u32) {
        for number in [a, b] {
            if !self.node(number).beside {
                self.node_mut(number).beside = true;
            }
        }
    }

    /// Whether a carrier brings nothing into a group but itself, that nothing
    /// could refuse: no limit, no veto, no other carrier.
    pub(super) fn is_plain(&self, number: u32, policy: &Policy) -> bool {
        let node = self.node(number);
        let unlimited = policy.at(node.namespace.into()).limit.is_none();
        let may_join = policy.limited().all(|(_, limit)| limit > 0);
        unlimited && may_join && !node.beside && !self.vetoes.contains(&number)
    }

    /// Numbers given so far, and the place 0 that no number has.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    fn next(&self, tenure: Tenure) -> Tenure {
        tenure.place().map_or_else(|_| self.later_of(tenure).next, |n| self.node(n as u32).next)
    }

    fn after(&self, tenure: Tenure) -> Option<Tenure> {
        tenure.place().map_or_else(|_| self.later_of(tenure).after, |n| self.node(n as u32).second)
    }

    fn set_next(&mut self, tenure: Tenure, next: Tenure) {
        match tenure.place() {
            Ok(number) => self.node_mut(number as u32).next = next,
            Err(_) => self.later_mut(tenure).next = next,
        }
    }

    fn set_slot(&mut self, tenure: Tenure, slot: u32) {
        match tenure.place() {
            Ok(number) => self.node_mut(number as u32).slot = slot,
            Err(_) => self.later_mut(tenure).slot = slot,
        }
    }

    fn node(&self, number: u32) -> &Node {
        self.nodes.get(number as usize).expect("every number was admitted")
    }

    fn node_mut(&mut self, number: u32) -> &mut Node {
        self.nodes.get_mut(number as usize).expect("every number was admitted")
    }

    fn later_of(&self, tenure: Tenure) -> &Later {
        let place = tenure.place().expect_err("only later tenures are kept apart");
        self.later.get(place).expect("a later tenure lies at its place")
    }

    fn later_mut(&mut self, tenure: Tenure) -> &mut Later {
        let place = tenure.place().expect_err("only later tenures are kept apart");
        self.later.get_mut(place).expect("a later tenure lies at its place")
    }

    fn group(&self, slot: u32) -> Group {
        *self.groups.get(slot as usize).expect("every number was admitted")
    }

    fn group_mut(&mut self, slot: u32) -> &mut Group {
        self.groups.get_mut(slot as usize).expect("every number was admitted")
    }
}

fn n_distinct(mut values: Vec<u32>) -> usize {
    values.sort_unstable();
    values.dedup();
    values.len()
}
