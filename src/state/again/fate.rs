//! Whose a call was until now, and whether that has changed.

use super::super::deaths::Fact;
use super::Again;
use crate::identity::Identity;
use crate::model::{Call, EventId, IdentifierNumber, Lsn, Ordinal};
use std::collections::BTreeSet;

/// What became of a call so far.
pub(in crate::state) enum Fate {
    /// It was forgotten with its person.
    Struck,
    /// It lies under that origin, and is that person's.
    Kept(IdentifierNumber, Ordinal),
    /// It named nobody.
    Nobody,
}

impl Again {
    /// Whose a call was until now.
    pub(in crate::state) fn fate(&self, call: &Call, id: EventId, fact: Fact) -> Fate {
        let ledger = &self.next.ledger;
        if ledger.deaths.struck.contains(&id) {
            return Fate::Struck;
        }
        let derived = ledger.deaths.derived;
        let named = self.policy.named(call).ok();
        let named = named.and_then(|it| ledger.left_of(&self.policy, it, fact, derived));
        let Some(named) = named else { return Fate::Nobody };
        let anchor = &named.identifiers[named.anchor];
        if ledger.has_died(anchor, fact, Lsn(u64::MAX)) {
            return Fate::Struck;
        }
        let owned = self
            .identity
            .number(anchor)
            .and_then(|origin| Some(Fate::Kept(origin, self.identity.owner(origin, fact.when)?)));
        // What came in after somebody was forgotten may lie in that tenure by
        // this policy, and be somebody's by another.
        let since = fact.lsn.max(derived);
        let forgotten = || ledger.tenure_has_ended(anchor, fact.when, since);
        owned.unwrap_or_else(|| if forgotten() { Fate::Struck } else { Fate::Nobody })
    }

    /// Notes whose rows are not what they were.
    pub(super) fn compare(&mut self, fate: &Fate, origin: Option<IdentifierNumber>) {
        let before = match fate {
            Fate::Kept(before, owner) => Some((*before, *owner)),
            Fate::Struck | Fate::Nobody => None,
        };
        if before.map(|(before, _)| before) == origin {
            return;
        }
        self.tally.n_lost += u64::from(origin.is_none());
        self.tally.n_found += u64::from(before.is_none());
        if let Some((_, owner)) = before {
            self.losers.insert(owner);
        }
        if let Some(origin) = origin {
            self.origins.insert(Ordinal(origin.0));
        }
    }

    /// Everybody about whom something is different.
    pub(super) fn moved(&self, identity: &Identity) -> BTreeSet<Ordinal> {
        let (old, new) = (&self.identity, identity);
        let numbers = (1..new.next_number()).map(Ordinal);
        let differs = |seat: &Ordinal| {
            old.stretches(*seat) != new.stretches(*seat)
                || old.identifiers(*seat) != new.identifiers(*seat)
                || old.user_id(*seat) != new.user_id(*seat)
        };
        let mut moved: BTreeSet<Ordinal> = numbers.filter(differs).collect();
        moved.extend(self.losers.iter());
        for origin in self.origins.iter() {
            moved.extend(new.holders(IdentifierNumber(origin.0)));
        }
        moved
    }
}
