//! Sequences: from the last instant back to the first, when the earliest match
//! ends that begins a step at an event.
//!
//! Between instants nothing is remembered but that end: what one instant's
//! events must not have left over for the next step is settled where they are
//! chosen.

use super::super::super::eval::Horizon;
use super::moment::{Mark, Moment};
use super::{Bits, Pattern, Scan};
use crate::query::predicate::{Gap, Length, Link, Sequence, Step, Tail};
use std::collections::VecDeque;

/// No match.
const NONE: i64 = i64::MAX;

/// A sequence that is looked for at an instant.
pub(super) struct Chain<'c> {
    steps: &'c [Step],
    tails: &'c [Tail],
    total: Option<&'c Length>,
    scan: &'c Scan<'c>,
}

/// The instants that a step may lie at, behind the one that is looked from.
#[derive(Default)]
struct Ahead {
    /// By instant, the earliest end of what begins there; the nearest at the
    /// front, and behind it only what ends earlier.
    ends: VecDeque<(usize, i64)>,
    /// The first instant that was let in.
    from: usize,
    /// The nearest instant with an event that may not lie before the step.
    blocked: Option<usize>,
}

/// What is known of the instants behind the one that is looked at.
struct Search<'s, 'm, 'a> {
    chain: &'s Chain<'s>,
    moments: &'s [Moment<'m, 'a>],
    /// By step and instant, the earliest end of what begins there.
    begun: Vec<Vec<i64>>,
    /// By step, the same for one event; only of the instant that comes next.
    next: Vec<(usize, i64)>,
    ahead: Vec<Ahead>,
    horizon: &'s Horizon,
}

impl<'c> Chain<'c> {
    pub(super) fn of(
        pattern: &'c Pattern,
        sequence: &'c Sequence,
        scan: &'c Scan<'c>,
    ) -> Chain<'c> {
        let (steps, tails) = (&sequence.steps[..], &sequence.tails[..]);
        Chain { steps, tails, total: pattern.total.as_ref(), scan }
    }

    /// How many events begin a match; notes when tails come true.
    pub(super) fn n_firsts(&self, moments: &[Moment<'_, '_>], horizon: &Horizon) -> usize {
        let ahead = || Ahead { from: moments.len(), ..Ahead::default() };
        let mut search = Search {
            chain: self,
            moments,
            begun: vec![vec![NONE; moments.len()]; self.steps.len()],
            next: vec![(usize::MAX, NONE); self.steps.len()],
            ahead: self.steps.iter().map(|_| ahead()).collect(),
            horizon,
        };
        (0..moments.len()).rev().map(|at| search.look_at(at)).sum()
    }
}

impl Search<'_, '_, '_> {
    /// Looks at the matches that begin at an instant; gives how many whole ones do.
    fn look_at(&mut self, at: usize) -> usize {
        let moment = &self.moments[at];
        let mut n_firsts = 0;
        let limit = self.chain.total.map_or(NONE, |total| self.chain.scan.past(moment.when, total));
        let reached: Vec<i64> =
            (0..self.chain.steps.len()).map(|step| self.onwards(step, at)).collect();
        let mut next = Vec::new();
        for step in 0..self.chain.steps.len() {
            let mut of_first = (usize::MAX, NONE);
            for (n, mark) in moment.marks.iter().enumerate() {
                if mark.steps & 1 << step == 0 {
                    continue;
                }
                let run = Run { at, first: step, chosen: vec![n] };
                let end = self.earliest(&run, &reached);
                self.begun[step][at] = self.begun[step][at].min(end);
                if n == 0 {
                    of_first = (mark.place, end);
                }
                n_firsts += usize::from(step == 0 && end < limit);
            }
            if moment.without & 1 << step != 0 {
                self.ahead[step].blocked = Some(at);
            }
            next.push(of_first);
        }
        self.next = next;
        n_firsts
    }

    /// The earliest end of a step's beginnings behind an instant, as far as gaps
    /// and what may not lie between allow. Instants are asked about backwards.
    fn onwards(&mut self, step: usize, at: usize) -> i64 {
        let (least, end) =
            self.chain.scan.stretch(self.moments[at].when, &self.chain.steps[step].gaps);
        let Ahead { ends, from, blocked } = &mut self.ahead[step];
        while *from > at + 1 && self.moments[*from - 1].when >= least {
            *from -= 1;
            let new = self.begun[step][*from];
            while ends.front().is_some_and(|(_, end)| *end >= new) {
                ends.pop_front();
            }
            ends.push_front((*from, new));
        }
        let is_beyond = |place: usize| {
            self.moments[place].when >= end || blocked.is_some_and(|blocked| place > blocked)
        };
        while ends.back().is_some_and(|(place, _)| is_beyond(*place)) {
            ends.pop_back();
        }
        ends.back().map_or(NONE, |(_, end)| *end)
    }

    /// The earliest end of a match that goes on like this. Of events that are
    /// good for the same, one is tried.
    fn earliest(&self, run: &Run, reached: &[i64]) -> i64 {
        let moment = &self.moments[run.at];
        let next = run.first + run.chosen.len();
        let mut best = if run.is_clear(moment) { self.left(run, next, reached) } else { NONE };
        let Some(step) = self.chain.steps.get(next).filter(|step| may_be_tied(step)) else {
            return best;
        };
        let mut tried: Vec<[Bits; 3]> = Vec::new();
        for (n, mark) in moment.marks.iter().enumerate() {
            let kind = [mark.steps, mark.without, mark.tails];
            let is_next =
                step.link != Link::Immediately || run.last(moment).place + 1 == mark.place;
            if mark.steps & 1 << next == 0 || run.chosen.contains(&n) || !is_next {
                continue;
            }
            if !self.is_adjacent() {
                if tried.contains(&kind) {
                    continue;
                }
                tried.push(kind);
            }
            let chosen = [&run.chosen[..], &[n]].concat();
            best = best.min(self.earliest(&Run { chosen, ..*run }, reached));
        }
        best
    }

    fn is_adjacent(&self) -> bool {
        self.chain.steps.iter().any(|step| step.link == Link::Immediately)
    }

    /// The earliest end if the next step lies at a later instant, or if there is none.
    fn left(&self, run: &Run, next: usize, reached: &[i64]) -> i64 {
        let moment = &self.moments[run.at];
        let Some(step) = self.chain.steps.get(next) else {
            let mut tails = self.chain.tails.iter().enumerate();
            let is_whole = tails.all(|(n, tail)| self.is_true(n, tail, run));
            return if is_whole { moment.when } else { NONE };
        };
        if run.leaves(moment, |mark| mark.without & 1 << next != 0) {
            return NONE;
        }
        if step.link != Link::Immediately {
            return reached[next];
        }
        let (place, end) = self.next[next];
        let (least, before) = self.chain.scan.stretch(moment.when, &step.gaps);
        let is_next = place == run.last(moment).place + 1;
        let lies = self.moments.get(run.at + 1).is_some_and(|m| least <= m.when && m.when < before);
        if is_next && lies { end } else { NONE }
    }

    /// Whether the time of a tail is over and nothing of it lies in that time.
    fn is_true(&self, n: usize, tail: &Tail, run: &Run) -> bool {
        let moment = &self.moments[run.at];
        let (least, end) = self.chain.scan.stretch(moment.when, &tail.gaps);
        let is_limited = tail.gaps.iter().any(|gap| matches!(gap, Gap::Within(_)));
        let breaks = |mark: &Mark<'_>| mark.tails & 1 << n != 0;
        let from = self.moments.partition_point(|moment| moment.when < least).max(run.at + 1);
        let later = self.moments[from..].iter().take_while(|moment| moment.when < end);
        let broken = later.into_iter().any(|moment| moment.tails & 1 << n != 0)
            || (least <= moment.when && moment.when < end && run.leaves(moment, breaks));
        if broken {
            return false;
        }
        if is_limited && self.chain.scan.at() < end {
            self.horizon.note(end);
            return false;
        }
        true
    }
}

/// Whether a step may lie at the instant of the one before: no length has passed.
fn may_be_tied(step: &Step) -> bool {
    step.link != Link::Strictly && !step.gaps.iter().any(|gap| matches!(gap, Gap::AtLeast(_)))
}

/// Events of one instant, chosen for a step and those behind it.
#[derive(Clone)]
struct Run {
    at: usize,
    first: usize,
    chosen: Vec<usize>,
}

impl Run {
    fn last<'m, 'a>(&self, moment: &Moment<'m, 'a>) -> &'m Mark<'a> {
        &moment.marks[self.chosen[self.chosen.len() - 1]]
    }

    /// Whether an event of the instant that is not chosen is like that.
    fn leaves(&self, moment: &Moment<'_, '_>, like: impl Fn(&Mark<'_>) -> bool) -> bool {
        let mut marks = moment.marks.iter().enumerate();
        marks.any(|(n, mark)| !self.chosen.contains(&n) && like(mark))
    }

    /// Whether no event is left that may not lie before a chosen step.
    fn is_clear(&self, moment: &Moment<'_, '_>) -> bool {
        let steps = self.first..self.first + self.chosen.len();
        let bits: Bits = steps.fold(0, |bits, step| bits | 1 << step);
        moment.without & bits == 0 || !self.leaves(moment, |mark| mark.without & bits != 0)
    }
}
