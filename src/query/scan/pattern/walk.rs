//! How far somebody comes in a sequence whose events lie at different instants: one
//! walk from their first event on, as most sequences of most people are told.

use super::allowed;
use super::role;
use crate::model::Zone;
use crate::query::predicate::{Gap, Length, Link, Pattern, Sequence, Step, Tail};
use crate::query::scan::plan::after;

/// A sequence of which the latest beginning is the best: nothing has to be waited for
/// between its steps.
pub struct Walk<'p> {
    steps: &'p [Step],
    tails: &'p [Tail],
    total: Option<&'p Length>,
    now: i64,
    /// To be any of the steps.
    of_steps: u64,
    /// The steps that follow at once: every event keeps them from following an earlier one.
    at_once: u64,
    /// By step, the latest beginning that it may end, and from when on it may not.
    open: Vec<Open>,
    /// The instants in which the last step lay, and those that break a tail.
    ends: Vec<i64>,
    breaks: Vec<i64>,
}

/// A beginning: the first instant that lies too late for its next step, and for all.
#[derive(Clone, Copy)]
struct Open {
    end: i64,
    limit: i64,
}

const NEVER: i64 = i64::MAX;
const CLOSED: Open = Open { end: i64::MIN, limit: i64::MIN };

impl<'p> Walk<'p> {
    /// None if an earlier beginning may be better than a later one, or if which events
    /// are next to each other is told by others than those that agree.
    pub fn of(pattern: &'p Pattern, sequence: &'p Sequence, now: i64) -> Option<Walk<'p>> {
        let Sequence { steps, tails, same } = sequence;
        let follow = || steps.iter().enumerate().skip(1);
        let waits = |step: &Step| step.gaps.iter().any(|gap| matches!(gap, Gap::AtLeast(_)));
        let others_count = same.is_some() && sequence.is_adjacent();
        if steps.is_empty() || others_count || follow().any(|(_, step)| waits(step)) {
            return None;
        }
        let at_once = follow().filter(|(_, step)| step.link == Link::Immediately);
        Some(Walk {
            steps,
            tails,
            total: pattern.total.as_ref(),
            now,
            of_steps: (0..steps.len()).map(role::step).sum(),
            at_once: at_once.map(|(n, _)| role::without(n)).sum(),
            open: vec![CLOSED; steps.len()],
            ends: Vec::new(),
            breaks: Vec::new(),
        })
    }

    /// How many steps and tails are there one after the other, from the first: no two
    /// events lie at one instant, and they ascend.
    pub fn reached(
        &mut self,
        events: impl Iterator<Item = (i64, u64)> + Clone,
        zone: &Zone,
    ) -> usize {
        self.open.fill(CLOSED);
        self.open[0].end = NEVER;
        self.ends.clear();
        let (n_steps, mut n_reached) = (self.steps.len(), 0);
        // Nobody comes further than to the first step that none of the events is good for.
        let all = events.clone().fold(0, |all, (_, bits)| all | bits) & self.of_steps;
        let n_there = all.trailing_ones() as usize;
        let asks_for_tails = n_there == n_steps && !self.tails.is_empty();
        for (when, bits) in events.clone() {
            n_reached = n_reached.max(self.step(when, bits, zone));
            if n_reached == n_there && !asks_for_tails {
                break;
            }
        }
        if n_reached < n_steps { n_reached } else { n_reached + self.held(events, zone) }
    }

    /// Up to which step an event leads.
    #[inline]
    fn step(&mut self, when: i64, bits: u64, zone: &Zone) -> usize {
        let mut reached = 0;
        for step in ones(bits & self.of_steps) {
            reached |= u64::from(when < self.open[step].end) << step;
        }
        // What is chosen for a step does not lie before it.
        for other in ones((bits | self.at_once) >> 32 & self.of_steps & !role::step(0)) {
            self.open[other].end = i64::MIN;
        }
        let mut n_reached = 0;
        while reached != 0 {
            let step = reached.ilog2() as usize;
            reached ^= role::step(step);
            if self.begin(step, when, zone) {
                n_reached = n_reached.max(step + 1);
            }
        }
        n_reached
    }

    /// Lets the next step follow an event that is this one.
    #[inline]
    fn begin(&mut self, step: usize, when: i64, zone: &Zone) -> bool {
        let limit = match step {
            0 => self.total.map_or(NEVER, |total| after(when, total, zone)),
            step => self.open[step].limit,
        };
        if limit <= when {
            return false;
        }
        match self.steps.get(step + 1) {
            None => self.ends.push(when),
            Some(next) => {
                let (_, end) = allowed(when, &next.gaps, zone);
                self.open[step + 1] = Open { end: end.min(limit), limit };
            }
        }
        true
    }

    /// How many tails hold behind one and the same end.
    fn held(&mut self, events: impl Iterator<Item = (i64, u64)> + Clone, zone: &Zone) -> usize {
        for (n, tail) in self.tails.iter().enumerate() {
            let breaking = events.clone().filter(|(_, bits)| bits & role::tail(n) != 0);
            self.breaks.clear();
            self.breaks.extend(breaking.map(|(when, _)| when));
            let (now, breaks) = (self.now, &self.breaks);
            self.ends.retain(|when| holds(tail, *when, (now, zone), breaks));
            if self.ends.is_empty() {
                return n;
            }
        }
        self.tails.len()
    }
}

/// Whether nothing breaks a tail behind an instant, and its time is over.
fn holds(tail: &Tail, when: i64, (now, zone): (i64, &Zone), breaks: &[i64]) -> bool {
    let (least, end) = allowed(when, &tail.gaps, zone);
    let ends = tail.gaps.iter().any(|gap| matches!(gap, Gap::Within(_)));
    let next = breaks.partition_point(|at| *at <= when || *at < least);
    (!ends || end <= now) && breaks.get(next).is_none_or(|at| *at >= end)
}

/// The places of the bits that are set, ascending.
#[inline]
fn ones(bits: u64) -> impl Iterator<Item = usize> {
    let mut left = bits;
    std::iter::from_fn(move || {
        let bit = left.trailing_zeros() as usize;
        left &= left.wrapping_sub(1);
        (bit < 64).then_some(bit)
    })
}
