//! Forgetting a person: numbers die, stretches belong to nobody, what others keep gets a new name.

use super::claims::Link;
use super::groups::{Standing, Tenure};
use super::people::Identity;
use super::policy::Policy;
use super::refold::difference;
use super::refolds::Why;
use super::scars::{Scar, ending};
use super::{Regrouped, Stretch};
use crate::model::{EventId, Identifier, IdentifierNumber, Ordinal, Timestamp};
use std::collections::BTreeSet;

/// What was forgotten: for the reply, and for the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Forgotten {
    /// The identifiers of the person, those too that others held before or after.
    pub identifiers: Vec<(IdentifierNumber, Identifier)>,
    /// What belonged to the person, each stretch ending at the latest right
    /// after the instant of forgetting.
    pub stretches: Vec<Stretch>,
    /// Identifiers of that person alone: what facts up to then said of them is gone.
    pub dead: Vec<Identifier>,
    /// Who regrouped.
    pub regrouped: Regrouped,
}

impl Identity {
    /// Forgets the person in a seat, up to an instant and including it: the
    /// commit's, since what is dated later is kept and begins a new person.
    ///
    /// Identifiers of that person alone lose their numbers and are born again
    /// when they come back. Those that go on (a carrier that others held too,
    /// an identifier of which a future-dated call is known) keep their number,
    /// under which their rows lie, but no longer give their name to anybody.
    pub fn forget(&mut self, policy: &Policy, seat: Ordinal, upto: Timestamp) -> Forgotten {
        let mut regrouped = self.settle(policy);
        let Some(slot) = self.slot(seat) else {
            return Forgotten { regrouped, ..Forgotten::default() };
        };
        let end = upto.plus_ms(1);
        let mut members = self.clusters.members(seat.0);
        let before = self.seated(&members);
        let identifiers = self.identifiers(seat);
        let named = identifiers.iter().filter_map(|n| Some((*n, self.identifier(*n)?.clone())));
        let mut forgotten = Forgotten {
            identifiers: named.collect(),
            stretches: self.stretches(seat).into_iter().filter_map(|s| ending(s, end)).collect(),
            ..Forgotten::default()
        };
        let own: BTreeSet<u32> = identifiers.iter().map(|number| number.0).collect();
        let unbound = self.drop_facts(&members, &own, slot, upto);
        let dead = unbound.iter().filter_map(|n| self.identifier(IdentifierNumber(*n)).cloned());
        forgotten.dead = dead.collect();
        for tenure in self.groups.ring(slot) {
            let number = self.groups.number(tenure);
            if self.groups.standing(number) == Standing::Name {
                self.groups.stand(number, Standing::Dead);
            }
        }
        let wounds: Vec<Wound> = own.iter().map(|n| self.wound(*n, slot, end)).collect();
        for (number, wound) in own.iter().zip(wounds) {
            members.extend(self.strike(policy, *number, wound, end));
        }
        self.refold_parts(policy, &members, Why::Forget);
        regrouped.then(difference(&before, &self.seated(&members)));
        forgotten.regrouped = regrouped;
        forgotten
    }

    /// Takes away claims, aliases and vetoes that are the person's, or that name
    /// an identifier of the person alone; gives those.
    fn drop_facts(
        &mut self,
        members: &[u32],
        own: &BTreeSet<u32>,
        slot: u32,
        upto: Timestamp,
    ) -> BTreeSet<u32> {
        let groups = &self.groups;
        let is_own = |tenure: Tenure| groups.slot(tenure) == slot;
        let alone = |number: &u32| groups.tenures(*number).all(is_own);
        let unbound: BTreeSet<u32> = own.iter().copied().filter(alone).collect();
        let is_gone = |anchor: u32, other: u32, when: Timestamp| {
            let anchored = own.contains(&anchor) && is_own(groups.tenure_at(anchor, when));
            when <= upto && (anchored || unbound.contains(&other))
        };
        for member in members {
            self.claims.retain(*member, |link| !is_gone(link.anchor, link.other, link.when));
            if let Some(aliases) = self.aliases.get_mut(member) {
                aliases.retain(|(when, anchor)| !is_gone(*anchor, *member, *when));
            }
        }
        unbound.iter().for_each(|number| self.groups.unbind(*number));
        unbound
    }

    /// How forgetting strikes one identifier of the person in a slot.
    fn wound(&self, number: u32, slot: u32, end: Timestamp) -> Wound {
        let is_own = |tenure: &Tenure| self.groups.slot(*tenure) == slot;
        let tenures: Vec<Tenure> = self.groups.tenures(number).collect();
        let own = tenures.iter().filter(|tenure| is_own(tenure));
        let masks = own.filter_map(|tenure| ending(self.stretch(*tenure), end));
        let ahead = self.ahead.values().any(|call| call.numbers.contains(&number));
        Wound {
            masks: masks.filter_map(|stretch| Some((stretch.from, stretch.to?))).collect(),
            whole: tenures.iter().all(is_own),
            first: tenures.first().is_some_and(is_own),
            last: tenures.last().is_some_and(is_own),
            ahead,
        }
    }

    /// Lets a number die, or scars it. Gives the names that were born for it.
    fn strike(&mut self, policy: &Policy, number: u32, wound: Wound, end: Timestamp) -> Vec<u32> {
        let place = self.groups.namespace(number);
        let name = self.names.get(number as usize).expect("an identifier has a name");
        let Some(identifier) = name.clone() else { return Vec::new() };
        if wound.whole && !wound.ahead {
            self.unbear(&identifier, number);
            *self.names.get_mut(number as usize).expect("an identifier has a name") = None;
            self.aliases.remove(&number);
            self.scars.remove(number);
            self.groups.stand(number, Standing::Dead);
            return Vec::new();
        }
        let mut scar: Scar = self.scars.get(number).cloned().unwrap_or_default();
        let mut born = Vec::new();
        let mut fresh = |identity: &mut Identity| {
            born.push(identity.admit(policy, &identifier, place, Standing::Name));
            born.last().copied()
        };
        scar.masks.extend(wound.masks);
        scar.cuts.retain(|(_, name)| self.groups.standing(*name) == Standing::Name);
        if wound.first {
            self.groups.stand(number, Standing::Nameless);
            scar.name = fresh(self);
        }
        if wound.last && !wound.whole {
            scar.cuts.extend(fresh(self).map(|name| (end, name)));
        }
        self.scars.insert(number, scar);
        self.groups.scar(number);
        born
    }

    /// Builds the clusters of these numbers again from what is left, and folds each.
    pub(super) fn refold_parts(&mut self, policy: &Policy, members: &[u32], why: Why) {
        self.clusters.part(members);
        for member in members {
            self.groups.supersede(*member, self.has_alias(*member));
            let anchors: Vec<u32> = self.claims.on(*member).map(|(_, link)| link.anchor).collect();
            let scar = self.scars.get(*member).cloned().unwrap_or_default();
            let names = scar.name.into_iter().chain(scar.cuts.iter().map(|(_, name)| *name));
            for other in anchors.into_iter().chain(names) {
                self.clusters.unite(*member, other, |last, _| last);
            }
        }
        self.quarantined.retain(|known| !members.contains(known));
        let roots: BTreeSet<u32> =
            members.iter().map(|member| self.clusters.root(*member)).collect();
        for root in roots {
            self.refolds.note(why);
            self.fold_cluster(policy, &self.clusters.members(root), &mut |_, _, _| {});
        }
    }

    /// Gives the first tenures whose names were forgotten their new ones.
    pub(super) fn rename(&mut self, members: &[u32]) {
        if self.scars.is_empty() {
            return;
        }
        for member in members {
            if let Some(name) = self.scars.get(*member).and_then(|scar| scar.name) {
                self.groups.join(*member, name);
            }
        }
    }

    /// Where carriers of a cluster begin anew with nobody, as links from a name.
    pub(super) fn cuts(&self, members: &[u32]) -> Vec<Link> {
        if self.scars.is_empty() {
            return Vec::new();
        }
        let scarred = members.iter().filter_map(|member| Some((*member, self.scars.get(*member)?)));
        let cuts = scarred.flat_map(|(other, scar)| {
            scar.cuts.iter().map(move |(when, anchor)| (*when, *anchor, other))
        });
        cuts.map(|(when, anchor, other)| Link {
            when,
            id: EventId(0),
            anchor,
            other,
            commanded: true,
        })
        .collect()
    }
}

struct Wound {
    masks: Vec<(Timestamp, Timestamp)>,
    /// Whether the person alone held it.
    whole: bool,
    first: bool,
    last: bool,
    /// Whether a call that names it is known and not yet visible.
    ahead: bool,
}
