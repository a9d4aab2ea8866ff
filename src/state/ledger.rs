//! Who was forgotten: by keyed hash only, so that the ledger names nobody.

use super::deaths::Deaths;
use super::kept::LedgerKept;
use crate::identity::Policy;
use crate::model::{Identifier, Lsn, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The forgotten identifiers, as the log's `forget` records say them.
#[derive(Clone)]
pub struct Ledger {
    secret: u128,
    personal: HashMap<u128, Forgotten>,
    tenures: HashMap<u128, Vec<Tenure>>,
    pub(super) deaths: Deaths,
}

/// Until when facts are refused, and whether for good.
#[derive(Clone, Copy)]
struct Forgotten {
    upto: Timestamp,
    suppress: bool,
}

/// A stretch of an identifier that was forgotten, and the record that says so.
#[derive(Clone, Copy)]
struct Tenure {
    from: Timestamp,
    to: Timestamp,
    suppress: bool,
    lsn: Lsn,
}

impl Tenure {
    fn has(&self, when: Timestamp) -> bool {
        self.from <= when && when < self.to
    }
}

impl Forgotten {
    fn refuses(self, when: Timestamp) -> bool {
        self.suppress || when <= self.upto
    }
}

impl Ledger {
    /// An empty ledger whose hashes are keyed with `secret`.
    pub fn new(secret: u128) -> Ledger {
        let (personal, tenures) = (HashMap::new(), HashMap::new());
        Ledger { secret, personal, tenures, deaths: Deaths::default() }
    }

    /// Whether nobody was forgotten.
    pub fn is_empty(&self) -> bool {
        self.personal.is_empty() && self.tenures.is_empty()
    }

    /// The keyed hash of an identifier: the first 128 bits of SHA-256 of the
    /// secret, the namespace, 0x1F and the value.
    pub fn hash(&self, identifier: &Identifier) -> u128 {
        let sum = Sha256::new()
            .chain_update(self.secret.to_be_bytes())
            .chain_update(&*identifier.namespace)
            .chain_update([0x1F])
            .chain_update(&*identifier.value)
            .finalize();
        sum[..16].iter().fold(0, |bits, byte| (bits << 8) | u128::from(*byte))
    }

    /// Enters what one `forget` record says, at its commit time.
    pub fn enter(
        &mut self,
        personal: &[u128],
        tenures: &[(u128, Timestamp, Timestamp)],
        suppress: bool,
        (upto, lsn): (Timestamp, Lsn),
    ) {
        let entry = Forgotten { upto, suppress };
        for hash in personal {
            let old = self.personal.entry(*hash).or_insert(entry);
            let (upto, suppress) = (old.upto.max(upto), old.suppress || suppress);
            *old = Forgotten { upto, suppress };
        }
        for (hash, from, to) in tenures {
            let tenure = Tenure { from: *from, to: *to, suppress: entry.suppress, lsn };
            self.tenures.entry(*hash).or_default().push(tenure);
        }
    }

    /// Whether a fact that names these identifiers, dated `when`, is refused.
    pub fn refuses(&self, policy: &Policy, named: &[Identifier], when: Timestamp) -> bool {
        if self.is_empty() {
            return false;
        }
        let hashes = named.iter().map(|it| (self.hash(it), policy.names_persons(&it.namespace)));
        let hashes: Vec<(u128, bool)> = hashes.collect();
        // Whoever was forgotten as a person stays so, whatever the identifier names today.
        let as_person = |hash: &u128| self.personal.get(hash).is_some_and(|it| it.refuses(when));
        if hashes.iter().any(|(hash, _)| as_person(hash)) {
            return true;
        }
        // A fact of a known person does not fall into the tenure of another.
        let (fallen, clear): (Vec<_>, Vec<_>) =
            hashes.into_iter().partition(|(hash, _)| self.falls_into_tenure(*hash, when));
        !fallen.is_empty() && !clear.into_iter().any(|(_, is_person)| is_person)
    }

    /// Whether somebody was forgotten after an instant.
    pub(super) fn forgets_after(&self, at: Timestamp) -> bool {
        self.deaths.ends.values().flatten().any(|(_, upto)| *upto > at)
    }

    fn falls_into_tenure(&self, hash: u128, when: Timestamp) -> bool {
        let tenures = self.tenures.get(&hash).into_iter().flatten();
        tenures.into_iter().any(|it| it.has(when) || (it.suppress && it.from <= when))
    }

    /// Whether a record after `after` forgot who held an identifier at `when`.
    pub(super) fn tenure_has_ended(&self, it: &Identifier, when: Timestamp, after: Lsn) -> bool {
        let tenures = self.tenures.get(&self.hash(it)).into_iter().flatten();
        tenures.into_iter().any(|it| it.lsn > after && it.has(when))
    }

    /// The ledger as plain values.
    pub(super) fn kept(&self) -> LedgerKept {
        let personal = self.personal.iter();
        let mut personal: Vec<_> =
            personal.map(|(hash, entry)| (*hash, entry.upto.millis(), entry.suppress)).collect();
        personal.sort_unstable();
        let mut tenures: Vec<_> = Vec::new();
        for (hash, stretches) in &self.tenures {
            tenures.extend(stretches.iter().map(|Tenure { from, to, suppress, lsn }| {
                (*hash, from.millis(), to.millis(), *suppress, lsn.0)
            }));
        }
        tenures.sort_unstable();
        LedgerKept { personal, tenures, deaths: self.deaths.kept() }
    }

    /// The ledger of plain values.
    pub(super) fn of_kept(secret: u128, kept: LedgerKept) -> Option<Ledger> {
        let mut ledger = Ledger::new(secret);
        let at = Timestamp::from_millis;
        for (hash, upto, suppress) in kept.personal {
            ledger.personal.insert(hash, Forgotten { upto: at(upto)?, suppress });
        }
        for (hash, from, to, suppress, lsn) in kept.tenures {
            let tenure = Tenure { from: at(from)?, to: at(to)?, suppress, lsn: Lsn(lsn) };
            ledger.tenures.entry(hash).or_default().push(tenure);
        }
        ledger.deaths = Deaths::of_kept(kept.deaths)?;
        Some(ledger)
    }
}
