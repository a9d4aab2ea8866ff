//! People of a view as they will be if nothing happens.

use super::crowd::rows_of;
use super::{Carried, View};
use crate::audience::{Facts, ahead};
use crate::identity::Identity;
use crate::index::Seats;
use crate::model::{Event, Identifier, Ordinal, Stream, Text, Timestamp};
use crate::query::predicate::Audience;
use crate::query::{Ahead, CrowdError, Parties};
use crate::timeline::{Fields, PageError, Part, Wanted};
use std::borrow::Cow;
use std::sync::Arc;

impl View {
    /// Who is in an audience at an instant, and who moves by itself before another
    /// one, nobody being regrouped in between.
    pub fn ahead_by(
        &self,
        carried: Carried<'_>,
        audience: &Arc<Audience>,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<Ahead, CrowdError> {
        let identity = self.identity_at(from);
        let existing = self.existing_by(carried, &identity, from)?;
        let facts = ViewFacts { view: self, identity, existing };
        let ahead = ahead(audience, &facts, (from, until), carried.stop)
            .map_err(|error| CrowdError::Page(error.to_string()))?;
        if (carried.stop)() { Err(CrowdError::Cancelled) } else { Ok(ahead) }
    }
}

/// A view, as live evaluation reads it at an instant.
struct ViewFacts<'v> {
    view: &'v View,
    identity: Cow<'v, Identity>,
    existing: Seats,
}

impl ViewFacts<'_> {
    fn shows(&self, row: &Event) -> bool {
        self.view.known.is_none_or(|known| row.received <= known)
    }
}

impl Facts for ViewFacts<'_> {
    fn exists(&self, seat: Ordinal) -> bool {
        self.existing.contains(seat)
    }

    fn each(&self, visit: &mut dyn FnMut(Ordinal)) {
        self.identity.seats().for_each(visit);
    }

    fn events(
        &self,
        seat: Ordinal,
        wanted: &Wanted<'_>,
        from: Timestamp,
        visit: &mut dyn FnMut(&Event),
    ) -> Result<(), PageError> {
        let stretches = self.identity.stretches(seat);
        let shown = &mut |row: &Event| {
            if self.shows(row) {
                visit(row);
            }
        };
        rows_of(&self.view.timeline, &*self.view.pages, &stretches, wanted, from, shown)
    }

    fn parts(&self, wanted: &Wanted<'_>, since: &dyn Fn(&Stream) -> Timestamp) -> Vec<Part> {
        self.view.timeline.parts(wanted, since)
    }

    fn each_event(
        &self,
        part: Part,
        wanted: (&Wanted<'_>, &Fields),
        visit: &mut dyn FnMut(Ordinal, &Event),
    ) -> Result<(), PageError> {
        self.view.timeline.each_row(&*self.view.pages, part, wanted, &mut |row| {
            if let Some(seat) =
                self.identity.owner(row.origin, row.when).filter(|_| self.shows(row))
            {
                visit(seat, row);
            }
        })
    }

    fn user_id(&self, seat: Ordinal) -> Option<Text> {
        let number = self.identity.user_id(seat)?;
        Some(self.identity.identifier(number)?.value.clone())
    }

    fn identifiers(&self, seat: Ordinal) -> Vec<Identifier> {
        let numbers = self.identity.identifiers(seat).into_iter();
        numbers.filter_map(|number| self.identity.identifier(number).cloned()).collect()
    }

    fn parties(&self) -> &Parties {
        self.view.catalog.parties()
    }
}
