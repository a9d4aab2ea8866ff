//! Which names of facts were forgotten, by the record that forgot them: what is
//! to be known when who is who is derived again from facts that the log still has.

use super::Ledger;
use super::kept::DeathsKept;
use crate::identity::{Named, Policy};
use crate::model::{EventId, Identifier, Lsn, Timestamp};
use std::collections::{BTreeSet, HashMap};

/// The ends of identifiers, and the facts that are nobody's for good.
#[derive(Clone, Default)]
pub(super) struct Deaths {
    /// By keyed hash: which record let it die, for facts dated up to which instant.
    pub(super) ends: HashMap<u128, Vec<(Lsn, Timestamp)>>,
    /// Calls that were forgotten with their person before the last derivation.
    pub(super) struck: BTreeSet<EventId>,
    /// The record at which identity was last derived again.
    pub(super) derived: Lsn,
}

/// A fact that was taken in once.
#[derive(Clone, Copy)]
pub(super) struct Fact {
    pub lsn: Lsn,
    pub when: Timestamp,
}

impl Ledger {
    /// Enters which identifiers died of a record.
    pub(super) fn bury(&mut self, dead: &[Identifier], lsn: Lsn, upto: Timestamp) {
        for identifier in dead {
            let hash = self.hash(identifier);
            self.deaths.ends.entry(hash).or_default().push((lsn, upto));
        }
    }

    /// Whether an identifier that a fact named has died since, by a record up to `by`.
    pub(super) fn has_died(&self, identifier: &Identifier, fact: Fact, by: Lsn) -> bool {
        if self.deaths.ends.is_empty() {
            return false;
        }
        let ends = self.deaths.ends.get(&self.hash(identifier));
        let is_end =
            |(lsn, upto): &(Lsn, Timestamp)| fact.lsn < *lsn && *lsn <= by && fact.when <= *upto;
        ends.into_iter().flatten().any(is_end)
    }

    /// Whether a record let an identifier die.
    pub(super) fn died_of(&self, identifier: &Identifier, lsn: Lsn) -> bool {
        let ends = self.deaths.ends.get(&self.hash(identifier));
        ends.into_iter().flatten().any(|(by, _)| *by == lsn)
    }

    /// What is left of the names of a fact after all records up to `by`.
    pub(super) fn left_of(
        &self,
        policy: &Policy,
        named: Named,
        fact: Fact,
        by: Lsn,
    ) -> Option<Named> {
        if self.deaths.ends.is_empty() {
            return Some(named);
        }
        named.without(policy, |identifier| self.has_died(identifier, fact, by))
    }
}

impl Deaths {
    /// The deaths as plain values.
    pub(super) fn kept(&self) -> DeathsKept {
        let ends = self
            .ends
            .iter()
            .flat_map(|(hash, ends)| ends.iter().map(|(lsn, upto)| (*hash, lsn.0, upto.millis())));
        let mut ends: Vec<_> = ends.collect();
        ends.sort_unstable();
        let struck = self.struck.iter().map(|id| id.0).collect();
        DeathsKept { ends, struck, derived: self.derived.0 }
    }

    /// The deaths of plain values.
    pub(super) fn of_kept(kept: DeathsKept) -> Option<Deaths> {
        let mut deaths = Deaths { derived: Lsn(kept.derived), ..Deaths::default() };
        deaths.struck = kept.struck.into_iter().map(EventId).collect();
        for (hash, lsn, upto) in kept.ends {
            let end = (Lsn(lsn), Timestamp::from_millis(upto)?);
            deaths.ends.entry(hash).or_default().push(end);
        }
        Some(deaths)
    }
}
