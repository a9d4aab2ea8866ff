//! Sequences: from a beginning of chosen events, the rest that ends earliest.
//!
//! What a rest may be depends on little: how many steps are chosen, and which
//! events of the last instant are among them. So each such beginning is
//! completed once.

use super::super::matcher::fits;
use super::super::place::Row;
use super::Ground;
use crate::query::predicate::{Gap, Link, Matcher, Sequence, Step, Tail};
use std::cell::RefCell;
use std::collections::HashMap;

/// How many steps are chosen, and the places of those of the last instant, the
/// last one at the end.
type Beginning = (usize, Vec<usize>);

/// The sequences among the events that agree.
pub(super) struct Chains<'c, 'g, 'a> {
    ground: &'c Ground<'g, 'a>,
    sequence: &'c Sequence,
    /// By place, whether the event agrees with the others.
    agrees: Vec<bool>,
    /// For each step, the places that may be chosen for it.
    choices: Vec<Vec<usize>>,
    /// The rest of each beginning that was looked at.
    rests: RefCell<HashMap<Beginning, Option<Vec<usize>>>>,
}

impl<'c, 'g, 'a> Chains<'c, 'g, 'a> {
    pub(super) fn among(
        ground: &'c Ground<'g, 'a>,
        sequence: &'c Sequence,
        agrees: impl Fn(usize) -> bool,
    ) -> Chains<'c, 'g, 'a> {
        let agrees: Vec<bool> = (0..ground.events.len()).map(agrees).collect();
        let (choices, rests) = (Vec::new(), RefCell::default());
        let mut chains = Chains { ground, sequence, agrees, choices, rests };
        chains.choices = (0..sequence.steps.len()).map(|step| chains.choices_of(step)).collect();
        chains
    }

    /// The match of each first event that begins one.
    pub(super) fn of_each_first(&self) -> Vec<Vec<usize>> {
        let of_first = |first: &usize| {
            let rest = self.rest((1, vec![*first]))?;
            let chosen: Vec<usize> = [vec![*first], rest].concat();
            self.ground.is_short(*first, *chosen.last()?).then_some(chosen)
        };
        self.choices[0].iter().filter_map(of_first).collect()
    }

    /// Where an event of a step may lie, whatever the others are.
    fn choices_of(&self, step: usize) -> Vec<usize> {
        let (windows, is_last) = (self.ground.windows, step + 1 == self.sequence.steps.len());
        (0..self.ground.events.len())
            .filter(|place| {
                self.fits(&self.sequence.steps[step].matcher, *place)
                    && self.ground.lies(&windows.each, *place)
                    && (step > 0 || self.ground.lies(&windows.first, *place))
                    && (!is_last || self.ground.lies(&windows.last, *place))
            })
            .collect()
    }

    fn fits(&self, matcher: &Matcher, place: usize) -> bool {
        let row = Row::of(self.ground.seen, self.ground.events[place]);
        self.agrees[place] && fits(matcher, &row)
    }

    /// The places that complete a beginning and end earliest; none if nothing does.
    fn rest(&self, beginning: Beginning) -> Option<Vec<usize>> {
        if let Some(known) = self.rests.borrow().get(&beginning) {
            return known.clone();
        }
        let found = self.completed(&beginning);
        self.rests.borrow_mut().insert(beginning, found.clone());
        found
    }

    fn completed(&self, beginning: &Beginning) -> Option<Vec<usize>> {
        let (n_chosen, tied) = beginning;
        let Some(step) = self.sequence.steps.get(*n_chosen) else {
            return self.is_end(beginning).then(Vec::new);
        };
        let last = *tied.last()?;
        let mut best: Option<Vec<usize>> = None;
        for next in self.choices[*n_chosen].iter().copied() {
            if tied.contains(&next) || !self.follows(step, last, next) {
                continue;
            }
            let is_tied = self.when(next) == self.when(last);
            let is_open = is_tied || self.is_clear(beginning) && self.is_between(step, tied, next);
            if !is_open {
                continue;
            }
            let tied = if is_tied { [tied.as_slice(), &[next]].concat() } else { vec![next] };
            let Some(rest) = self.rest((n_chosen + 1, tied)) else { continue };
            let chosen = [vec![next], rest].concat();
            let end = |places: &Vec<usize>| places.last().map(|place| self.when(*place));
            if best.as_ref().is_none_or(|best| end(&chosen) < end(best)) {
                best = Some(chosen);
            }
        }
        best
    }

    fn when(&self, place: usize) -> crate::model::Timestamp {
        self.ground.events[place].when
    }

    /// Whether an event follows another as its step says.
    fn follows(&self, step: &Step, last: usize, next: usize) -> bool {
        let linked = match step.link {
            Link::Then => self.when(last) <= self.when(next),
            Link::Strictly => self.when(last) < self.when(next),
            Link::Immediately => last + 1 == next,
        };
        linked
            && step.gaps.iter().all(|gap| match gap {
                Gap::Within(length) => !self.ground.is_past(last, next, length),
                Gap::AtLeast(length) => self.ground.is_past(last, next, length),
            })
    }

    /// Whether nothing that a step excludes lies from the last instant to before
    /// the next event.
    fn is_between(&self, step: &Step, tied: &[usize], next: usize) -> bool {
        let Some(other) = &step.without else { return true };
        let from = tied.last().map(|place| self.when(*place));
        !(0..next).any(|place| {
            from <= Some(self.when(place))
                && self.when(place) < self.when(next)
                && !tied.contains(&place)
                && self.fits(other, place)
        })
    }

    /// Whether nothing that the steps chosen at the last instant exclude lies at
    /// that instant; chosen events are not looked at, so this is asked when all
    /// of them are known.
    fn is_clear(&self, (n_chosen, tied): &Beginning) -> bool {
        let steps = &self.sequence.steps[n_chosen - tied.len()..*n_chosen];
        let at = tied.last().map(|place| self.when(*place));
        let is_there = |other: &Matcher| {
            (0..self.ground.events.len()).any(|place| {
                Some(self.when(place)) == at && !tied.contains(&place) && self.fits(other, place)
            })
        };
        !steps.iter().filter_map(|step| step.without.as_ref()).any(is_there)
    }

    /// Whether all steps are chosen and nothing follows that must not.
    fn is_end(&self, beginning: &Beginning) -> bool {
        self.is_clear(beginning)
            && self.sequence.tails.iter().all(|tail| self.is_true(tail, &beginning.1))
    }

    /// Whether the time of a tail has passed, and nothing of it lies in that time.
    fn is_true(&self, tail: &Tail, tied: &[usize]) -> bool {
        let Some(last) = tied.last().map(|place| self.ground.events[*place]) else { return false };
        let now = self.ground.seen.now;
        let is_over = tail.gaps.iter().any(|gap| match gap {
            Gap::Within(length) => self.ground.has_passed(last, now, length),
            Gap::AtLeast(_) => false,
        });
        let is_limited = tail.gaps.iter().any(|gap| matches!(gap, Gap::Within(_)));
        let inside = |place: usize| {
            tail.gaps.iter().all(|gap| match gap {
                Gap::Within(length) => !self.ground.has_passed(last, self.when(place), length),
                Gap::AtLeast(length) => self.ground.has_passed(last, self.when(place), length),
            })
        };
        let violates = |place: usize| {
            last.when <= self.when(place)
                && inside(place)
                && !tied.contains(&place)
                && self.fits(&tail.matcher, place)
        };
        (is_over || !is_limited) && !(0..self.ground.events.len()).any(violates)
    }
}
