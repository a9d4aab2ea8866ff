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
        for (number, kept) in (kept.first..).zip(kept.numbers) {
            self.take_number(policy, number, kept)?;
        }
        Some(())
    }

    fn take_number(&mut self, policy: &Policy, number: u32, kept: NumberKept) -> Option<()> {
        let standing = standing_of(kept.standing)?;
        let place = usize::from(kept.namespace);
        let name = match kept.value {
            Some(value) => {
                let namespace = policy.namespaces().nth(place)?.name.clone();
                Some(Identifier { namespace, value })
            }
            None => None,
        };
        if let (Some(name), Standing::Alive | Standing::Nameless) = (&name, standing) {
            self.numbers.insert(name.clone(), number);
        }
        self.names.push(name);
        self.groups.nodes.push(Node {
            namespace: kept.namespace,
            standing,
            superseded: kept.superseded,
            beside: kept.beside,
            scarred: false,
            slot: kept.slot ^ number,
            next: tenure_of(kept.next ^ number)?,
            second: tenure_of(kept.second),
            last: tenure_of(kept.last),
        });
        self.groups.groups.push(Group {
            name: kept.name ^ number,
            n_tenures: kept.n_tenures,
            has: kept.has,
            vetoed: kept.vetoed,
        });
        self.clusters.links.push(Link {
            above: kept.above ^ number,
            next: kept.next_in_cluster ^ number,
            n_members: kept.n_members,
        });
        let when = Timestamp::from_millis(kept.last_when)?;
        let last = place_of(kept.last_claim).map(|place| Last { when, place });
        self.clusters.last.push(Packed::from(last));
        self.claims.heads.push(place_of(kept.newest_claim));
        Some(())
    }
}

fn standing_of(kept: u8) -> Option<Standing> {
    let all = [Standing::Alive, Standing::Nameless, Standing::Name, Standing::Dead];
    all.into_iter().find(|standing| *standing as u8 == kept)
}
