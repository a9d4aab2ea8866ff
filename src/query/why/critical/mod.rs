//! The next flip: between two instants at which something jumps, every test
//! either stays or crosses once; so the candidates are few, and `holds` is asked
//! at each, in order.

mod anniversary;
mod calendar;
mod crossing;
mod jumps;
mod stepping;
mod window;

use super::super::holds::{Place, Row, Seen, fulfilled, names, scopes};
use super::super::predicate::Condition;
use super::gather::{Gathered, Leaf, Moves, Moving};
use crate::model::{Timestamp, Zone};
use std::collections::BTreeSet;

/// What lies ahead.
pub(super) struct Ahead {
    /// The first instant at which the condition comes out otherwise.
    pub(super) flip: Option<Timestamp>,
    /// Whether days are looked at one by one.
    pub(super) by_days: bool,
}

/// How far is looked ahead: before an end, and where days must be looked at one
/// by one, before another.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    pub(super) of_all: Timestamp,
    pub(super) of_days: Timestamp,
}

/// The first instant after now and before an end at which the condition comes out
/// otherwise.
pub(super) fn next_flip(condition: &Condition, seen: Seen<'_>, ends: Ends) -> Ahead {
    let mut gathered = Gathered::default();
    gathered.condition(condition);
    let truth = fulfilled(condition, seen);
    let jumps = jumps::jumps(&gathered, seen);
    let (mut from, mut end, mut by_days) = (seen.now, ends.of_all, false);
    while from < end {
        // A fact may bring a date where an instant was.
        if !by_days && goes_by_days(&gathered, seen.at(from)) {
            (by_days, end) = (true, end.min(ends.of_days));
        }
        let ahead = jumps.range(from.plus_ms(1)..).next().copied();
        let next = ahead.into_iter().chain(midnight(&gathered, from)).min();
        let upto = next.unwrap_or(Timestamp::MAX).min(end).plus_ms(-1);
        let flips = |at: &Timestamp| fulfilled(condition, seen.at(*at)) != truth;
        if let Some(at) = candidates(&gathered, seen, from, upto).into_iter().find(flips) {
            return Ahead { flip: Some(at), by_days };
        }
        let Some(next) = next else { break };
        from = next;
    }
    Ahead { flip: None, by_days }
}

/// Whether a test must be looked at midnight by midnight.
fn goes_by_days(gathered: &Gathered<'_>, seen: Seen<'_>) -> bool {
    gathered.moving.iter().any(|moving| match moving {
        Moving::Person(moves) => steps(moves, seen),
        Moving::Row((matcher, items), moves) => {
            let mut events = seen.events().filter(|event| names(matcher, event));
            events.any(|event| {
                scopes(Row::of(seen, event), *items).into_iter().any(|row| steps(moves, row))
            })
        }
    })
}

fn steps<L: Leaf, P: Place<L>>(moves: &Moves<'_, L>, place: P) -> bool {
    matches!(moves, Moves::Test(test) if !stepping::stepping(test, &place).is_empty())
}

/// The next midnight at which a score is computed.
fn midnight(gathered: &Gathered<'_>, from: Timestamp) -> Option<Timestamp> {
    let after = |zone: &&Zone| zone.start_of(zone.local_day(from).plus_days(1));
    gathered.midnights.iter().map(after).filter(|at| from < *at).min()
}

/// Every instant of a stretch without jumps at which a test may come out
/// otherwise, its beginning among them.
fn candidates(
    gathered: &Gathered<'_>,
    seen: Seen<'_>,
    from: Timestamp,
    upto: Timestamp,
) -> BTreeSet<Timestamp> {
    let mut cuts = BTreeSet::from([from]);
    for moving in &gathered.moving {
        let mut found = Vec::new();
        for (from, upto) in stretches(&cuts, upto) {
            match moving {
                Moving::Person(moves) => at_place(moves, seen, from, upto, &mut found),
                Moving::Row((matcher, items), moves) => {
                    let seen = seen.at(from);
                    for event in seen.events().filter(|event| names(matcher, event)) {
                        for row in scopes(Row::of(seen, event), *items) {
                            at_place(moves, row, from, upto, &mut found);
                        }
                    }
                }
            }
        }
        cuts.extend(found);
    }
    cuts
}

/// The stretches between cuts, the last one up to the end.
fn stretches(cuts: &BTreeSet<Timestamp>, upto: Timestamp) -> Vec<(Timestamp, Timestamp)> {
    let ends = cuts.iter().skip(1).map(|cut| cut.plus_ms(-1)).chain([upto]);
    cuts.iter().copied().zip(ends).collect()
}

/// The instants after the beginning of a stretch, up to its end, at which
/// something may come out otherwise.
fn at_place<L: Leaf, P: Place<L> + Moment>(
    moves: &Moves<'_, L>,
    place: P,
    from: Timestamp,
    upto: Timestamp,
    found: &mut Vec<Timestamp>,
) {
    if from < upto {
        let mut instants = Vec::new();
        match moves {
            Moves::Test(test) => {
                instants.extend(window::crossings(test, place, from));
                instants.extend(crossing::crossings(test, place, from, upto));
            }
            Moves::Anniversary(of, zone) => {
                instants.extend(anniversary::turns(
                    of,
                    &place.at(from).seen().zone(zone),
                    place,
                    from,
                ));
            }
        }
        found.extend(instants.into_iter().filter(|at| from < *at && *at <= upto));
    }
}

/// A place that can be looked at as of another instant.
pub(super) trait Moment: Copy {
    fn at(self, now: Timestamp) -> Self;
}

impl Moment for Seen<'_> {
    fn at(self, now: Timestamp) -> Self {
        self.as_of(now)
    }
}

impl Moment for Row<'_> {
    fn at(self, now: Timestamp) -> Self {
        self.as_of(now)
    }
}
