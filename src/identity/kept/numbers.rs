//! Numbers as plain values: what lies at each, in its group and in its cluster.

use super::{bits, place_bits, place_of, tenure_of};
use crate::identity::clusters::{Last, Link, Packed};
use crate::identity::groups::{Group, Node, Standing};
use crate::identity::people::Identity;
use crate::identity::policy::Policy;
use crate::model::{Identifier, Text, Timestamp};

/// Numbers from one on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumbersKept {
    /// The first.
    pub first: u32,
    /// Each in order.
    pub numbers: Vec<NumberKept>,
}

/// A number. What most often is the number itself is kept as the difference
/// to it in bits, which then is short.
#[allow(missing_docs, reason = "the names are those of the columns")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberKept {
    pub value: Option<Text>,
    pub namespace: u16,
    pub standing: u8,
    pub superseded: bool,
    pub beside: bool,
    pub slot: u32,
    pub next: u32,
    pub second: u32,
    pub last: u32,
    pub name: u32,
    pub n_tenures: u32,
    pub has: u64,
    pub vetoed: bool,
    pub above: u32,
    pub next_in_cluster: u32,
    pub n_members: u32,
    /// The time of the claim that comes last in its cluster, and its place.
    pub last_when: i64,
    pub last_claim: u32,
    pub newest_claim: u32,
}

impl Identity {
    pub(super) fn number_kept(&self, number: usize) -> NumberKept {
        let own = number as u32;
        let node = self.groups.nodes.get(number).expect("every number was admitted");
        let group = self.groups.groups.get(number).expect("every number was admitted");
        let link = self.clusters.links.get(number).expect("every number was admitted");
        let last = self.clusters.last(own);
        let head = self.claims.heads.get(number).copied().flatten();
        let name = self.names.get(number).and_then(Option::as_ref);
        NumberKept {
            // What is dead names nobody, so its name stays in no file either.
            value: name.filter(|_| node.standing != Standing::Dead).map(|name| name.value.clone()),
            namespace: node.namespace,
            standing: node.standing as u8,
            superseded: node.superseded,
            beside: node.beside,
            slot: node.slot ^ own,
            next: node.next.0.get() ^ own,
            second: bits(node.second),
            last: bits(node.last),
            name: group.name ^ own,
            n_tenures: group.n_tenures,
            has: group.has,
            vetoed: group.vetoed,
            above: link.above ^ own,
            next_in_cluster: link.next ^ own,
            n_members: link.n_members,
            last_when: last.map_or(0, |last| last.when.millis()),
            last_claim: last.map_or(0, |last| place_bits(last.place)),
            newest_claim: head.map_or(0, place_bits),
        }
    }

    pub(super) fn take_numbers(&mut self, policy: &Policy, kept: NumbersKept) -> Option<()> {
        if kept.first as usize != self.names.len() {
            return None;
        }
        let numbers = || (kept.first..).zip(&kept.numbers);
        let name = |of: &NumberKept| name_of(policy, of);
        let names = kept.numbers.iter().map(name).collect::<Option<_>>()?;
        let nodes = numbers().map(|(number, of)| node_of(number, of)).collect::<Option<_>>()?;
        let lasts = kept.numbers.iter().map(last_of).collect::<Option<_>>()?;
        self.names.append(names);
        self.groups.nodes.append(nodes);
        self.groups.groups.append(numbers().map(|(number, of)| group_of(number, of)).collect());
        self.clusters.links.append(numbers().map(|(number, of)| link_of(number, of)).collect());
        self.clusters.last.append(lasts);
        self.claims.heads.append(kept.numbers.iter().map(|of| place_of(of.newest_claim)).collect());
        Some(())
    }
}

/// The name, if it has one; none at all if its kind is not known.
fn name_of(policy: &Policy, kept: &NumberKept) -> Option<Option<Identifier>> {
    let Some(value) = kept.value.clone() else { return Some(None) };
    let namespace = policy.namespaces().nth(usize::from(kept.namespace))?.name.clone();
    Some(Some(Identifier { namespace, value }))
}

fn node_of(number: u32, kept: &NumberKept) -> Option<Node> {
    Some(Node {
        namespace: kept.namespace,
        standing: standing_of(kept.standing)?,
        superseded: kept.superseded,
        beside: kept.beside,
        scarred: false,
        slot: kept.slot ^ number,
        next: tenure_of(kept.next ^ number)?,
        second: tenure_of(kept.second),
        last: tenure_of(kept.last),
    })
}

fn group_of(number: u32, kept: &NumberKept) -> Group {
    let (n_tenures, has, vetoed) = (kept.n_tenures, kept.has, kept.vetoed);
    Group { name: kept.name ^ number, n_tenures, has, vetoed }
}

fn link_of(number: u32, kept: &NumberKept) -> Link {
    let (above, next) = (kept.above ^ number, kept.next_in_cluster ^ number);
    Link { above, next, n_members: kept.n_members }
}

fn last_of(kept: &NumberKept) -> Option<Packed> {
    let when = Timestamp::from_millis(kept.last_when)?;
    Some(Packed::from(place_of(kept.last_claim).map(|place| Last { when, place })))
}

fn standing_of(kept: u8) -> Option<Standing> {
    let all = [Standing::Alive, Standing::Nameless, Standing::Name, Standing::Dead];
    all.into_iter().find(|standing| *standing as u8 == kept)
}
