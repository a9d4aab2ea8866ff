//! A place to read from: the state at one commit, kept while the writer goes on.

use super::columns::Columns;
use super::{Ledger, State, ToldKept};
use crate::identity::{Identity, Policy, Refusal, Stretch};
use crate::index::Seats;
use crate::model::{Identifier, IdentifierNumber, Lsn, Ordinal, Text, Timestamp};
use crate::query::Reference;
use crate::query::catalog::Catalog;
use crate::timeline::{Pages, Timeline};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

/// The state as of one record. A clone shares it.
#[derive(Clone)]
pub struct View(Arc<Shown>);

/// What a view shows.
#[derive(Clone)]
pub struct Shown {
    pub(super) lsn: Lsn,
    pub(super) at: Timestamp,
    pub(super) policy: Arc<Policy>,
    pub(super) identity: Identity,
    pub(super) timeline: Timeline,
    pub(super) catalog: Catalog,
    pub(super) alive: Seats,
    pub(super) segments: BTreeMap<Text, Seats>,
    pub(super) pages: Arc<dyn Pages>,
    pub(super) ledger: Arc<Ledger>,
    pub(super) told: Arc<Vec<ToldKept>>,
    /// When something changes by itself next.
    pub(super) due: Option<Timestamp>,
    /// When a fact takes effect next.
    pub(super) facts_due: Option<Timestamp>,
    /// What is known of everybody, and the view's number there.
    pub(super) columns: Columns,
    pub(super) stamp: u64,
    /// Rows received later are not shown.
    pub(super) known: Option<Timestamp>,
}

impl State {
    /// A view of the state as it is now, reading sealed rows through `pages`.
    pub fn view(&self, pages: Arc<dyn Pages>) -> View {
        let names = self.catalog.audiences().map(|audience| audience.name.clone());
        let segments = names
            .filter_map(|name| Some((name.clone(), self.live.as_ref()?.members(&name)?.clone())))
            .collect();
        View::of(Shown {
            lsn: self.lsn,
            at: self.at,
            policy: self.policy.clone(),
            identity: self.identity.clone(),
            timeline: self.timeline.clone(),
            catalog: self.catalog.clone(),
            alive: self.alive.seats().clone(),
            segments,
            pages,
            ledger: self.ledger.clone(),
            told: self.told.clone(),
            due: self.due(),
            facts_due: self.next_fact(),
            columns: self.columns.clone(),
            stamp: self.columns.show(),
            known: None,
        })
    }
}

impl Deref for View {
    type Target = Shown;

    fn deref(&self) -> &Shown {
        &self.0
    }
}

impl View {
    pub(super) fn of(shown: Shown) -> View {
        View(Arc::new(shown))
    }

    /// The number of the last record that it shows.
    pub fn lsn(&self) -> Lsn {
        self.lsn
    }

    /// The commit time of that record.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Up to which instant everything that changes by itself has been announced,
    /// at a time on the clock.
    pub fn told_until(&self, now: Timestamp) -> Timestamp {
        let due = self.due.map_or(now, |due| due.plus_ms(-1));
        self.at.max(now.min(due))
    }

    /// What names are known.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// How calls name people.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Everyone who exists.
    pub fn alive(&self) -> &Seats {
        &self.alive
    }

    /// Who is in an audience; none if it is not kept here.
    pub fn members(&self, audience: &str) -> Option<&Seats> {
        self.segments.get(audience)
    }

    /// The rows.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Where sealed rows are read from.
    pub fn pages(&self) -> &dyn Pages {
        &*self.pages
    }

    /// Who is who at another instant: claims dated after it are not known.
    pub fn identity_at(&self, now: Timestamp) -> Cow<'_, Identity> {
        match self.keeps_groups_until(now) {
            true => Cow::Borrowed(&self.identity),
            false => Cow::Owned(self.identity.at(&self.policy, now)),
        }
    }

    /// The seat that a reference names at the instant of the view.
    pub fn seat(&self, reference: &Reference) -> Option<Ordinal> {
        self.seat_of(&self.identity, reference)
    }

    /// The identifiers of a person, by birth.
    pub fn identifiers(&self, seat: Ordinal) -> Vec<Identifier> {
        let numbers = self.identity.identifiers(seat);
        numbers.iter().filter_map(|number| self.identity.identifier(*number).cloned()).collect()
    }

    /// The links of a person that were refused, and why.
    pub fn refused(&self, seat: Ordinal) -> Vec<Refusal> {
        self.identity.refused(&self.policy, seat)
    }

    /// What a record that forgets the person says: hashes of the personal
    /// identifiers, and stretches of the carriers up to `upto`.
    pub fn hashes_of(
        &self,
        seat: Ordinal,
        upto: Timestamp,
    ) -> (Vec<u128>, Vec<(u128, Timestamp, Timestamp)>) {
        let (mut personal, mut tenures) = (Vec::new(), Vec::new());
        for Stretch { origin, from, to } in self.identity.stretches(seat) {
            let Some(identifier) = self.identity.identifier(origin) else { continue };
            let hash = self.ledger.hash(identifier);
            if self.policy.names_persons(&identifier.namespace) {
                personal.push(hash);
            } else {
                let end = upto.plus_ms(1);
                tenures.push((hash, from, to.map_or(end, |to| to.min(end))));
            }
        }
        (personal, tenures)
    }

    /// The keyed hash by which a record that forgets names an identifier.
    pub fn hash(&self, identifier: &Identifier) -> u128 {
        self.ledger.hash(identifier)
    }

    /// How many people hold or held an identifier; a personal one has one holder.
    pub fn n_holders(&self, identifier: &Identifier) -> usize {
        let number = self.identity.number(identifier);
        number.map_or(0, |number| self.identity.holders(number).len())
    }

    /// The name of an identifier by its birth number.
    pub fn identifier(&self, number: IdentifierNumber) -> Option<&Identifier> {
        self.identity.identifier(number)
    }
}
