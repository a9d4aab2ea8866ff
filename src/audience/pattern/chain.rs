//! Sequences: from the last instant back to the first, when the earliest match
//! ends that begins a step at an event.
//!
//! Between instants nothing is remembered but that end: what one instant's
//! events must not have left over for the next step is settled where they are
//! chosen.

use super::super::eval::Horizon;
use super::mark::{Bits, Mark, Moment};
use super::reach::{past, stretch};
use crate::model::Zone;
use crate::query::predicate::{Gap, Length, Link, Pattern, Sequence, Step, Tail};
use std::collections::VecDeque;

/// No match.
const NONE: i64 = i64::MAX;

/// A sequence that is looked for at an instant.
pub(crate) struct Chain<'c> {
    steps: &'c [Step],
    tails: &'c [Tail],
    total: Option<&'c Length>,
    now: i64,
    /// The person's zone, where lengths are told by it.
    theirs: Option<&'c Zone>,
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
struct Search<'s, 'm> {
    chain: &'s Chain<'s>,
    moments: &'s [Moment<'m>],
    /// By step and instant, the earliest end of what begins there.
    begun: Vec<Vec<i64>>,
    /// By step, the place of one event of the instant that comes next, and the
    /// earliest end of what begins with it.
    next: Vec<(u32, i64)>,
    /// The same of the instant that is looked at.
    written: Vec<(u32, i64)>,
    /// By step, the earliest end of what begins behind the instant.
    reached: Vec<i64>,
    ahead: Vec<Ahead>,
    horizon: &'s Horizon,
}

impl<'c> Chain<'c> {
    pub(crate) fn of(
        pattern: &'c Pattern,
        sequence: &'c Sequence,
        now: i64,
        theirs: Option<&'c Zone>,
    ) -> Chain<'c> {
        let (steps, tails) = (&sequence.steps[..], &sequence.tails[..]);
        Chain { steps, tails, total: pattern.total.as_ref(), now, theirs }
    }

    /// Hands over each event that begins a match, the last one first: when it is,
    /// and the earliest end of such a match; for as long as more are wanted. Notes
    /// when tails come true, as far as it has looked.
    pub(crate) fn each_first(
        &self,
        moments: &[Moment<'_>],
        horizon: &Horizon,
        wants_more: &mut dyn FnMut(i64, i64) -> bool,
    ) {
        let (n_steps, none) =
            (self.steps.len(), || Ahead { from: moments.len(), ..Ahead::default() });
        let mut search = Search {
            chain: self,
            moments,
            begun: vec![vec![NONE; moments.len()]; n_steps],
            next: vec![(u32::MAX, NONE); n_steps],
            written: vec![(u32::MAX, NONE); n_steps],
            reached: vec![NONE; n_steps],
            ahead: self.steps.iter().map(|_| none()).collect(),
            horizon,
        };
        (0..moments.len()).rev().all(|at| search.look_at(at, wants_more));
    }

    fn past(&self, from: i64, length: &Length) -> i64 {
        past(from, length, self.theirs)
    }

    fn stretch(&self, from: i64, gaps: &[Gap]) -> (i64, i64) {
        stretch(from, gaps, self.theirs)
    }

    /// How many events begin a match; notes when tails come true.
    pub(crate) fn n_firsts(&self, moments: &[Moment<'_>], horizon: &Horizon) -> u64 {
        let mut n_firsts = 0;
        self.each_first(moments, horizon, &mut |_, _| {
            n_firsts += 1;
            true
        });
        n_firsts
    }
}

impl Search<'_, '_> {
    /// Looks at the matches that begin at an instant, and hands over whole ones;
    /// whether more are wanted.
    fn look_at(&mut self, at: usize, wants_more: &mut dyn FnMut(i64, i64) -> bool) -> bool {
        let moment = &self.moments[at];
        let limit = self.chain.total.map_or(NONE, |total| self.chain.past(moment.when, total));
        for step in 1..self.chain.steps.len() {
            self.reached[step] = self.onwards(step, at);
        }
        let mut goes_on = true;
        for step in 0..self.chain.steps.len() {
            let mut of_first = (u32::MAX, NONE);
            for (n, mark) in moment.marks.iter().enumerate() {
                if mark.steps & 1 << step == 0 {
                    continue;
                }
                let end = self.earliest(&Run { at, first: step, len: 1, last: n, before: None });
                self.begun[step][at] = self.begun[step][at].min(end);
                if n == 0 {
                    of_first = (mark.place, end);
                }
                if step == 0 && end < limit && goes_on {
                    goes_on = wants_more(moment.when, end);
                }
            }
            if moment.without & 1 << step != 0 {
                self.ahead[step].blocked = Some(at);
            }
            self.written[step] = of_first;
        }
        std::mem::swap(&mut self.next, &mut self.written);
        goes_on
    }

    /// The earliest end of a step's beginnings behind an instant, as far as gaps
    /// and what may not lie between allow. Instants are asked about backwards.
    fn onwards(&mut self, step: usize, at: usize) -> i64 {
        let (least, end) = self.chain.stretch(self.moments[at].when, &self.chain.steps[step].gaps);
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
    fn earliest(&self, run: &Run<'_>) -> i64 {
        let moment = &self.moments[run.at];
        let next = run.first + run.len;
        let mut best = if run.is_clear(moment) { self.left(run, next) } else { NONE };
        // Most instants have one event.
        let others = if moment.marks.len() > 1 { self.chain.steps.get(next) } else { None };
        let Some(step) = others.filter(|step| may_be_tied(step)) else {
            return best;
        };
        let mut tried: Vec<[Bits; 3]> = Vec::new();
        for (n, mark) in moment.marks.iter().enumerate() {
            let kind = [mark.steps, mark.without, mark.tails];
            let is_next =
                step.link != Link::Immediately || run.last(moment).place + 1 == mark.place;
            if mark.steps & 1 << next == 0 || run.has(n) || !is_next {
                continue;
            }
            if !self.is_adjacent() {
                if tried.contains(&kind) {
                    continue;
                }
                tried.push(kind);
            }
            let longer = Run { len: run.len + 1, last: n, before: Some(run), ..*run };
            best = best.min(self.earliest(&longer));
        }
        best
    }

    fn is_adjacent(&self) -> bool {
        self.chain.steps.iter().any(|step| step.link == Link::Immediately)
    }

    /// The earliest end if the next step lies at a later instant, or if there is none.
    fn left(&self, run: &Run<'_>, next: usize) -> i64 {
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
            return self.reached[next];
        }
        let (place, end) = self.next[next];
        let (least, before) = self.chain.stretch(moment.when, &step.gaps);
        let is_next = place == run.last(moment).place + 1;
        let lies = self.moments.get(run.at + 1).is_some_and(|m| least <= m.when && m.when < before);
        if is_next && lies { end } else { NONE }
    }

    /// Whether the time of a tail is over and nothing of it lies in that time.
    fn is_true(&self, n: usize, tail: &Tail, run: &Run<'_>) -> bool {
        let moment = &self.moments[run.at];
        let (least, end) = self.chain.stretch(moment.when, &tail.gaps);
        let is_limited = tail.gaps.iter().any(|gap| matches!(gap, Gap::Within(_)));
        let breaks = |mark: &Mark| mark.tails & 1 << n != 0;
        let from = self.moments.partition_point(|moment| moment.when < least).max(run.at + 1);
        let later = self.moments[from..].iter().take_while(|moment| moment.when < end);
        let broken = later.into_iter().any(|moment| moment.tails & 1 << n != 0)
            || (least <= moment.when && moment.when < end && run.leaves(moment, breaks));
        if broken {
            return false;
        }
        if is_limited && self.chain.now < end {
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
#[derive(Clone, Copy)]
struct Run<'r> {
    at: usize,
    first: usize,
    len: usize,
    /// The one chosen for the last of these steps.
    last: usize,
    /// Those chosen for the steps before it.
    before: Option<&'r Run<'r>>,
}

impl Run<'_> {
    fn last<'m>(&self, moment: &Moment<'m>) -> &'m Mark {
        &moment.marks[self.last]
    }

    /// Whether an event of the instant is chosen.
    fn has(&self, n: usize) -> bool {
        self.last == n || self.before.is_some_and(|before| before.has(n))
    }

    /// Whether an event of the instant that is not chosen is like that.
    fn leaves(&self, moment: &Moment<'_>, like: impl Fn(&Mark) -> bool) -> bool {
        let mut marks = moment.marks.iter().enumerate();
        marks.any(|(n, mark)| like(mark) && !self.has(n))
    }

    /// Whether no event is left that may not lie before a chosen step.
    fn is_clear(&self, moment: &Moment<'_>) -> bool {
        let steps = self.first..self.first + self.len;
        let bits: Bits = steps.fold(0, |bits, step| bits | 1 << step);
        moment.without & bits == 0 || !self.leaves(moment, |mark| mark.without & bits != 0)
    }
}
