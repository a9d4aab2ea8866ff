//! How often everybody did something, or when for the first or last time, to be kept for
//! later questions.
//!
//! It is read like any other slot, once for everybody. What is done since then is added;
//! for the few who became others it is read row by row.

use super::answer::fill_level;
use super::plan::{Plan, Wish};
use super::rank::Ranks;
use super::slot::{CHUNK_WORDS, Fold, Slots, Table, meet};
use super::source::{ScanError, Source};
use crate::index::{Moments, Seats};
use crate::model::{Event, Ordinal, Stream, Text, Timestamp};
use crate::query::predicate::{EventFilter, Matcher, Which};

/// So many people are read row by row; of more all rows are passed through.
const FEW: u64 = 2_048;

/// What is told of everybody's events of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ever {
    /// How many there are.
    Count,
    /// When the first happened.
    First,
    /// When the last did.
    Last,
}

impl Ever {
    fn fold(self) -> Fold {
        match self {
            Ever::Count => Fold::Count,
            Ever::First => Fold::Earliest,
            Ever::Last => Fold::Latest,
        }
    }
}

/// That of everybody, as of an instant.
#[derive(Clone, Debug)]
pub struct Tally {
    ever: Ever,
    slots: Slots,
    /// Of instants, the same to be compared quickly.
    moments: Moments,
}

impl Tally {
    /// Of all events of a name that are visible at an instant.
    pub fn of(
        name: &Text,
        ever: Ever,
        source: &Source<'_>,
        now: Timestamp,
    ) -> Result<Tally, ScanError> {
        let slots = filled(name, ever, source, None, now)?;
        let mut moments = Moments::before(now.millis());
        if let Slots::Instants(instants) = &slots {
            instants.each(|seat, at| moments.set(Ordinal(seat), *at));
        }
        Ok(Tally { ever, slots, moments })
    }

    /// The same after more was done, each by somebody at an instant, and after some were
    /// touched: of those everything is read again.
    pub fn renewed(
        &self,
        name: &Text,
        touched: &Seats,
        done: impl Iterator<Item = (Ordinal, Timestamp)>,
        source: &Source<'_>,
        now: Timestamp,
    ) -> Result<Tally, ScanError> {
        let mut tally = self.clone();
        let mut more: Vec<(u32, i64)> = done
            .filter(|(seat, _)| !touched.contains(*seat))
            .map(|(seat, when)| (seat.0, when.millis()))
            .collect();
        tally.remove(touched);
        if touched.len() <= FEW {
            for seat in touched.iter() {
                let mut add = |row: &Event| more.push((seat.0, row.when.millis()));
                source.each_row(Stream::Events(name.clone()), seat, now, &mut add)?;
            }
        } else {
            let again = filled(name, self.ever, source, Some(touched), now)?;
            tally.slots.absorb(again, self.ever.fold(), &mut Default::default());
        }
        more.sort_unstable();
        let changed: Vec<u32> =
            touched.iter().map(|seat| seat.0).chain(more.iter().map(|(seat, _)| *seat)).collect();
        tally.add(more);
        tally.note(changed);
        Ok(tally)
    }

    /// Keeps the bits of those of a chunk whose instant lies from one up to before another
    /// one, in milliseconds, or of all others. Of counts nobody has an instant.
    pub(super) fn narrow(
        &self,
        chunk: u32,
        (from, to): (i64, i64),
        wanted: bool,
        passing: &mut [u64; CHUNK_WORDS],
    ) {
        let is_between = |seat| self.is_between(seat, from, to);
        self.moments.narrow(chunk, (from, to), wanted, passing, is_between);
    }

    /// Whether that holds of somebody.
    pub(super) fn is_between(&self, seat: u32, from: i64, to: i64) -> bool {
        let at = match &self.slots {
            Slots::Instants(instants) => instants.get(seat).copied().flatten(),
            _ => None,
        };
        at.is_some_and(|at| from <= at && at < to)
    }

    /// Keeps what is compared quickly in step with the rest.
    fn note(&mut self, changed: Vec<u32>) {
        if let Slots::Instants(instants) = &self.slots {
            for seat in changed {
                self.moments.set(Ordinal(seat), instants.get(seat).copied().flatten());
            }
        }
    }

    /// What everybody has, as a slot.
    pub(super) fn slots(&self) -> &Slots {
        &self.slots
    }

    /// Roughly the bytes of memory held.
    pub fn memory(&self) -> usize {
        let slots = match &self.slots {
            Slots::Counts(counts) => counts.memory(),
            Slots::Instants(instants) => instants.memory(),
            _ => 0,
        };
        slots + self.moments.memory()
    }

    fn remove(&mut self, people: &Seats) {
        match &mut self.slots {
            Slots::Counts(counts) => counts.remove(people),
            Slots::Instants(instants) => instants.remove(people),
            _ => {}
        }
    }

    /// Events, ordered by who did them.
    fn add(&mut self, events: Vec<(u32, i64)>) {
        let fold = self.ever.fold();
        match &mut self.slots {
            Slots::Counts(counts) => {
                let ones = events.into_iter().map(|(seat, _)| (seat, 1));
                counts.join_all(ones, |own, more| *own += more);
            }
            Slots::Instants(instants) => {
                let whens = events.into_iter().map(|(seat, when)| (seat, Some(when)));
                instants.join_all(whens, |own, more| {
                    more.into_iter().for_each(|when| meet(own, when, fold));
                });
            }
            _ => {}
        }
    }
}

/// What these people have, or everybody, by a scan over all rows.
fn filled(
    name: &Text,
    ever: Ever,
    source: &Source<'_>,
    among: Option<&Seats>,
    now: Timestamp,
) -> Result<Slots, ScanError> {
    let matcher = Matcher(vec![EventFilter { name: Some(name.clone()), filter: None }]);
    let (matcher, ranks) = (&matcher, Ranks::default());
    let mut plan = Plan::new(now, &ranks);
    let slot = plan.slot(match ever {
        Ever::Count => Wish::count(matcher),
        Ever::First => Wish::Anchor { which: Which::First, matcher, named: false },
        Ever::Last => Wish::Anchor { which: Which::Last, matcher, named: false },
    });
    let mut table = Table::new(&plan.folds);
    for level in 0..plan.n_levels() {
        fill_level(&plan, &mut table, source, among, None, level)?;
    }
    let mut slots = table.take(slot);
    match (&mut slots, among) {
        (Slots::Counts(counts), Some(among)) => counts.keep(among),
        (Slots::Instants(instants), Some(among)) => instants.keep(among),
        _ => {}
    }
    Ok(slots)
}
