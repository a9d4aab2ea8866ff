//! Who exists: people of whom at least one visible fact is known.

use crate::identity::{Identity, Stretch};
use crate::index::Seats;
use crate::model::{IdentifierNumber, Ordinal, Timestamp};
use crate::shelf::Column;
use crate::timeline::{PageError, Pages, Timeline, Wanted};
use std::collections::{BTreeMap, BTreeSet};

/// The seats of existing people, and what decides it.
#[derive(Clone, Default)]
pub(super) struct Alive {
    pub(super) seats: Seats,
    /// The least `when` of the rows of each origin, future ones too.
    pub(super) first: Column<Timestamp>,
    /// Facts that are not visible yet, by their instant.
    pub(super) ahead: BTreeMap<Timestamp, Vec<IdentifierNumber>>,
}

impl Alive {
    /// Roughly the bytes of memory held.
    pub fn memory(&self) -> usize {
        let ahead = self.ahead.values().map(|origins| 64 + 4 * origins.capacity());
        self.first.memory() + self.seats.memory() + ahead.sum::<usize>()
    }

    /// Everyone who exists.
    pub fn seats(&self) -> &Seats {
        &self.seats
    }

    /// A fact has come in under that origin, and is its owner's.
    pub fn note(
        &mut self,
        owner: Option<Ordinal>,
        origin: IdentifierNumber,
        when: Timestamp,
        now: Timestamp,
    ) {
        let first = self.first.grown(origin.0 as usize, || Timestamp::MAX);
        if when < *first {
            *first = when;
        }
        if when > now {
            self.ahead.entry(when).or_default().push(origin);
        } else if let Some(seat) = owner {
            self.seats.insert(seat);
        }
    }

    /// Whose the facts are that are not visible yet.
    pub fn ahead(&self, identity: &Identity) -> BTreeSet<Ordinal> {
        let facts = self.ahead.iter();
        let owners = facts.flat_map(|(when, origins)| {
            origins.iter().filter_map(|origin| identity.owner(*origin, *when))
        });
        owners.collect()
    }

    /// The instant of the next fact that becomes visible.
    pub fn due(&self) -> Option<Timestamp> {
        self.ahead.keys().next().copied()
    }

    /// Facts dated up to `now` become visible; gives whose they are.
    pub fn advance(&mut self, identity: &Identity, now: Timestamp) -> Vec<Ordinal> {
        let later = self.ahead.split_off(&now.plus_ms(1));
        let due = std::mem::replace(&mut self.ahead, later);
        let seats: Vec<Ordinal> = due
            .into_iter()
            .flat_map(|(when, origins)| origins.into_iter().map(move |origin| (origin, when)))
            .filter_map(|(origin, when)| identity.owner(origin, when))
            .collect();
        for seat in &seats {
            self.seats.insert(*seat);
        }
        seats
    }

    /// One person's facts are all another's from here on.
    pub fn unite(&mut self, gone: Ordinal, stays: Ordinal) {
        if self.seats.contains(gone) {
            self.seats.remove(gone);
            self.seats.insert(stays);
        }
    }

    /// Looks again whether these people exist, after identity has moved.
    pub fn look_again(
        &mut self,
        rows: Rows<'_>,
        seats: &[Ordinal],
        now: Timestamp,
    ) -> Result<(), PageError> {
        for seat in seats {
            if self.exists(rows, *seat, now)? {
                self.seats.insert(*seat);
            } else {
                self.seats.remove(*seat);
            }
        }
        Ok(())
    }

    /// Whether a person has a visible fact at `now`, by whatever identity says.
    pub fn exists(&self, rows: Rows<'_>, seat: Ordinal, now: Timestamp) -> Result<bool, PageError> {
        for stretch in rows.identity.stretches(seat) {
            if self.has_row(rows, &stretch, now)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn has_row(
        &self,
        rows: Rows<'_>,
        stretch: &Stretch,
        now: Timestamp,
    ) -> Result<bool, PageError> {
        let Some(first) = self.first.get(stretch.origin.0 as usize) else { return Ok(false) };
        let ends = stretch.to.is_some_and(|to| *first >= to);
        if ends || *first > now {
            return Ok(false);
        }
        if stretch.from <= *first {
            return Ok(true);
        }
        // Only a carrier that was handed on has rows before its stretch.
        let mut found = false;
        let to = stretch.to.map_or(now.plus_ms(1), |to| to.min(now.plus_ms(1)));
        rows.timeline.rows(
            rows.pages,
            stretch.origin,
            stretch.from,
            Some(to),
            &Wanted::All,
            &mut |_| found = true,
        )?;
        Ok(found)
    }
}

/// What rows are read from.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub identity: &'a Identity,
    pub timeline: &'a Timeline,
    pub pages: &'a dyn Pages,
}
