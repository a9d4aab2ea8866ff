//! Values and tests at an instant or over a stretch of time, and until when they stay.
//!
//! Everything is asked over a closed stretch `from..=to` in which no leaf
//! changes; a single instant is a stretch of one. A test that answers for a whole
//! stretch cannot have changed inside it, so the next change is found by parting
//! stretches, without any algebra of what is tested.

mod among;
mod around;
mod ask;
mod calendar;
mod choice;
mod compare;
mod day;
mod decay;
mod during;
mod elapsed;
mod expr;
mod factor;
mod line;
mod over;
mod scalar;
mod solve;
mod special;

pub(crate) use crate::query::predicate::moving::{Moves, expr_moves, point_moves, test_moves};
pub(crate) use calendar::{day_start, first_day_of, month_later, next_turn, period_begun};
pub(crate) use compare::{holds, order};
pub(crate) use day::{DAY_MS, today};
pub(crate) use during::inside;
pub(crate) use elapsed::{Spot, note_point, spot};
pub(crate) use expr::over;
pub(crate) use over::{Over, Span};
pub(crate) use solve::{judge, steady};

use crate::model::{Timestamp, Value, Zone};
use crate::query::predicate::{Local, Matcher, Predicate, Which};
use std::borrow::Cow;
use std::cell::Cell;

/// The end of time: no change by itself.
pub(crate) const NEVER: i64 = i64::MAX;

/// Where leaves are read, at one instant. Whoever reads notes until when what
/// was read stays the same.
pub(crate) trait Leaves<L> {
    /// The value of a leaf.
    fn read<'v>(&'v self, leaf: &'v L) -> Cow<'v, Value>;
    /// What it is all through a stretch in which no fact comes or goes.
    fn over<'v>(&'v self, leaf: &'v L, _: Span) -> Over<'v> {
        Over::Is(self.read(leaf))
    }
    /// Whether it may change in one.
    fn moves(&self, _: &L) -> bool {
        false
    }
    /// In how many milliseconds half of it is left, if it decays.
    fn half_life_ms(&self, _: &L) -> Option<i64> {
        None
    }
    /// When the person's first or last matching visible event was.
    fn anchor(&self, which: Which, matcher: &Matcher) -> Option<Timestamp>;
    /// Where local days begin, for whoever is read.
    fn zone<'v>(&'v self, local: &'v Local) -> &'v Zone;
    /// Whether the person fulfils a predicate.
    fn asked(&self, predicate: &Predicate) -> bool;
    /// Until when everything that was read stays.
    fn horizon(&self) -> &Horizon;
}

/// The least instant at which something that was read may change.
#[derive(Debug)]
pub(crate) struct Horizon(Cell<i64>);

impl Default for Horizon {
    fn default() -> Horizon {
        Horizon(Cell::new(NEVER))
    }
}

impl Horizon {
    /// Something read changes at that instant.
    pub(crate) fn note(&self, at: i64) {
        self.0.set(self.0.get().min(at));
    }

    /// Notes an instant if it lies after `now`.
    pub(crate) fn note_after(&self, now: i64, at: i64) {
        if at > now {
            self.note(at);
        }
    }

    /// The least noted.
    pub(crate) fn get(&self) -> i64 {
        self.0.get()
    }
}
