//! How often everybody did something, when for the first or last time, or what a number of
//! those events comes to, to be kept for later questions.
//!
//! It is read like any other slot, once for everybody. What is done since then is added;
//! for the few who became others it is read row by row.

use super::answer::fill_level;
use super::plan::{Plan, Wish};
use super::rank::Ranks;
use super::slot::{Fold, Slots, Sum, Table, meet};
use super::source::{ScanError, Source};
use super::value::{declared, each, lead_from};
use crate::index::{CHUNK_WORDS, Moments, Seats};
use crate::model::{Body, Event, Ordinal, Path, Stream, Text, Timestamp, Value};
use crate::query::predicate::{EventFilter, Expr, Matcher, RowLeaf, Type, Which};

/// So many people are read row by row; of more all rows are passed through.
const FEW: u64 = 2_048;

/// What is told of everybody's events of a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ever {
    /// How many there are.
    Count,
    /// When the first happened.
    First,
    /// When the last did.
    Last,
    /// What a property of theirs comes to, and how many had it.
    Sum {
        /// The way to it.
        path: Path,
        /// The declared type.
        declared: Option<Type>,
    },
}

impl Ever {
    fn fold(&self) -> Fold {
        match self {
            Ever::Count => Fold::Count,
            Ever::First => Fold::Earliest,
            Ever::Last => Fold::Latest,
            Ever::Sum { .. } => Fold::Sum,
        }
    }

    /// What an event adds to it, if it is a sum and the event has the property.
    pub fn summed(&self, body: &Body) -> Option<Sum> {
        let Ever::Sum { path, declared: wanted } = self else { return None };
        let mut sum = None;
        each(declared(lead_from(body.properties()?, path), *wanted), &mut |value| {
            if let Value::Number(number) = value {
                sum.get_or_insert_with(Sum::default).add(number);
            }
        });
        sum
    }

    fn wish<'c>(&self, matcher: &'c Matcher, value: &'c Expr<RowLeaf>) -> Wish<'c> {
        match self {
            Ever::Count => Wish::count(matcher),
            Ever::First => Wish::Anchor { which: Which::First, matcher, named: false },
            Ever::Last => Wish::Anchor { which: Which::Last, matcher, named: false },
            Ever::Sum { .. } => Wish::sum(matcher, value),
        }
    }
}

/// What somebody did since, and what it adds to a sum.
pub struct Did {
    /// Who did it.
    pub seat: Ordinal,
    /// When it happened.
    pub when: Timestamp,
    /// What it adds, if that was asked and there is something.
    pub sum: Option<Sum>,
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
        let slots = filled(name, &ever, source, None, now)?;
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
        done: impl Iterator<Item = Did>,
        source: &Source<'_>,
        now: Timestamp,
    ) -> Result<Tally, ScanError> {
        let (mut tally, mut more) = (self.clone(), More::default());
        for Did { seat, when, sum } in done.filter(|did| !touched.contains(did.seat)) {
            more.take(seat, when, sum);
        }
        tally.remove(touched);
        if touched.len() <= FEW {
            for seat in touched.iter() {
                let mut add = |row: &Event| more.take(seat, row.when, self.ever.summed(&row.body));
                source.each_row(Stream::Events(name.clone()), seat, now, &mut add)?;
            }
        } else {
            let again = filled(name, &self.ever, source, Some(touched), now)?;
            tally.slots.absorb(again, self.ever.fold(), &mut Default::default());
        }
        more.whens.sort_unstable();
        more.sums.sort_by_key(|(seat, _)| *seat);
        let whens = more.whens.iter().map(|(seat, _)| *seat);
        let changed: Vec<u32> = touched.iter().map(|seat| seat.0).chain(whens).collect();
        tally.add(more);
        tally.note(changed);
        Ok(tally)
    }

    /// Keeps the bits of those of a chunk whose instant lies from one up to before another
    /// one, in milliseconds, or of all others. Of counts and sums nobody has an instant.
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
            Slots::Sums(sums) => {
                let mut apart = 0;
                sums.each(|_, sum| apart += sum.memory());
                sums.memory() + apart
            }
            _ => 0,
        };
        slots + self.moments.memory()
    }

    fn remove(&mut self, people: &Seats) {
        match &mut self.slots {
            Slots::Counts(counts) => counts.remove(people),
            Slots::Instants(instants) => instants.remove(people),
            Slots::Sums(sums) => sums.remove(people),
            _ => {}
        }
    }

    /// Events, ordered by who did them.
    fn add(&mut self, more: More) {
        let fold = self.ever.fold();
        match &mut self.slots {
            Slots::Counts(counts) => {
                let ones = more.whens.into_iter().map(|(seat, _)| (seat, 1));
                counts.join_all(ones, |own, more| *own += more);
            }
            Slots::Instants(instants) => {
                let whens = more.whens.into_iter().map(|(seat, when)| (seat, Some(when)));
                instants.join_all(whens, |own, more| {
                    more.into_iter().for_each(|when| meet(own, when, fold));
                });
            }
            Slots::Sums(sums) => sums.join_all(more.sums, Sum::absorb),
            _ => {}
        }
    }
}

/// What more events add.
#[derive(Default)]
struct More {
    whens: Vec<(u32, i64)>,
    sums: Vec<(u32, Sum)>,
}

impl More {
    fn take(&mut self, seat: Ordinal, when: Timestamp, sum: Option<Sum>) {
        self.whens.push((seat.0, when.millis()));
        self.sums.extend(sum.map(|sum| (seat.0, sum)));
    }
}

/// What these people have, or everybody, by a scan over all rows.
fn filled(
    name: &Text,
    ever: &Ever,
    source: &Source<'_>,
    among: Option<&Seats>,
    now: Timestamp,
) -> Result<Slots, ScanError> {
    let matcher = Matcher(vec![EventFilter { name: Some(name.clone()), filter: None }]);
    // What is summed; the others read none.
    let value = Expr::Leaf(match ever {
        Ever::Sum { path, declared } => {
            RowLeaf::Property { path: path.clone(), declared: *declared }
        }
        _ => RowLeaf::When,
    });
    let ranks = Ranks::default();
    let mut plan = Plan::new(now, &ranks);
    let slot = plan.slot(ever.wish(&matcher, &value));
    let mut table = Table::new(&plan.folds);
    for level in 0..plan.n_levels() {
        fill_level(&plan, &mut table, source, among, None, level)?;
    }
    let mut slots = table.take(slot);
    match (&mut slots, among) {
        (Slots::Counts(counts), Some(among)) => counts.keep(among),
        (Slots::Instants(instants), Some(among)) => instants.keep(among),
        (Slots::Sums(sums), Some(among)) => sums.keep(among),
        _ => {}
    }
    Ok(slots)
}
