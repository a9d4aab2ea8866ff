//! What is known by name: by facts that mention it, by declarations, by definitions.
//!
//! It does not know people or how many of them fulfil anything.

mod change;
mod declare;
mod define;
mod definition;
mod facts;
mod kept;
mod memory;
mod model;
mod model_file;
mod names;
mod patterns;
mod shape;
#[cfg(test)]
mod tests;

pub(in crate::query) use declare::zone as zone_named;
pub use define::Defined;
pub use definition::{
    AudienceEntry, DeclaredIdentifier, Definition, ModelEntry, Size, TraitEntry, Uses,
};
pub use facts::{EventFacts, Facts, Use};
pub use kept::{FactsKept, FieldKept, Lists, ShapeKept, UseKept};
pub(in crate::query) use model_file::ModelFile;
pub use shape::{EXAMPLES_MAX, KINDS, PATHS_PER_SHAPE_MAX, Seen, Shape};

use crate::model::{Event, Zone};
use crate::query::Parties;
use crate::query::predicate::Audience;
use definition::Definitions;
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

    /// What facts have shown.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// An audience by its name.
    pub fn audience(&self, name: &str) -> Option<&Arc<Audience>> {
        self.definitions.audiences.get(name).map(|entry| &entry.audience)
    }

    /// Every audience, by name.
    pub fn audiences(&self) -> impl Iterator<Item = &Arc<Audience>> {
        self.definitions.audiences.values().map(|entry| &entry.audience)
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

    /// Which sources are third parties.
    pub fn parties(&self) -> &Parties {
        &self.definitions.parties
    }

    /// Where local days begin unless a definition says otherwise.
    pub fn zone(&self) -> &Zone {
        &self.definitions.zone
    }

    /// The declared namespaces of identifiers, by name.
    pub fn identifiers(&self) -> impl Iterator<Item = &DeclaredIdentifier> {
        self.definitions.identifiers.values()
    }
}
