//! What another policy would change, before it is declared.

use super::again::{Again, Fate};
use super::apply::namespace_of;
use super::deaths::Fact;
use super::{ApplyError, View};
use crate::model::{EventId, Identifier, Input, Lsn, Ordinal, Record, Timestamp};
use crate::query::catalog::DeclaredIdentifier;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Identity as it would be by another policy. All records that the view shows
/// are taken in once, in order, and after [`Foresight::end`] compared once.
pub struct Foresight {
    again: Again,
    lsn: Lsn,
    at: Timestamp,
    /// Whose visible calls are whose: who has them now, and who would.
    pairs: BTreeSet<(Ordinal, Ordinal)>,
    /// The counts of calls.
    tally: Foreseen,
}

/// What would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foreseen {
    /// Calls that were read.
    pub n_calls: u64,
    /// Those of them that carry such an identifier.
    pub n_named: u64,
    /// How many people there are, and how many there would be.
    pub n_people: (u64, u64),
    /// Who would be one person, under which number.
    pub joined: Vec<(Ordinal, Vec<Ordinal>)>,
    /// Who would be several, under which numbers.
    pub parted: Vec<(Ordinal, Vec<Ordinal>)>,
    /// Calls that would be nobody's and are somebody's.
    pub n_lost: u64,
    /// Calls that are nobody's and would be somebody's.
    pub n_found: u64,
}

impl View {
    /// Begins to look at what declaring a namespace of identifiers would change,
    /// and who would be whom at an instant.
    pub fn foresee(&self, declared: &DeclaredIdentifier, at: Timestamp) -> Foresight {
        let mut policy = self.policy.clone();
        Arc::make_mut(&mut policy).declare(namespace_of(declared.clone()));
        let (before, new) = (self.policy.clone(), (policy, declared.name.clone()));
        let mut again = Again::of(before, &self.identity_at(at), &self.ledger, new);
        again.keeps_rows = false;
        let (pairs, tally) = (BTreeSet::new(), Foreseen::default());
        Foresight { again, lsn: self.lsn, at, pairs, tally }
    }
}

impl Foresight {
    /// Takes a record in; gives whether more are to follow.
    ///
    /// # Errors
    /// If the record cannot be read: it was damaged.
    pub fn take(&mut self, record: Record) -> Result<bool, ApplyError> {
        if record.lsn > self.lsn {
            return Ok(false);
        }
        self.again.take(record).map(|()| true)
    }

    /// All records were taken in.
    pub fn end(&mut self) {
        let next = &mut self.again.next;
        next.identity.end_again(&next.policy, next.at.max(self.at));
        next.identity = next.identity.at(&next.policy, self.at);
        self.tally.n_calls = self.again.tally().n_calls;
        self.tally.n_named = self.again.tally().n_named;
    }

    /// Compares whose the calls of a record are; gives whether more are to follow.
    pub fn compare(&mut self, record: &Record) -> bool {
        if record.lsn > self.lsn {
            return false;
        }
        if let Input::Calls(calls) | Input::Bulk(calls) = &record.input {
            for (index, call) in calls.iter().enumerate() {
                let when = call.when.unwrap_or(record.at);
                if when > self.at {
                    continue;
                }
                let id = call.id.unwrap_or_else(|| EventId::of_place(record.lsn, index as u32));
                let fact = Fact { lsn: record.lsn, when };
                let named = self.again.named(call, fact);
                let after = named.and_then(|named| {
                    let identity = &self.again.next.identity;
                    identity.owner(identity.number(&named.identifiers[named.anchor])?, when)
                });
                self.note(&self.again.fate(call, id, fact), after);
            }
        }
        true
    }

    fn note(&mut self, before: &Fate, after: Option<Ordinal>) {
        match (before, after) {
            (Fate::Struck, _) => {}
            (Fate::Kept(_, before), Some(after)) => {
                self.pairs.insert((*before, after));
            }
            (Fate::Kept(_, before), None) => {
                self.pairs.insert((*before, NOBODY));
                self.tally.n_lost += 1;
            }
            (Fate::Nobody, Some(after)) => {
                self.pairs.insert((NOBODY, after));
                self.tally.n_found += 1;
            }
            (Fate::Nobody, None) => {}
        }
    }

    /// What would change.
    pub fn foreseen(&self) -> Foreseen {
        let (mut befores, mut afters) = (BTreeMap::new(), BTreeMap::new());
        for (before, after) in &self.pairs {
            add(&mut befores, *before, *after);
            add(&mut afters, *after, *before);
        }
        let n_people = (befores.len() as u64, afters.len() as u64);
        let several = |people: BTreeMap<Ordinal, Vec<Ordinal>>| {
            people.into_iter().filter(|(_, others)| others.len() > 1).collect()
        };
        let (parted, joined) = (several(befores), several(afters));
        Foreseen { n_people, parted, joined, ..self.tally.clone() }
    }

    /// The identifiers that a person would have, by birth.
    pub fn identifiers(&self, seat: Ordinal) -> Vec<Identifier> {
        let identity = &self.again.next.identity;
        let numbers = identity.identifiers(seat);
        numbers.iter().filter_map(|number| identity.identifier(*number).cloned()).collect()
    }
}

/// In the place of a person where there is none.
const NOBODY: Ordinal = Ordinal(0);

fn add(people: &mut BTreeMap<Ordinal, Vec<Ordinal>>, person: Ordinal, other: Ordinal) {
    if person == NOBODY {
        return;
    }
    let others = people.entry(person).or_default();
    if other != NOBODY {
        others.push(other);
    }
}
