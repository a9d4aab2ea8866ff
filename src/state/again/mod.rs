//! Who is who, derived again from every fact under another policy.
//!
//! A call is taken in as if it came now: it names whom the new policy says, and
//! lies under that anchor. What was forgotten stays forgotten, and numbers that
//! identifiers have they keep.

mod fate;
mod hold;

pub(super) use fate::Fate;

use super::admit::event_of;
use super::deaths::Fact;
use super::{ApplyError, Ledger, State};
use crate::identity::{Identity, Named, Policy};
use crate::index::Seats;
use crate::model::{
    Call, Event, EventId, Identifier, IdentifierNumber, Input, Lsn, Record, Text, Timestamp,
};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// Identity being derived again. Every record before the one that declared the
/// policy is to be taken in, in order; then [`State::become_again`] makes it hold.
pub struct Again {
    /// What is derived: nobody sees it until it holds.
    pub(super) next: State,
    /// How names were read so far, and who was who.
    policy: Arc<Policy>,
    identity: Identity,
    /// People who lose rows, and origins under which rows come to lie.
    losers: Seats,
    origins: Seats,
    tally: Tally,
    /// The namespace that was declared.
    namespace: Text,
    /// Events that are forgotten by this derivation, and what the catalog learnt of them.
    pub(super) forgets: BTreeSet<EventId>,
    pub(super) forgotten: Vec<Event>,
    /// Whether rows are made of the calls.
    pub(super) keeps_rows: bool,
}

/// What a derivation has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls that were read.
    pub n_calls: u64,
    /// Those of them that carry an identifier of the namespace that was declared.
    pub n_named: u64,
    /// Those of them that are nobody's, and were somebody's.
    pub n_lost: u64,
    /// Those of them that were nobody's, and are somebody's.
    pub n_found: u64,
}

/// Births are counted from one.
const NO_IDENTIFIER: IdentifierNumber = IdentifierNumber(0);

impl Again {
    /// Begins to derive identity again, by the policy that the state has now.
    /// `before` is the one by which it was derived.
    pub(super) fn begin(state: &State, before: Arc<Policy>, namespace: Text) -> Again {
        let policy = state.policy.clone();
        let mut again = Again::of(before, &state.identity, &state.ledger, (policy, namespace));
        again.next.timeline = state.timeline.successor();
        again
    }

    pub(super) fn of(
        before: Arc<Policy>,
        identity: &Identity,
        ledger: &Arc<Ledger>,
        (policy, namespace): (Arc<Policy>, Text),
    ) -> Again {
        let mut next = State::new(0);
        next.policy = policy;
        next.identity = identity.begin_again(&next.policy);
        next.ledger = ledger.clone();
        next.identity.hold();
        Again {
            next,
            policy: before,
            identity: identity.clone(),
            losers: Seats::default(),
            origins: Seats::default(),
            tally: Tally::default(),
            namespace,
            forgets: BTreeSet::new(),
            forgotten: Vec::new(),
            keeps_rows: true,
        }
    }

    /// The state that is derived, so that its rows can be sealed on the way.
    pub fn state_mut(&mut self) -> &mut State {
        &mut self.next
    }

    /// How many events it forgets.
    pub fn n_forgotten(&self) -> u64 {
        self.forgets.len() as u64
    }

    /// What it has come to so far.
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Takes a record in that was applied once.
    ///
    /// # Errors
    /// If the record cannot be read: it was damaged.
    pub fn take(&mut self, record: Record) -> Result<(), ApplyError> {
        let kind = record.input.kind();
        (self.next.lsn, self.next.at) = (record.lsn, record.at);
        match record.input {
            Input::Calls(calls) | Input::Bulk(calls) => {
                for (index, call) in calls.into_iter().enumerate() {
                    self.call(index as u32, call);
                }
            }
            Input::Link(a, b) => self.join(kind, [&a, &b], true)?,
            Input::Unlink(a, b) => self.join(kind, [&a, &b], false)?,
            _ => {}
        }
        Ok(())
    }

    fn call(&mut self, index: u32, call: Call) {
        let (lsn, now) = (self.next.lsn, self.next.at);
        let id = call.id.unwrap_or_else(|| EventId::of_place(lsn, index));
        let fact = Fact { lsn, when: call.when.unwrap_or(now) };
        let fate = self.fate(&call, id, fact);
        self.tally.n_calls += 1;
        let origin = match fate {
            Fate::Struck => {
                self.strike(&call, id, fact);
                Arc::make_mut(&mut self.next.ledger).deaths.struck.insert(id);
                None
            }
            Fate::Kept(..) | Fate::Nobody => {
                let origin = self.named(&call, fact).map(|named| {
                    let mut namespaces = named.identifiers.iter().map(|name| &name.namespace);
                    self.tally.n_named += u64::from(namespaces.any(|it| *it == self.namespace));
                    self.next.identity.take(&self.next.policy, &named, fact.when, id, now).0
                });
                self.compare(&fate, origin);
                origin
            }
        };
        if self.keeps_rows {
            self.keep(call, origin, id, fact.when);
        }
    }

    /// An event that this derivation forgets was somebody's until now.
    fn strike(&mut self, call: &Call, id: EventId, fact: Fact) {
        if !self.forgets.contains(&id) {
            return;
        }
        let named = self.policy.named(call).ok();
        let anchor = named.map(|named| named.identifiers[named.anchor].clone());
        let owner = anchor
            .and_then(|anchor| self.identity.number(&anchor))
            .and_then(|origin| self.identity.owner(origin, fact.when));
        if let Some(owner) = owner {
            self.losers.insert(owner);
        }
        let at = self.next.at;
        self.forgotten.push(event_of(call.clone(), NO_IDENTIFIER, id, fact.when, at));
    }

    /// A call that is nobody's is kept under no identifier: its id stays known.
    fn keep(&mut self, call: Call, origin: Option<IdentifierNumber>, id: EventId, when: Timestamp) {
        let State { at, alive, timeline, .. } = &mut self.next;
        if let Some(origin) = origin {
            alive.note(None, origin, when, *at);
        }
        timeline.append(event_of(call, origin.unwrap_or(NO_IDENTIFIER), id, when, *at));
    }

    /// Whom a call names by the new policy, of those who were not forgotten.
    pub(super) fn named(&self, call: &Call, fact: Fact) -> Option<Named> {
        let State { policy, ledger, .. } = &self.next;
        ledger.left_of(policy, policy.named(call).ok()?, fact, Lsn(u64::MAX))
    }

    fn join(&mut self, kind: &'static str, names: [&str; 2], link: bool) -> Result<(), ApplyError> {
        let State { policy, identity, ledger, lsn, at, .. } = &mut self.next;
        let [a, b] = names.map(|name| name.parse::<Identifier>());
        let wrong = |error: crate::model::IdentifierError| ApplyError::Record {
            kind,
            reason: error.to_string(),
        };
        let (a, b) = (a.map_err(wrong)?, b.map_err(wrong)?);
        let fact = Fact { lsn: *lsn, when: *at };
        let has_died = |name: &Identifier| {
            policy.normalise(name).is_some_and(|name| ledger.has_died(&name, fact, Lsn(u64::MAX)))
        };
        if has_died(&a) || has_died(&b) {
            return Ok(());
        }
        match link {
            true => identity.link(policy, &a, &b, *lsn, *at),
            false => identity.unlink(policy, &a, &b, *lsn, *at),
        };
        Ok(())
    }
}

impl fmt::Debug for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Again").field("lsn", &self.next.lsn).finish_non_exhaustive()
    }
}
