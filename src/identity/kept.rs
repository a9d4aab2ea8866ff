//! Identity as plain values, piece by piece, and back: what a checkpoint keeps.
//!
//! Everything is kept as it is and nothing derived again from the claims: what
//! a fold gave may depend on the policy that held when it was made.

use super::accept::Ahead;
use super::claims::{Claims, Kept as Claim};
use super::clusters::{ClaimPlace, Last, Link, Packed};
use super::forget::Scar;
use super::groups::{Group, Later, Node, Standing, Tenure};
use super::people::Identity;
use super::policy::Policy;
use crate::model::{EventId, Identifier, Text, Timestamp};
use crate::shelf::Column;
use foldhash::fast::FixedState;
use std::collections::{BTreeMap, HashSet};
use std::num::NonZeroU32;
use std::sync::Arc;

/// Numbers, claims or tenures in one piece: a small change rewrites few of them.
const PER_PIECE: usize = 1_024;

/// A piece of an identity. The pieces of one kind follow one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Numbers.
    Numbers(NumbersKept),
    /// Claims.
    Claims(ClaimsKept),
    /// Tenures that began with a hand-over.
    Tenures(TenuresKept),
    /// All else, which is little.
    Rest(RestKept),
}

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

/// Claims from one place on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimsKept {
    /// The first place.
    pub first: u32,
    /// Each in order.
    pub claims: Vec<ClaimKept>,
}

/// A claim.
#[allow(missing_docs, reason = "the names are those of the columns")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimKept {
    pub when: i64,
    pub id: [u8; 16],
    pub anchor: u32,
    pub before: u32,
    /// Whether it is the first of two personal identifiers.
    pub is_pair: bool,
}

/// Tenures from one place on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenuresKept {
    /// The first place.
    pub first: u32,
    /// Each in order.
    pub tenures: Vec<TenureKept>,
}

/// A tenure that began with a hand-over.
#[allow(missing_docs, reason = "the names are those of the columns")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenureKept {
    pub number: u32,
    pub slot: u32,
    pub from: i64,
    pub next: u32,
    pub after: u32,
    pub before: u32,
}

/// What is rare.
#[allow(missing_docs, reason = "the names are those of the fields")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestKept {
    pub now: i64,
    pub free: u32,
    pub vetoes: Vec<(u32, Vec<u32>)>,
    pub aliases: Vec<(u32, Vec<(i64, u32)>)>,
    pub ahead: Vec<CallKept>,
    pub scars: Vec<ScarKept>,
    pub quarantined: Vec<u32>,
}

/// A call that waits for its time.
#[allow(missing_docs, reason = "the names are those of the fields")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallKept {
    pub when: i64,
    pub id: u128,
    pub numbers: Vec<u32>,
    pub anchor: u32,
    pub previous: Vec<u32>,
}

/// What forgetting left on a number.
#[allow(missing_docs, reason = "the names are those of the fields")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScarKept {
    pub number: u32,
    pub masks: Vec<(i64, i64)>,
    pub name: Option<u32>,
    pub cuts: Vec<(i64, u32)>,
}

impl Identity {
    /// Hands over every piece. The pieces that nothing has changed since are equal to what
    /// they were.
    pub fn each_kept(&self, visit: &mut dyn FnMut(Kept)) {
        for places in parts(self.names.len()) {
            let (first, numbers) = (places.start as u32, places.map(|n| self.number_kept(n)));
            visit(Kept::Numbers(NumbersKept { first, numbers: numbers.collect() }));
        }
        let pairs: HashSet<ClaimPlace, FixedState> =
            self.claims.pairs.iter().map(|(_, place)| *place).collect();
        for places in parts(self.claims.kept.len()) {
            let first = places.start as u32;
            let kept = |n: usize| {
                let is_pair = pairs.contains(&ClaimPlace::new(n));
                claim_kept(self.claims.kept.get(n).expect("a claim lies at its place"), is_pair)
            };
            visit(Kept::Claims(ClaimsKept { first, claims: places.map(kept).collect() }));
        }
        for places in parts(self.groups.later.len()) {
            let first = places.start as u32;
            let later = |n| self.groups.later.get(n).expect("a tenure lies at its place");
            let tenures = places.map(|n| tenure_kept(later(n))).collect();
            visit(Kept::Tenures(TenuresKept { first, tenures }));
        }
        visit(Kept::Rest(self.rest_kept()));
    }

    fn number_kept(&self, number: usize) -> NumberKept {
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

    fn rest_kept(&self) -> RestKept {
        let mut vetoes: Vec<_> =
            self.groups.vetoes.iter().map(|(number, with)| (*number, with.clone())).collect();
        vetoes.sort();
        let mut aliases: Vec<_> = self
            .aliases
            .iter()
            .map(|(number, by)| (*number, by.iter().map(|(at, by)| (at.millis(), *by)).collect()))
            .collect();
        aliases.sort();
        let ahead = self.ahead.iter().map(|((when, id), call)| CallKept {
            when: when.millis(),
            id: id.0,
            numbers: call.numbers.clone(),
            anchor: call.anchor,
            previous: call.previous.clone(),
        });
        let mut scars: Vec<_> =
            self.scars.iter().map(|(number, scar)| scar_kept(*number, scar)).collect();
        scars.sort_by_key(|scar| scar.number);
        RestKept {
            now: self.now.millis(),
            free: bits(self.groups.free),
            vetoes,
            aliases,
            ahead: ahead.collect(),
            scars,
            quarantined: self.quarantined.iter().copied().collect(),
        }
    }

    /// The identity of these pieces, each kind in order; none if they are not whole.
    pub fn of_kept(policy: &Policy, pieces: impl IntoIterator<Item = Kept>) -> Option<Identity> {
        let mut identity = Identity::default();
        let mut pairs = Vec::new();
        let mut rest = None;
        for piece in pieces {
            match piece {
                Kept::Numbers(kept) => identity.take_numbers(policy, kept)?,
                Kept::Claims(kept) => take_claims(&mut identity.claims, kept, &mut pairs)?,
                Kept::Tenures(kept) => take_tenures(&mut identity.groups.later, kept)?,
                Kept::Rest(kept) => rest = Some(kept),
            }
        }
        identity.take_rest(rest?)?;
        identity.take_pairs(&pairs);
        Some(identity)
    }

    fn take_numbers(&mut self, policy: &Policy, kept: NumbersKept) -> Option<()> {
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

    fn take_rest(&mut self, kept: RestKept) -> Option<()> {
        self.now = Timestamp::from_millis(kept.now)?;
        self.groups.free = tenure_of(kept.free);
        for (number, with) in kept.vetoes {
            self.groups.vetoes.insert(number, with);
        }
        for (number, by) in kept.aliases {
            let by = by.into_iter().map(|(at, by)| Some((Timestamp::from_millis(at)?, by)));
            self.aliases.insert(number, by.collect::<Option<_>>()?);
        }
        let mut ahead = BTreeMap::new();
        for call in kept.ahead {
            let key = (Timestamp::from_millis(call.when)?, EventId(call.id));
            let (numbers, anchor, previous) = (call.numbers, call.anchor, call.previous);
            ahead.insert(key, Ahead { numbers, anchor, previous });
        }
        self.ahead = Arc::new(ahead);
        for scar in kept.scars {
            let (number, scar) = scar_of(scar)?;
            self.scars.insert(number, scar);
        }
        self.quarantined = kept.quarantined.into_iter().collect();
        Some(())
    }

    /// Which two a claim is of is known once the chains are there that lead to it.
    fn take_pairs(&mut self, is_pair: &[bool]) {
        for other in 0..self.claims.heads.len() as u32 {
            let own: Vec<_> = self.claims.on(other).collect();
            for (place, link) in own {
                if is_pair.get(place.get()).copied().unwrap_or(false) {
                    let pair = (link.anchor.min(other), link.anchor.max(other));
                    self.claims.pairs.insert(pair, place);
                }
            }
        }
    }
}

fn parts(len: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..len).step_by(PER_PIECE).map(move |first| first..len.min(first + PER_PIECE))
}

fn take_claims(claims: &mut Claims, kept: ClaimsKept, pairs: &mut Vec<bool>) -> Option<()> {
    if kept.first as usize != claims.kept.len() {
        return None;
    }
    for claim in kept.claims {
        let id = u128::from_be_bytes(claim.id);
        claims.kept.push(Claim {
            when: Timestamp::from_millis(claim.when)?,
            id: [(id >> 64) as u64, id as u64],
            anchor: claim.anchor,
            before: place_of(claim.before),
        });
        pairs.push(claim.is_pair);
    }
    Some(())
}

fn take_tenures(later: &mut Column<Later>, kept: TenuresKept) -> Option<()> {
    if kept.first as usize != later.len() {
        return None;
    }
    for tenure in kept.tenures {
        later.push(Later {
            number: tenure.number,
            slot: tenure.slot,
            from: Timestamp::from_millis(tenure.from)?,
            next: tenure_of(tenure.next)?,
            after: tenure_of(tenure.after),
            before: tenure_of(tenure.before)?,
        });
    }
    Some(())
}

fn claim_kept(claim: &Claim, is_pair: bool) -> ClaimKept {
    let id = (u128::from(claim.id[0]) << 64) | u128::from(claim.id[1]);
    ClaimKept {
        when: claim.when.millis(),
        id: id.to_be_bytes(),
        anchor: claim.anchor,
        before: claim.before.map_or(0, place_bits),
        is_pair,
    }
}

fn tenure_kept(later: &Later) -> TenureKept {
    TenureKept {
        number: later.number,
        slot: later.slot,
        from: later.from.millis(),
        next: later.next.0.get(),
        after: bits(later.after),
        before: later.before.0.get(),
    }
}

fn scar_kept(number: u32, scar: &Scar) -> ScarKept {
    let masks = scar.masks.iter().map(|(from, to)| (from.millis(), to.millis()));
    let cuts = scar.cuts.iter().map(|(at, name)| (at.millis(), *name));
    ScarKept { number, masks: masks.collect(), name: scar.name, cuts: cuts.collect() }
}

fn scar_of(kept: ScarKept) -> Option<(u32, Scar)> {
    let at = Timestamp::from_millis;
    let masks = kept.masks.into_iter().map(|(from, to)| Some((at(from)?, at(to)?)));
    let cuts = kept.cuts.into_iter().map(|(when, name)| Some((at(when)?, name)));
    let (masks, cuts) = (masks.collect::<Option<_>>()?, cuts.collect::<Option<_>>()?);
    Some((kept.number, Scar { masks, name: kept.name, cuts }))
}

fn standing_of(kept: u8) -> Option<Standing> {
    let all = [Standing::Alive, Standing::Nameless, Standing::Name, Standing::Dead];
    all.into_iter().find(|standing| *standing as u8 == kept)
}

fn tenure_of(bits: u32) -> Option<Tenure> {
    NonZeroU32::new(bits).map(Tenure)
}

fn bits(tenure: Option<Tenure>) -> u32 {
    tenure.map_or(0, |tenure| tenure.0.get())
}

fn place_of(bits: u32) -> Option<ClaimPlace> {
    bits.checked_sub(1).map(|place| ClaimPlace::new(place as usize))
}

fn place_bits(place: ClaimPlace) -> u32 {
    place.get() as u32 + 1
}
