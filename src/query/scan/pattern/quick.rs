//! Plain sequences of people whose events lie at different instants: one walk
//! from the last event back, as most sequences of most people are told.

use super::allowed;
use super::role;
use crate::model::Zone;
use crate::query::predicate::{Gap, Length, Link, Sequence, Tail};
use crate::query::scan::plan::after;

const NEVER: i64 = i64::MAX;

/// A sequence in which only the order of the steps matters, and how long all of
/// it takes: no gaps, nothing in between, nothing side by side.
pub struct Quick<'p> {
    n_steps: usize,
    tails: &'p [Tail],
    total: Option<&'p Length>,
    now: i64,
    zone: &'p Zone,
}

impl<'p> Quick<'p> {
    /// None if more matters.
    pub fn of(
        sequence: &'p Sequence,
        total: Option<&'p Length>,
        (now, zone): (i64, &'p Zone),
    ) -> Option<Quick<'p>> {
        let is_plain = sequence.steps.iter().all(|step| {
            step.gaps.is_empty() && step.without.is_none() && step.link != Link::Immediately
        });
        let waits = |tail: &Tail| tail.gaps.iter().any(|gap| matches!(gap, Gap::AtLeast(_)));
        let is_plain = is_plain && sequence.same.is_none() && !sequence.tails.iter().any(waits);
        let (n_steps, tails) = (sequence.steps.len(), &sequence.tails[..]);
        is_plain.then_some(Quick { n_steps, tails, total, now, zone })
    }

    /// How many events begin a match, each with its instant and what it is good
    /// for: no two lie at one instant, and they ascend.
    pub fn n_firsts(&self, events: impl DoubleEndedIterator<Item = (i64, u64)>) -> u64 {
        // By step the earliest end from a later event, by tail the next event that breaks it.
        let mut ends = [NEVER; 32];
        let mut breaks = [NEVER; 32];
        let mut n_firsts = 0;
        for (when, bits) in events.rev() {
            for step in 0..self.n_steps {
                if bits & role::step(step) == 0 {
                    continue;
                }
                let end = match step + 1 == self.n_steps {
                    true if self.tails_hold(when, &breaks) => when,
                    true => NEVER,
                    false => ends[step + 1],
                };
                n_firsts += u64::from(step == 0 && end < self.limit(when));
                ends[step] = ends[step].min(end);
            }
            for (tail, next) in breaks.iter_mut().enumerate().take(self.tails.len()) {
                if bits & role::tail(tail) != 0 {
                    *next = when;
                }
            }
        }
        n_firsts
    }

    fn limit(&self, from: i64) -> i64 {
        self.total.map_or(NEVER, |total| after(from, total, self.zone))
    }

    /// Whether nothing of a tail follows an instant, and its time is over.
    fn tails_hold(&self, when: i64, breaks: &[i64; 32]) -> bool {
        self.tails.iter().zip(breaks).all(|(tail, next)| {
            let (_, end) = allowed(when, &tail.gaps, self.zone);
            let is_over = tail.gaps.is_empty() || end <= self.now;
            is_over && *next >= end
        })
    }
}
