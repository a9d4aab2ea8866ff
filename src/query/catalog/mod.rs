//! What is known by name: by facts that mention it, by declarations, by definitions.
//!
//! It does not know people or how many of them fulfil anything.

mod becoming;
mod change;
mod currency;
mod declare;
mod define;
mod definition;
mod equal;
mod experiment;
mod facts;
mod kept;
mod list;
mod list_past;
mod memory;
mod model;
mod model_file;
mod names;
mod patterns;
mod pause;
mod program;
mod rename;
mod shape;
#[cfg(test)]
mod tests;

pub use becoming::{Act, Becoming, Step};
pub(in crate::query) use change::Key;
pub use currency::Currency;
pub(in crate::query) use declare::zone as zone_named;
pub use define::Defined;
pub use definition::{
    AudienceEntry, ConditionEntry, DeclaredIdentifier, Definition, ExperimentEntry, ListEntry,
    ModelEntry, Size, TraitEntry, Uses,
};
pub use facts::{EventFacts, Facts, Use};
pub use kept::{FactsKept, FieldKept, Lists, ShapeKept, UseKept};
pub use list::ListKept;
pub(in crate::query) use model_file::ModelFile;
pub use program::Wrong;
pub(crate) use program::follows;
pub use shape::{EXAMPLES_MAX, KINDS, PATHS_PER_SHAPE_MAX, Seen, Shape};

use crate::model::{Decimal, Event, Zone};
use crate::query::Parties;
use crate::query::predicate::Audience;
use definition::Definitions;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Every name of a workspace. A clone shares everything until one side changes.
///
/// ```
/// use throng::model::{Body, Event, EventId, IdentifierNumber, Object, Timestamp};
/// use throng::query::catalog::Catalog;
///
/// let mut catalog = Catalog::default();
/// let properties = Object::new(vec![("total".into(), 12.into())]).unwrap();
/// catalog.note(&Event {
///     when: Timestamp::EPOCH,
///     received: Timestamp::EPOCH,
///     ord: 0,
///     id: EventId(1),
///     origin: IdentifierNumber(1),
///     source: "shop".into(),
///     channel: None,
///     body: Body::Track { event: "order".into(), properties },
///     context: Object::default(),
/// });
/// assert_eq!(catalog.events(), [("order".into(), 1)]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    facts: Arc<Facts>,
    definitions: Arc<Definitions>,
    /// Definitions that a program has still to say; see [`Catalog::define_all`].
    awaited: BTreeSet<Key>,
}

impl Catalog {
    /// Notes the names in an accepted call.
    pub fn note(&mut self, event: &Event) {
        Arc::make_mut(&mut self.facts).note(event);
    }

    /// Drops every example that this call gave: its person is forgotten. Names
    /// and counts stay, for they are nobody's.
    pub fn forget(&mut self, event: &Event) {
        Arc::make_mut(&mut self.facts).forget(event);
    }

    /// Whether definitions are still those of another catalog, none changed since.
    pub fn is_defined_as(&self, other: &Catalog) -> bool {
        Arc::ptr_eq(&self.definitions, &other.definitions)
    }

    /// What facts have shown.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// An audience that stands, by its name.
    pub fn audience(&self, name: &str) -> Option<&Arc<Audience>> {
        let entry = self.definitions.audiences.get(name).filter(|entry| entry.stands);
        entry.map(|entry| &entry.audience)
    }

    /// Every audience that stands, by name. One with a parameter that has no
    /// default stands only where it is used.
    pub fn audiences(&self) -> impl Iterator<Item = &Arc<Audience>> {
        let standing = self.definitions.audiences.values().filter(|entry| entry.stands);
        standing.map(|entry| &entry.audience)
    }

    /// Whether an audience is kept answered by itself.
    pub(in crate::query) fn stands(&self, name: &str) -> bool {
        self.definitions.audiences.get(name).is_some_and(|entry| entry.stands)
    }

    /// An audience with its text and its history.
    pub fn audience_entry(&self, name: &str) -> Option<&AudienceEntry> {
        self.definitions.audiences.get(name)
    }

    /// Every audience with its text and its history, by name.
    pub fn audience_entries(&self) -> impl Iterator<Item = &AudienceEntry> {
        self.definitions.audiences.values()
    }

    /// A trait by its name.
    pub fn trait_named(&self, name: &str) -> Option<&TraitEntry> {
        self.definitions.traits.get(name)
    }

    /// Every trait, by name.
    pub fn traits(&self) -> impl Iterator<Item = &TraitEntry> {
        self.definitions.traits.values()
    }

    /// A condition by its name.
    pub fn condition(&self, name: &str) -> Option<&ConditionEntry> {
        self.definitions.conditions.get(name)
    }

    /// Every condition, by name.
    pub fn conditions(&self) -> impl Iterator<Item = &ConditionEntry> {
        self.definitions.conditions.values()
    }

    /// A list by its name.
    pub fn list(&self, name: &str) -> Option<&ListEntry> {
        self.definitions.lists.get(name)
    }

    /// Every list, by name.
    pub fn value_lists(&self) -> impl Iterator<Item = &ListEntry> {
        self.definitions.lists.values()
    }

    /// An experiment by its name.
    pub fn experiment(&self, name: &str) -> Option<&ExperimentEntry> {
        self.definitions.experiments.get(name)
    }

    /// Every experiment, by name.
    pub fn experiments(&self) -> impl Iterator<Item = &ExperimentEntry> {
        self.definitions.experiments.values()
    }

    /// The share that audiences hold out under a name.
    pub fn holdout(&self, name: &str) -> Option<Decimal> {
        let mut held = self.definitions.audiences.values().flat_map(|entry| &entry.holdouts);
        held.find(|(known, _)| **known == *name).map(|(_, share)| *share)
    }

    /// Which sources are third parties.
    pub fn parties(&self) -> &Parties {
        &self.definitions.parties
    }

    /// Where local days begin unless a definition says otherwise.
    pub fn zone(&self) -> &Zone {
        &self.definitions.zone
    }

    /// The day on which weeks begin, Monday being 1.
    pub fn first_day(&self) -> u8 {
        self.definitions.first_day
    }

    /// The declared namespaces of identifiers, by name.
    pub fn identifiers(&self) -> impl Iterator<Item = &DeclaredIdentifier> {
        self.definitions.identifiers.values()
    }
}
