//! People as a list of events each, and the oracle over them.

use super::super::{Facts, PageError, Wanted};
use crate::model::{Event, Ordinal, ProfileId, Text, Timestamp};
use crate::query::predicate::Condition;
use crate::query::scan::Runner;
use crate::query::{Nobody, Parties, Person, holds};
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Naive {
    pub(super) rows: BTreeMap<u32, Vec<Event>>,
    pub(super) user_ids: BTreeMap<u32, Text>,
    pub(super) parties: Parties,
    pub(super) now: Timestamp,
}

impl Naive {
    pub(super) fn put(&mut self, seat: u32, event: Event) {
        let rows = self.rows.entry(seat).or_default();
        rows.push(event);
        rows.sort_by(Event::canonical);
    }

    pub(super) fn holds(&self, seat: u32, condition: &Condition, at: Timestamp) -> bool {
        let Some(rows) = self.rows.get(&seat) else { return false };
        let person = Person {
            profile: ProfileId(seat),
            events: rows,
            identifiers: &[],
            user_id: self.user_ids.get(&seat),
            parties: &self.parties,
            others: &Nobody,
        };
        rows.first().is_some_and(|row| row.when <= at) && holds::holds(condition, &person, at)
    }
}

impl Facts for Naive {
    fn exists(&self, seat: Ordinal) -> bool {
        let first = self.rows.get(&seat.0).and_then(|rows| rows.first());
        first.is_some_and(|row| row.when <= self.now)
    }

    fn each(&self, visit: &mut dyn FnMut(Ordinal)) {
        let with_rows = self.rows.iter().filter(|(_, rows)| !rows.is_empty());
        with_rows.for_each(|(seat, _)| visit(Ordinal(*seat)));
    }

    fn events(
        &self,
        seat: Ordinal,
        wanted: &Wanted<'_>,
        from: Timestamp,
        visit: &mut dyn FnMut(&Event),
    ) -> Result<(), PageError> {
        let fits = |row: &&Event| match wanted {
            Wanted::All => true,
            Wanted::Streams(streams) => streams.contains(&row.body.stream()),
        };
        let rows = self.rows.get(&seat.0).into_iter().flatten();
        rows.filter(|row| from <= row.when).filter(fits).for_each(visit);
        Ok(())
    }

    /// Jobs may be done in any order.
    fn run(&self) -> Runner<'_> {
        &|n_jobs, job| (0..n_jobs).rev().for_each(job)
    }

    fn user_id(&self, seat: Ordinal) -> Option<Text> {
        self.user_ids.get(&seat.0).cloned()
    }

    fn parties(&self) -> &Parties {
        &self.parties
    }
}
