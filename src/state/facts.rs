//! What standing audiences may read of people.

use super::State;
use crate::audience::Facts;
use crate::model::{Event, Identifier, Ordinal, Stream, Text, Timestamp};
use crate::query::Parties;
use crate::query::scan::Runner;
use crate::timeline::{Fields, PageError, Pages, Part, Wanted};

/// The state, as live evaluation reads it.
pub(super) struct StateFacts<'a> {
    pub state: &'a State,
    pub pages: &'a dyn Pages,
}

impl Facts for StateFacts<'_> {
    fn exists(&self, seat: Ordinal) -> bool {
        self.state.alive.seats().contains(seat)
    }

    fn each(&self, visit: &mut dyn FnMut(Ordinal)) {
        let ahead = self.state.alive.ahead(&self.state.identity);
        let seats = self.state.alive.seats();
        seats.iter().chain(ahead.into_iter().filter(|seat| !seats.contains(*seat))).for_each(visit);
    }

    fn events(
        &self,
        seat: Ordinal,
        wanted: &Wanted<'_>,
        from: Timestamp,
        visit: &mut dyn FnMut(&Event),
    ) -> Result<(), PageError> {
        let stretches = self.state.identity.stretches(seat);
        super::crowd::rows_of(&self.state.timeline, self.pages, &stretches, wanted, from, visit)
    }

    fn parts(&self, wanted: &Wanted<'_>, since: &dyn Fn(&Stream) -> Timestamp) -> Vec<Part> {
        self.state.timeline.parts(wanted, since)
    }

    fn each_event(
        &self,
        part: Part,
        wanted: (&Wanted<'_>, &Fields),
        visit: &mut dyn FnMut(Ordinal, &Event),
    ) -> Result<(), PageError> {
        self.state.timeline.each_row(self.pages, part, wanted, &mut |row| {
            if let Some(seat) = self.state.identity.owner(row.origin, row.when) {
                visit(seat, row);
            }
        })
    }

    fn run(&self) -> Runner<'_> {
        self.state.run
    }

    fn user_id(&self, seat: Ordinal) -> Option<Text> {
        let number = self.state.identity.user_id(seat)?;
        Some(self.state.identity.identifier(number)?.value.clone())
    }

    fn identifiers(&self, seat: Ordinal) -> Vec<Identifier> {
        let identity = &self.state.identity;
        let numbers = identity.identifiers(seat).into_iter();
        numbers.filter_map(|number| identity.identifier(number).cloned()).collect()
    }

    fn parties(&self) -> &Parties {
        self.state.catalog.parties()
    }
}
