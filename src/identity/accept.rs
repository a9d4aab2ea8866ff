//! Claims taken in one after another: in order by one step, late by a fold of their cluster.

use super::claims::{Link, Note};
use super::clusters::Last;
use super::groups::{Standing, Step};
use super::people::Identity;
use super::policy::Policy;
use super::refolds::Why;
use super::{Named, Regrouped};
use crate::model::{EventId, Identifier, IdentifierNumber, Lsn, Ordinal, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a call names, by number.
#[derive(Clone, Debug)]
pub(super) struct Ahead {
    pub(super) numbers: Vec<u32>,
    pub(super) anchor: u32,
    pub(super) previous: Vec<u32>,
}

impl Identity {
    /// Takes in whom an accepted call names. Gives the number of its anchor and
    /// who regrouped.
    pub fn take(
        &mut self,
        policy: &Policy,
        named: &Named,
        when: Timestamp,
        id: EventId,
        now: Timestamp,
    ) -> (IdentifierNumber, Regrouped) {
        let mut change = self.advance(policy, now);
        // The most frequent calls of all need no list: of one name, of a person and a carrier.
        if let ([one], true) = (&*named.identifiers, when <= self.now) {
            return (IdentifierNumber(self.born(policy, one, &mut change)), change);
        }
        if let ([a, b], []) = (&*named.identifiers, &*named.previous)
            && when <= self.now
        {
            let numbers = [a, b].map(|identifier| self.born(policy, identifier, &mut change));
            let (anchor, other) = (numbers[named.anchor], numbers[1 - named.anchor]);
            let link = Link { when, id, anchor, other, commanded: false };
            change.then(self.accept(policy, &[link], None));
            return (IdentifierNumber(anchor), change);
        }
        let identifiers = named.identifiers.iter();
        let numbers: Vec<u32> =
            identifiers.map(|identifier| self.born(policy, identifier, &mut change)).collect();
        let anchor = numbers[named.anchor];
        if numbers.len() > 1 || when > self.now {
            let previous = named.previous.iter().map(|place| numbers[*place]).collect();
            let call = Ahead { numbers, anchor, previous };
            if when > self.now {
                Arc::make_mut(&mut self.ahead).insert((when, id), call);
            } else {
                change.then(self.claim(policy, &call, when, id));
            }
        }
        (IdentifierNumber(anchor), change)
    }

    /// Joins two identifiers by hand, from now on, and lifts a veto between them.
    pub fn link(
        &mut self,
        policy: &Policy,
        a: &Identifier,
        b: &Identifier,
        lsn: Lsn,
        now: Timestamp,
    ) -> Regrouped {
        let mut change = self.advance(policy, now);
        let Some((anchor, other)) = self.pair(policy, a, b, &mut change) else { return change };
        let lifted = self.veto(anchor, other, false).then_some(Why::Link);
        let (when, id) = (self.now, EventId::of_place(lsn, 0));
        let link = Link { when, id, anchor, other, commanded: true };
        change.then(self.accept(policy, &[link], lifted));
        change
    }

    /// Keeps two identifiers apart, from the beginning of time, until they are linked again.
    pub fn unlink(
        &mut self,
        policy: &Policy,
        a: &Identifier,
        b: &Identifier,
        _lsn: Lsn,
        now: Timestamp,
    ) -> Regrouped {
        let mut change = self.advance(policy, now);
        let Some((anchor, other)) = self.pair(policy, a, b, &mut change) else { return change };
        self.veto(anchor, other, true);
        self.claims.retain(other, |link| !(link.commanded && link.anchor == anchor));
        if self.clusters.root(anchor) == self.clusters.root(other) {
            change.then(self.refold_or_hold(policy, anchor, Why::Unlink));
        }
        change
    }

    /// Puts the folds that late claims need off until [`Identity::settle`], so
    /// that a commit folds each cluster once. Until then who is who may be
    /// stale in clusters with a late claim.
    ///
    /// ```
    /// use throng::identity::{Identity, Policy};
    /// use throng::model::{Body, Call, EventId, Object, Timestamp};
    /// let (policy, mut identity) = (Policy::standard(), Identity::default());
    /// let [early, late] = [1, 2].map(|ms| Timestamp::from_millis(ms).unwrap());
    /// identity.hold();
    /// for (id, when, user) in [(1, late, "ada"), (2, early, "bob")] {
    ///     let mut call = Call::new("tv", Body::Page { properties: Object::default() });
    ///     (call.user_id, call.anonymous_id) = (Some(user.into()), Some("tv".into()));
    ///     identity.take(&policy, &policy.named(&call).unwrap(), when, EventId(id), late);
    /// }
    /// let regrouped = identity.settle(&policy);
    /// assert_eq!(regrouped.after.len(), 2);
    /// ```
    pub fn hold(&mut self) {
        self.held.get_or_insert_default();
    }

    /// Folds what was put off since [`Identity::hold`], and says who regrouped by it.
    pub fn settle(&mut self, policy: &Policy) -> Regrouped {
        let mut change = Regrouped::default();
        let held = self.held.take().unwrap_or_default();
        let roots = held.into_iter().map(|(number, why)| (self.clusters.root(number), why));
        for (root, why) in roots.collect::<BTreeMap<u32, Why>>() {
            change.then(self.refold(policy, root, why));
        }
        change
    }

    fn refold_or_hold(&mut self, policy: &Policy, number: u32, why: Why) -> Regrouped {
        match &mut self.held {
            Some(held) => {
                held.entry(self.clusters.root(number)).or_insert(why);
                Regrouped::default()
            }
            None => self.refold(policy, number, why),
        }
    }

    /// Lets time pass: future-dated calls that have come due are taken in.
    pub fn advance(&mut self, policy: &Policy, now: Timestamp) -> Regrouped {
        self.now = self.now.max(now);
        let mut change = Regrouped::default();
        while self.due().is_some_and(|due| due <= self.now) {
            let first = Arc::make_mut(&mut self.ahead).pop_first();
            let ((when, id), call) = first.expect("something is due");
            change.then(self.claim(policy, &call, when, id));
        }
        change
    }

    /// When the next future-dated call takes effect.
    pub fn due(&self) -> Option<Timestamp> {
        self.ahead.first_key_value().map(|((when, _), _)| *when)
    }

    /// The number of an identifier, which is born where it has none.
    fn born(&mut self, policy: &Policy, identifier: &Identifier, change: &mut Regrouped) -> u32 {
        if let Some(number) = self.birth(identifier) {
            return number;
        }
        let place = policy.place(&identifier.namespace).unwrap_or_default();
        let number = self.admit(policy, identifier, place, Standing::Alive);
        self.bear(identifier, number);
        change.then(Regrouped::born(number));
        number
    }

    /// The next number, for an identifier or for a name beside it.
    pub(super) fn admit(
        &mut self,
        policy: &Policy,
        identifier: &Identifier,
        place: usize,
        standing: Standing,
    ) -> u32 {
        let number = self.next_number();
        *self.names.grown(number as usize, || None) = Some(identifier.clone());
        self.groups.admit(number, place, standing, policy);
        self.clusters.admit(number);
        number
    }

    /// Two identifiers of a command by number, the anchor first; none if they
    /// are one, or if the policy knows either as nobody's.
    fn pair(
        &mut self,
        policy: &Policy,
        a: &Identifier,
        b: &Identifier,
        change: &mut Regrouped,
    ) -> Option<(u32, u32)> {
        let (a, b) = (policy.normalise(a)?, policy.normalise(b)?);
        if a == b {
            return None;
        }
        let numbers = [&a, &b].map(|identifier| self.born(policy, identifier, change));
        let [a_number, b_number] = numbers;
        let in_order = policy.order(&a, &b).is_lt();
        Some(if in_order { (a_number, b_number) } else { (b_number, a_number) })
    }

    /// Takes in the links of one call, and whom it supersedes.
    fn claim(&mut self, policy: &Policy, call: &Ahead, when: Timestamp, id: EventId) -> Regrouped {
        let (mut change, mut superseded) = (Regrouped::default(), false);
        for previous in &call.previous {
            self.note_alias(*previous, when, call.anchor);
            superseded |= self.supersede(policy, *previous, &mut change);
        }
        let anchor = call.anchor;
        let others = call.numbers.iter().copied().filter(|number| *number != anchor);
        let mut links: Vec<Link> =
            others.map(|other| Link { when, id, anchor, other, commanded: false }).collect();
        if links.len() > 1 {
            links.sort_by(|a, b| self.order(policy, a.other, b.other));
        }
        let again = superseded.then_some(Why::Alias);
        change.then(self.accept(policy, &links, again));
        change
    }

    /// Links of one claim, in their order; `again` says why the cluster must be folded anyway.
    fn accept(&mut self, policy: &Policy, links: &[Link], mut again: Option<Why>) -> Regrouped {
        let Some(first) = links.first() else { return Regrouped::default() };
        let anchor = first.anchor;
        let late = self.comes_late(first, links);
        let mut change = Regrouped::default();
        for link in links {
            let inside = late && self.is_inside(policy, link);
            if self.note(policy, link) == Note::Known {
                continue;
            }
            if late && !inside {
                again.get_or_insert(Why::Late);
            }
            if !late && again.is_none() {
                change.then(regrouped(self.groups.step(
                    link.anchor,
                    link.other,
                    link.when,
                    policy,
                )));
            }
        }
        if let Some(why) = again {
            change.then(self.refold_or_hold(policy, anchor, why));
        }
        change
    }

    /// Whether something that was taken in already comes after this claim.
    fn comes_late(&self, first: &Link, links: &[Link]) -> bool {
        let named = links.iter().map(|link| link.other).chain([first.anchor]);
        named.map(|number| self.clusters.root(number)).any(|root| {
            self.clusters.last(root).is_some_and(|last| {
                last.when > first.when
                    || (last.when == first.when && self.claims.key(last.place) >= first.key())
            }) || self.scars.cut_after(first.when, || self.clusters.members(root))
        })
    }

    /// Whether a late claim changes nothing, since the claim on the carrier just
    /// before it is the same person's, or, where there is none, the one just after.
    ///
    /// Before: nobody took the carrier over in between, and what could not be
    /// joined then cannot be joined by now, since groups only grow. A call that
    /// came under the carrier may have handed it over and hangs on somebody else.
    /// After: the carrier stood alone until then and joined, so it joins earlier;
    /// and a plain carrier decides nothing about what its group does meanwhile.
    fn is_inside(&self, policy: &Policy, link: &Link) -> bool {
        let personal = |number| policy.is_personal(self.groups.namespace(number));
        if !personal(link.anchor) || personal(link.other) || self.scars.get(link.other).is_some() {
            return false;
        }
        let (mut before, mut after): (Option<Link>, Option<Link>) = (None, None);
        for (_, claim) in self.claims.on(link.other).filter(|(_, claim)| personal(claim.anchor)) {
            let side = if claim.key() < link.key() { &mut before } else { &mut after };
            let is_before = claim.key() < link.key();
            if side.is_none_or(|known| (known.key() < claim.key()) == is_before) {
                *side = Some(claim);
            }
        }
        match (before, after) {
            (Some(before), _) => {
                before.anchor == link.anchor
                    && !self.groups.may_pass(link.other, before.when, link.when)
            }
            (None, Some(after)) => {
                let same = after.anchor == link.anchor && !after.commanded;
                same && self.groups.is_plain(link.other, policy)
            }
            (None, None) => false,
        }
    }

    /// Keeps a link if it may ever matter, and unites the clusters of its ends.
    fn note(&mut self, policy: &Policy, link: &Link) -> Note {
        let personal = |number| policy.is_personal(self.groups.namespace(number));
        let is_pair = !link.commanded && personal(link.anchor) && personal(link.other);
        if !personal(link.anchor) {
            self.groups.note_beside(link.anchor, link.other);
        }
        let note = match is_pair {
            true => self.claims.note_pair(link),
            false => Note::Kept(self.claims.keep(link)),
        };
        let Note::Kept(place) = note else { return note };
        let key = |last: Last| (last.when, self.claims.key(last.place));
        let later = |a: Last, b: Last| if a.when > b.when || key(a) >= key(b) { a } else { b };
        let root = self.clusters.unite(link.anchor, link.other, later);
        let own = Last { when: link.when, place };
        let last = self.clusters.last(root).map_or(own, |last| later(own, last));
        self.clusters.set_last(root, Some(last));
        note
    }

    fn note_alias(&mut self, previous: u32, when: Timestamp, anchor: u32) {
        let aliases = self.aliases.entry(previous, Vec::new);
        match aliases.iter_mut().find(|alias| alias.1 == anchor) {
            Some(alias) => alias.0 = alias.0.min(when),
            None => aliases.push((when, anchor)),
        }
    }

    /// Marks a user id as superseded; whether others must be folded again for it.
    fn supersede(&mut self, policy: &Policy, number: u32, change: &mut Regrouped) -> bool {
        if self.groups.is_superseded(number) {
            return false;
        }
        self.groups.supersede(number, true);
        let seat = Ordinal(self.groups.name(self.groups.current_slot(number)));
        change.then(Regrouped::new(vec![seat], vec![seat]));
        if self.clusters.is_alone(number) {
            self.groups.reset(number, policy);
            return false;
        }
        true
    }

    /// Puts or lifts the veto between two identifiers; whether that changed anything.
    fn veto(&mut self, a: u32, b: u32, stands: bool) -> bool {
        let had = self.groups.vetoes.get(&a).is_some_and(|partners| partners.contains(&b));
        if had == stands {
            return false;
        }
        for (number, partner) in [(a, b), (b, a)] {
            let partners = self.groups.vetoes.entry(number, Vec::new);
            if stands {
                partners.push(partner)
            } else {
                partners.retain(|other| *other != partner)
            }
            self.groups.note_veto(number);
        }
        true
    }

    pub(super) fn order(&self, policy: &Policy, a: u32, b: u32) -> std::cmp::Ordering {
        let rank = |number| policy.rank_of(self.groups.namespace(number));
        let value = |number: u32| self.identifier(IdentifierNumber(number)).map(|i| &i.value);
        rank(a).cmp(&rank(b)).then_with(|| value(a).cmp(&value(b)))
    }
}

fn regrouped(step: Step) -> Regrouped {
    match step {
        Step::Nothing | Step::Refused(_) => Regrouped::default(),
        Step::Joined(a, b) => Regrouped::joined(a, b),
        Step::HandedOver(from, to) => {
            let seats = vec![Ordinal(from), Ordinal(to)];
            Regrouped::new(seats.clone(), seats)
        }
    }
}
