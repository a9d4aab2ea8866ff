//! A small world that keeps every claim, so that the fold can be asked at any step.

use crate::identity::fold::{Claim, Groups, fold};
use crate::identity::{Identity, NOBODY, Named, PARTED, Policy, Regrouped, Stretch};
use crate::model::{EventId, Identifier, IdentifierNumber, Lsn, Ordinal, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

pub struct World {
    pub policy: Policy,
    pub identity: Identity,
    pub names: Vec<Identifier>,
    pub claims: Vec<Claim>,
    pub vetoes: BTreeSet<(IdentifierNumber, IdentifierNumber)>,
    pub now: Timestamp,
    n_facts: u64,
    held: Option<Regrouped>,
}

pub fn ms(ms: i64) -> Timestamp {
    Timestamp::from_millis(ms).unwrap()
}

impl World {
    pub fn new(policy: Policy) -> World {
        World {
            policy,
            identity: Identity::default(),
            names: Vec::new(),
            claims: Vec::new(),
            vetoes: BTreeSet::new(),
            now: ms(0),
            n_facts: 0,
            held: None,
        }
    }

    pub fn id(&self, text: &str) -> Identifier {
        self.policy.normalise(&text.parse().unwrap()).unwrap()
    }

    pub fn number(&mut self, identifier: &Identifier) -> IdentifierNumber {
        let known = self.names.iter().position(|name| name == identifier);
        IdentifierNumber(
            1 + known.unwrap_or_else(|| {
                self.names.push(identifier.clone());
                self.names.len() - 1
            }) as u32,
        )
    }

    /// A call that names these, the ids rising with each call.
    pub fn call(&mut self, when: i64, names: &[&str]) -> Regrouped {
        self.n_facts += 1;
        self.call_of(when, u128::from(self.n_facts), names, None)
    }

    pub fn alias(&mut self, when: i64, previous: &str, user: &str) -> Regrouped {
        self.n_facts += 1;
        let [user, before, anonymous] = [
            format!("user_id:{user}"),
            format!("user_id:{previous}"),
            format!("anonymous_id:{previous}"),
        ];
        self.call_of(when, u128::from(self.n_facts), &[&user, &before, &anonymous], Some(1))
    }

    pub fn call_of(
        &mut self,
        when: i64,
        id: u128,
        names: &[&str],
        previous: Option<usize>,
    ) -> Regrouped {
        let identifiers: Vec<Identifier> = names.iter().map(|name| self.id(name)).collect();
        let places = (0..identifiers.len()).filter(|place| Some(*place) != previous);
        let anchor = match previous {
            Some(_) => 0,
            None => {
                places.min_by(|a, b| self.policy.order(&identifiers[*a], &identifiers[*b])).unwrap()
            }
        };
        let numbers: Vec<IdentifierNumber> =
            identifiers.iter().map(|identifier| self.number(identifier)).collect();
        let others = numbers.iter().copied().filter(|number| *number != numbers[anchor]).collect();
        let (when, id) = (ms(when), EventId(id));
        self.claims.push(Claim {
            when,
            id,
            anchor: numbers[anchor],
            others,
            previous: previous.iter().map(|place| numbers[*place]).collect(),
            commanded: false,
        });
        let previous = previous.into_iter().collect();
        let named = Named { identifiers, anchor, previous };
        self.step(|world| {
            let (number, change) = world.identity.take(&world.policy, &named, when, id, world.now);
            assert_eq!(number, numbers[anchor]);
            change
        })
    }

    pub fn link(&mut self, a: &str, b: &str) -> Regrouped {
        self.n_facts += 1;
        let (anchor, other) = self.pair(a, b);
        let (lsn, when) = (Lsn(self.n_facts), self.now);
        self.vetoes.remove(&(anchor.min(other), anchor.max(other)));
        self.claims.push(Claim {
            when,
            id: EventId::of_place(lsn, 0),
            anchor,
            others: vec![other],
            previous: Vec::new(),
            commanded: true,
        });
        let (a, b) = (self.id(a), self.id(b));
        self.step(|world| world.identity.link(&world.policy, &a, &b, lsn, world.now))
    }

    pub fn unlink(&mut self, a: &str, b: &str) -> Regrouped {
        self.n_facts += 1;
        let (anchor, other) = self.pair(a, b);
        let lsn = Lsn(self.n_facts);
        self.vetoes.insert((anchor.min(other), anchor.max(other)));
        self.claims.retain(|claim| {
            !(claim.commanded && claim.anchor == anchor && claim.others == [other])
        });
        let (a, b) = (self.id(a), self.id(b));
        self.step(|world| world.identity.unlink(&world.policy, &a, &b, lsn, world.now))
    }

    pub fn advance(&mut self, now: i64) -> Regrouped {
        self.now = self.now.max(ms(now));
        self.step(|world| world.identity.advance(&world.policy, world.now))
    }

    fn pair(&mut self, a: &str, b: &str) -> (IdentifierNumber, IdentifierNumber) {
        let (a, b) = (self.id(a), self.id(b));
        let numbers = (self.number(&a), self.number(&b));
        if self.policy.order(&a, &b).is_lt() { numbers } else { (numbers.1, numbers.0) }
    }

    /// Does several things with late folds put off, and gives who regrouped by all of it.
    pub fn holding(&mut self, act: impl FnOnce(&mut World)) -> Regrouped {
        self.identity.hold();
        self.held = Some(Regrouped::default());
        act(self);
        let mut change = self.held.take().unwrap();
        change.then(self.identity.settle(&self.policy));
        change
    }

    /// Checks no longer, step by step, who is told to have regrouped.
    pub fn trust(&mut self) {
        self.held = Some(Regrouped::default());
    }

    /// Does something, and checks that what it says regrouped is all that did.
    fn step(&mut self, act: impl FnOnce(&mut World) -> Regrouped) -> Regrouped {
        if self.held.is_some() {
            let change = act(self);
            self.held.as_mut().unwrap().then(change.clone());
            return change;
        }
        let before = self.people();
        let change = act(self);
        let after = self.people();
        for (seat, people, told) in before
            .iter()
            .map(|(seat, own)| (*seat, (Some(own), after.get(seat)), &change.before))
            .chain(
                after
                    .iter()
                    .map(|(seat, own)| (*seat, (before.get(seat), Some(own)), &change.after)),
            )
        {
            let differs = people.0 != people.1;
            assert!(!differs || told.contains(&Ordinal(seat)), "{seat} changed untold: {change:?}");
        }
        assert!(change.before.iter().all(|seat| before.contains_key(&seat.0)), "{change:?}");
        assert!(change.after.iter().all(|seat| after.contains_key(&seat.0)), "{change:?}");
        change
    }

    pub fn people(&self) -> BTreeMap<u32, Vec<Stretch>> {
        people(&self.identity)
    }

    pub fn expected(&self, now: Timestamp) -> Groups {
        fold(&self.names, &self.claims, &self.vetoes, &self.policy, now)
    }

    pub fn check(&self, context: &str) {
        let expected = self.expected(self.now);
        agrees(&self.identity, &expected, context);
        // Told by a fold of a copy, so not looked at every time.
        if self.claims.len().is_multiple_of(4) {
            refuses(&self.identity, &self.policy, &expected, context);
        }
        assert_eq!(self.identity.next_number() as usize, self.names.len() + 1, "{context}");
    }

    pub fn owner(&self, name: &str, when: i64) -> Option<Ordinal> {
        self.identity.owner(self.identity.number(&self.id(name))?, ms(when))
    }

    pub fn same(&self, when: i64, a: &str, b: &str) -> bool {
        self.owner(a, when).is_some() && self.owner(a, when) == self.owner(b, when)
    }
}

pub fn people(identity: &Identity) -> BTreeMap<u32, Vec<Stretch>> {
    identity.seats().map(|seat| (seat.0, identity.stretches(seat))).collect()
}

/// Whose everything is, is what the fold says.
pub fn agrees(identity: &Identity, expected: &Groups, context: &str) {
    assert_eq!(people(identity), expected.people, "{context}");
    owns(identity, context);
    for (seat, own) in &expected.people {
        for stretch in own {
            let owner = |at| identity.owner(stretch.origin, at);
            assert_eq!(owner(stretch.from), Some(Ordinal(*seat)), "{context}");
            let last = stretch.to.map_or(Timestamp::MAX, |to| to.plus_ms(-1));
            assert_eq!(owner(last), Some(Ordinal(*seat)), "{context}");
        }
    }
}

/// What is kept ready of each number is what its tenures say.
pub fn owns(identity: &Identity, context: &str) {
    for number in 1..identity.next_number() {
        let holders = identity.holders(IdentifierNumber(number));
        match *identity.owners().get(number as usize).unwrap() {
            NOBODY => assert!(holders.is_empty(), "{number}, {context}"),
            PARTED => assert!(
                identity.groups.tenures(number).count() > 1 || identity.scars.get(number).is_some(),
                "{number}, {context}"
            ),
            seat => assert_eq!(holders, [Ordinal(seat)].into(), "{number}, {context}"),
        }
    }
}

/// What identity tells as refused is what the fold says.
pub fn refuses(identity: &Identity, policy: &Policy, expected: &Groups, context: &str) {
    let mut refused = BTreeMap::new();
    for one in identity.clusters.several().flat_map(|root| identity.refusals(policy, root)) {
        refused.entry((one.a.0.min(one.b.0), one.a.0.max(one.b.0))).or_insert(one.reason);
    }
    assert_eq!(refused, expected.refused, "{context}");
}
