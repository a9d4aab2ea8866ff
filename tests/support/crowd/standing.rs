//! A few people as live evaluation reads them.

use super::super::generate::Few;
use std::borrow::Borrow;
use throng::audience::{Facts, PageError, Wanted};
use throng::model::{Event, Ordinal, Text, Timestamp};
use throng::query::Parties;

/// People at an instant.
pub struct Standing<F> {
    pub few: F,
    pub at: Timestamp,
}

impl<F: Borrow<Few>> Standing<F> {
    fn rows(&self, seat: Ordinal) -> &[Event] {
        let found = self.few.borrow().people.iter().find(|(other, ..)| *other == seat);
        found.map_or(&[], |(_, _, rows)| rows)
    }
}

impl<F: Borrow<Few> + Sync> Facts for Standing<F> {
    fn exists(&self, seat: Ordinal) -> bool {
        self.rows(seat).iter().any(|row| row.when <= self.at)
    }

    fn each(&self, visit: &mut dyn FnMut(Ordinal)) {
        let known = self.few.borrow().people.iter().filter(|(_, _, rows)| !rows.is_empty());
        known.for_each(|(seat, ..)| visit(*seat));
    }

    fn events(
        &self,
        seat: Ordinal,
        _: &Wanted<'_>,
        from: Timestamp,
        visit: &mut dyn FnMut(&Event),
    ) -> Result<(), PageError> {
        self.rows(seat).iter().filter(|row| from <= row.when).for_each(visit);
        Ok(())
    }

    fn user_id(&self, seat: Ordinal) -> Option<Text> {
        let found = self.few.borrow().people.iter().find(|(other, ..)| *other == seat);
        found.map(|(_, user_id, _)| user_id.clone())
    }

    fn parties(&self) -> &Parties {
        &self.few.borrow().parties
    }
}
