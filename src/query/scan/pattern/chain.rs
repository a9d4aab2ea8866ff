//! Sequences, step by step from the last one back: when the earliest match ends
//! whose step lies at an instant.

use super::allowed;
use super::events::Event;
use super::instants::Instants;
use super::role;
use crate::model::Zone;
use crate::query::predicate::{Gap, Length, Link, Sequence, Step, Tail};
use crate::query::scan::plan::after;

const NEVER: i64 = i64::MAX;

/// A sequence as of an instant.
pub struct Chain<'p> {
    steps: &'p [Step],
    tails: &'p [Tail],
    total: Option<&'p Length>,
    now: i64,
    zone: &'p Zone,
}

/// What is known of the steps behind the one that is looked at.
struct Known {
    /// By step and instant: the earliest end, if the step lies behind the instant.
    behind: Vec<Vec<i64>>,
    /// By step and instant: the same, if it is the first event of the next instant.
    adjacent: Vec<Vec<i64>>,
}

impl<'p> Chain<'p> {
    pub fn new(
        pattern: &'p crate::query::predicate::Pattern,
        sequence: &'p Sequence,
        (now, zone): (i64, &'p Zone),
    ) -> Chain<'p> {
        let (steps, tails) = (&sequence.steps[..], &sequence.tails[..]);
        Chain { steps, tails, total: pattern.total.as_ref(), now, zone }
    }

    /// How many events begin a match.
    pub fn n_firsts(&self, instants: &Instants<'_>) -> u64 {
        let has_all = (0..self.steps.len())
            .all(|step| instants.bits.iter().any(|bits| bits & role::step(step) != 0));
        if !has_all {
            return 0;
        }
        let mut known = Known {
            behind: vec![Vec::new(); self.steps.len()],
            adjacent: vec![Vec::new(); self.steps.len()],
        };
        for step in (1..self.steps.len()).rev() {
            let ends: Vec<Vec<i64>> =
                (0..instants.len()).map(|at| self.ends(step, at, instants, &known)).collect();
            known.adjacent[step] = self.side_by_side(step, instants, &ends);
            let least: Vec<i64> =
                ends.iter().map(|ends| ends.iter().copied().min().unwrap_or(NEVER)).collect();
            known.behind[step] = self.onwards(step, instants, &least);
        }
        let begins = |at: usize| {
            let limit =
                self.total.map_or(NEVER, |total| after(instants.whens[at], total, self.zone));
            let ends = self.ends(0, at, instants, &known);
            ends.into_iter().filter(|end| *end < limit).count() as u64
        };
        (0..instants.len()).map(begins).sum()
    }

    /// The earliest end from each mark of an instant that may be the step.
    fn ends(&self, step: usize, at: usize, instants: &Instants<'_>, known: &Known) -> Vec<i64> {
        let marks = instants.at(at);
        let wanted = role::step(step);
        let mut end_of = |n: usize| {
            if marks[n].bits & wanted == 0 {
                return NEVER;
            }
            let mut used = vec![false; marks.len()];
            used[n] = true;
            let place = Place { instants, known, at, first: step };
            self.end(&place, step, n, &mut used)
        };
        (0..marks.len()).map(&mut end_of).collect()
    }

    /// The earliest end when these marks of an instant are used, the last of
    /// them for a step: the next step lies there too, or behind.
    fn end(&self, place: &Place<'_, '_>, step: usize, last: usize, used: &mut Vec<bool>) -> i64 {
        let marks = place.instants.at(place.at);
        let mut least = self.end_behind(place, step, last, used);
        let next = step + 1;
        let tied = self.steps.get(next).filter(|step| {
            let waits = step.gaps.iter().any(|gap| matches!(gap, Gap::AtLeast(_)));
            step.link != Link::Strictly && !waits
        });
        let Some(tied) = tied else { return least };
        for n in 0..marks.len() {
            let is_wanted = !used[n] && marks[n].bits & role::step(next) != 0;
            let is_beside = marks[n].place == marks[last].place + 1;
            let is_double = || {
                let alike = |other: usize| !used[other] && marks[other].bits == marks[n].bits;
                !self.is_adjacent() && (0..n).any(alike)
            };
            if !is_wanted || (tied.link == Link::Immediately && !is_beside) || is_double() {
                continue;
            }
            used[n] = true;
            least = least.min(self.end(place, next, n, used));
            used[n] = false;
        }
        least
    }

    fn is_adjacent(&self) -> bool {
        self.steps.iter().any(|step| step.link == Link::Immediately)
    }

    fn end_behind(&self, place: &Place<'_, '_>, step: usize, last: usize, used: &[bool]) -> i64 {
        let marks = place.instants.at(place.at);
        let unused =
            |bits: u64| marks.iter().zip(used).any(|(mark, used)| !used && mark.bits & bits != 0);
        // What may not lie before the chosen steps, nor before the next one.
        let next = step + 1;
        let steps = place.first..=next.min(self.steps.len() - 1);
        let excluded = steps.fold(0, |bits, n| bits | role::without(n));
        if unused(excluded) {
            return NEVER;
        }
        let when = place.instants.whens[place.at];
        match self.steps.get(next) {
            None if self.tails_hold(place, &unused) => when,
            None => NEVER,
            Some(step) if step.link == Link::Immediately => {
                if marks[last].place + 1 == next_place(place) {
                    place.known.adjacent[next][place.at]
                } else {
                    NEVER
                }
            }
            Some(_) => place.known.behind[next][place.at],
        }
    }

    /// Whether nothing of a tail follows, and its time is over.
    fn tails_hold(&self, place: &Place<'_, '_>, unused: &impl Fn(u64) -> bool) -> bool {
        let Place { instants, at, .. } = place;
        self.tails.iter().enumerate().all(|(n, tail)| {
            let (least, end) = allowed(instants.whens[*at], &tail.gaps, self.zone);
            let waits = tail.gaps.iter().any(|gap| matches!(gap, Gap::Within(_)));
            let breaks = role::tail(n);
            let later = instants.from(least).max(at + 1)..instants.from(end);
            let is_now = least <= instants.whens[*at] && instants.whens[*at] < end;
            let is_over = !waits || end <= self.now;
            let is_broken = later.into_iter().any(|later| instants.bits[later] & breaks != 0);
            is_over && !is_broken && (!is_now || !unused(breaks))
        })
    }

    /// For each instant the earliest end of a step that lies behind it, as far
    /// as its gaps and what may not lie before it allow.
    fn onwards(&self, step: usize, instants: &Instants<'_>, ends: &[i64]) -> Vec<i64> {
        let least = Least::of(ends);
        let without = role::without(step);
        let mut blocked = instants.len();
        let mut found = vec![NEVER; instants.len()];
        for at in (0..instants.len()).rev() {
            let (from, end) = allowed(instants.whens[at], &self.steps[step].gaps, self.zone);
            let to = instants.from(end).min(blocked.saturating_add(1)).min(instants.len());
            found[at] = least.among(instants.from(from).max(at + 1), to);
            if instants.bits[at] & without != 0 {
                blocked = at;
            }
        }
        found
    }

    /// For each instant the end from the first mark of the next one.
    fn side_by_side(&self, step: usize, instants: &Instants<'_>, ends: &[Vec<i64>]) -> Vec<i64> {
        let of = |at: usize| {
            let Some(first) = ends.get(at + 1).and_then(|ends| ends.first()) else { return NEVER };
            let (from, end) = allowed(instants.whens[at], &self.steps[step].gaps, self.zone);
            if (from..end).contains(&instants.whens[at + 1]) { *first } else { NEVER }
        };
        (0..instants.len()).map(of).collect()
    }
}

/// An instant that is looked at, and the first step that lies there.
struct Place<'k, 'm> {
    instants: &'k Instants<'m>,
    known: &'k Known,
    at: usize,
    first: usize,
}

/// The place of the first mark of the next instant.
fn next_place(place: &Place<'_, '_>) -> usize {
    let next = place.at + 1;
    if next == place.instants.len() {
        return usize::MAX;
    }
    place.instants.at(next).first().map_or(usize::MAX, |mark: &Event| mark.place)
}

/// The least of neighbouring values: of each stretch of a power of two.
struct Least(Vec<Vec<i64>>);

impl Least {
    fn of(values: &[i64]) -> Least {
        let mut levels = vec![values.to_vec()];
        for level in 0.. {
            let (below, half) = (&levels[level], 1 << level);
            if below.len() <= half {
                break;
            }
            let pairs = below.iter().zip(&below[half..]).map(|(left, right)| *left.min(right));
            levels.push(pairs.collect());
        }
        Least(levels)
    }

    /// The least from one place to before another.
    fn among(&self, from: usize, to: usize) -> i64 {
        if from >= to {
            return NEVER;
        }
        let level = (to - from).ilog2() as usize;
        self.0[level][from].min(self.0[level][to - (1 << level)])
    }
}
