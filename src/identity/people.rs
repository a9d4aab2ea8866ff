//! Identity: who is who now, kept while claims come in, in whatever order.

use super::births::Births;
use super::claims::Claims;
use super::clusters::Clusters;
use super::fold::together;
use super::groups::{Groups, NOBODY, PARTED, Standing, Tenure};
use super::policy::{Policy, place};
use super::refolds::{Refolds, Why};
use super::scars::Scars;
use super::{Named, Reason, accept::Ahead};
use crate::model::limits::CLAIMS_PER_CLUSTER_MAX;
use crate::model::{EventId, Identifier, IdentifierNumber, Ordinal, Timestamp};
use crate::shelf::{Column, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::sync::Arc;

/// Identifiers that are read ahead at once.
const READ_AHEAD: usize = 32;

/// The groups of identifiers that all claims make, at one instant.
///
/// It agrees with [`fold`](super::fold::fold) after every step. A clone shares
/// everything and costs a few thousand pointers.
///
/// ```
/// use throng::identity::{Identity, Policy};
/// use throng::model::{Body, Call, EventId, Object, Timestamp};
/// let (policy, mut identity) = (Policy::standard(), Identity::default());
/// let now = Timestamp::EPOCH;
/// let mut call = Call::new("web", Body::Page { properties: Object::default() });
/// call.anonymous_id = Some("a-1".into());
/// let (visit, _) = identity.take(&policy, &policy.named(&call).unwrap(), now, EventId(1), now);
/// call.user_id = Some("u-1".into());
/// let (login, _) = identity.take(&policy, &policy.named(&call).unwrap(), now, EventId(2), now);
/// assert_eq!(identity.owner(visit, now), identity.owner(login, now));
/// ```
#[derive(Clone, Debug)]
pub struct Identity {
    pub(super) births: Births,
    pub(super) names: Column<Option<Identifier>>,
    pub(super) groups: Groups,
    pub(super) clusters: Clusters,
    pub(super) claims: Claims,
    /// By superseded user id: when and by whom.
    pub(super) aliases: Table<u32, Vec<(Timestamp, u32)>>,
    /// Future-dated calls, waiting for their time.
    pub(super) ahead: Arc<BTreeMap<(Timestamp, EventId), Ahead>>,
    pub(super) scars: Scars,
    pub(super) quarantined: BTreeSet<u32>,
    /// Clusters to be folded again and why, while such folds are put off.
    pub(super) held: Option<BTreeMap<u32, Why>>,
    pub(super) refolds: Refolds,
    pub(super) now: Timestamp,
    /// The instant shown, where it lies before the claims that were taken in.
    pub(super) hindsight: Option<Timestamp>,
    pub(super) claims_max: usize,
}

/// A part of an identifier's time line: from `from` on, and before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stretch {
    /// The identifier, under whose number its rows lie.
    pub origin: IdentifierNumber,
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after it, if it ends.
    pub to: Option<Timestamp>,
}

/// A link that was refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// The identifier on the side of the person who was asked about.
    pub own: IdentifierNumber,
    /// The identifier on the other side.
    pub other: IdentifierNumber,
    /// Whose that is.
    pub person: Ordinal,
    /// Why.
    pub reason: Reason,
}

/// A cluster with more claims than are folded again at once: late claims, new
/// vetoes and aliases are kept in it, and have no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// An identifier in it.
    pub identifier: IdentifierNumber,
    /// How many claims it has.
    pub n_claims: usize,
    /// How many are folded again at most.
    pub limit: usize,
}

impl Default for Identity {
    fn default() -> Identity {
        Identity {
            births: Births::default(),
            names: Column::default(),
            groups: Groups::default(),
            clusters: Clusters::default(),
            claims: Claims::default(),
            aliases: Table::default(),
            ahead: Arc::default(),
            scars: Scars::default(),
            quarantined: BTreeSet::new(),
            held: None,
            refolds: Refolds::default(),
            now: Timestamp::MIN,
            hindsight: None,
            claims_max: CLAIMS_PER_CLUSTER_MAX,
        }
    }
}

impl Identity {
    /// The birth number of an identifier, normalised as the policy says.
    pub fn number(&self, identifier: &Identifier) -> Option<IdentifierNumber> {
        self.birth(identifier).map(IdentifierNumber)
    }

    /// Brings near in memory what taking these names in will read. It changes
    /// nothing but how long that takes.
    pub fn read_ahead(&self, named: &[Named]) {
        let mut numbers = [0; READ_AHEAD];
        let identifiers = named.iter().flat_map(|named| &named.identifiers);
        for (number, identifier) in numbers.iter_mut().zip(identifiers) {
            *number = self.birth(identifier).unwrap_or(0);
        }
        let slots = numbers.map(|number| self.groups.slot_ahead(number));
        let roots = numbers.map(|number| self.clusters.root_ahead(number));
        let names = slots.map(|slot| self.groups.name_ahead(slot));
        let lasts = roots.map(|root| self.clusters.last_ahead(root));
        black_box((names, lasts));
    }

    /// The identifier of a birth number, unless it was forgotten.
    pub fn identifier(&self, number: IdentifierNumber) -> Option<&Identifier> {
        self.names.get(number.0 as usize)?.as_ref()
    }

    /// The number that the next new identifier gets.
    pub fn next_number(&self) -> u32 {
        self.groups.len().max(1) as u32
    }

    /// Whose the rows under an origin are at an instant; nobody's where forgotten.
    pub fn owner(&self, origin: IdentifierNumber, when: Timestamp) -> Option<Ordinal> {
        match self.groups.owners().get(origin.0 as usize).copied().unwrap_or(NOBODY) {
            NOBODY => return None,
            PARTED => {}
            seat => return Some(Ordinal(seat)),
        }
        if self.scars.masks(origin.0, when) {
            return None;
        }
        let tenure = self.groups.tenure_at(origin.0, when);
        Some(self.person(tenure))
    }

    /// Who holds or held an identifier.
    pub fn holders(&self, number: IdentifierNumber) -> BTreeSet<Ordinal> {
        if !self.is_identifier(number.0) {
            return BTreeSet::new();
        }
        self.groups.tenures(number.0).map(|tenure| self.person(tenure)).collect()
    }

    /// By origin, whose the rows under it are: a seat, [`NOBODY`], or [`PARTED`]
    /// where that depends on their time, because it was handed on or forgotten.
    pub fn owners(&self) -> &Column<u32> {
        self.groups.owners()
    }

    /// What belongs to a person, in order; nothing if there is none in that seat.
    pub fn stretches(&self, seat: Ordinal) -> Vec<Stretch> {
        let own = self.tenures(seat).into_iter().map(|tenure| self.stretch(tenure));
        together(own.flat_map(|stretch| self.scars.unmasked(stretch)).collect())
    }

    /// A person's identifiers in the order of birth.
    pub fn identifiers(&self, seat: Ordinal) -> Vec<IdentifierNumber> {
        let tenures = self.tenures(seat);
        let numbers =
            tenures.into_iter().map(|tenure| IdentifierNumber(self.groups.number(tenure)));
        numbers.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// A person's user id: the first born that is not superseded, else the first born.
    pub fn user_id(&self, seat: Ordinal) -> Option<IdentifierNumber> {
        let is_user_id = |id: &IdentifierNumber| self.groups.namespace(id.0) == place::USER_ID;
        let user_ids = self.identifiers(seat).into_iter().filter(is_user_id);
        user_ids.min_by_key(|id| (self.groups.is_superseded(id.0), *id))
    }

    /// The links between a person and others that were refused, each with its
    /// first reason, in the order of the identifiers.
    pub fn refused(&self, policy: &Policy, seat: Ordinal) -> Vec<Refusal> {
        let mut refusals = BTreeMap::new();
        if self.slot(seat).is_none() {
            return Vec::new();
        }
        for Refused { a, b, reason } in self.refusals(policy, seat.0) {
            for (own, (other, person)) in [(a, b), (b, a)] {
                if own.1 == seat && person != seat {
                    let refusal = Refusal { own: own.0, other, person, reason: reason.clone() };
                    refusals.entry((own.0, other)).or_insert(refusal);
                }
            }
        }
        refusals.into_values().collect()
    }

    /// Every seat that somebody is in.
    pub fn seats(&self) -> impl Iterator<Item = Ordinal> + '_ {
        (1..self.next_number()).map(Ordinal).filter(|seat| self.slot(*seat).is_some())
    }

    /// Whose an identifier is; of a carrier, who holds it last.
    pub fn resolve(&self, identifier: &Identifier) -> Option<Ordinal> {
        let number = self.number(identifier)?.0;
        Some(self.person(self.groups.current(number)))
    }

    /// The clusters in which late claims have no effect any more.
    pub fn quarantined(&self) -> impl Iterator<Item = Quarantined> + '_ {
        self.quarantined.iter().map(|number| Quarantined {
            identifier: IdentifierNumber(*number),
            n_claims: self.claims.n_on(&self.clusters.members(*number)),
            limit: self.claims_max,
        })
    }

    /// How often clusters were folded again since the opening.
    pub fn refolds(&self) -> Refolds {
        self.refolds
    }

    pub(super) fn person(&self, tenure: Tenure) -> Ordinal {
        Ordinal(self.groups.name(self.groups.slot(tenure)))
    }

    /// The slot of the group whose name is this seat's.
    pub(super) fn slot(&self, seat: Ordinal) -> Option<u32> {
        let names = matches!(self.groups.standing(seat.0), Standing::Alive | Standing::Name);
        let slot = names.then(|| self.groups.slot(Tenure::first(seat.0)))?;
        (self.groups.name(slot) == seat.0).then_some(slot)
    }

    /// The tenures of a person, names without an identifier left out.
    fn tenures(&self, seat: Ordinal) -> Vec<Tenure> {
        let ring = self.slot(seat).map(|slot| self.groups.ring(slot)).unwrap_or_default();
        ring.into_iter().filter(|tenure| self.is_identifier(self.groups.number(*tenure))).collect()
    }

    pub(super) fn is_identifier(&self, number: u32) -> bool {
        matches!(self.groups.standing(number), Standing::Alive | Standing::Nameless)
    }

    pub(super) fn stretch(&self, tenure: Tenure) -> Stretch {
        Stretch {
            origin: IdentifierNumber(self.groups.number(tenure)),
            from: self.groups.from(tenure),
            to: self.groups.to(tenure),
        }
    }
}

/// A refused link, with the seats that its two sides are in now.
pub(super) struct Refused {
    pub(super) a: (IdentifierNumber, Ordinal),
    pub(super) b: (IdentifierNumber, Ordinal),
    pub(super) reason: Reason,
}
