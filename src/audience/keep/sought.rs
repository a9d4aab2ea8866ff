//! Patterns decided from kept marks, and until when that stays.

use super::super::eval::{Horizon, NEVER};
use super::super::pattern::{Candidate, Chain, Mark, combined, moments};
use super::super::plan::{Sought, Threshold};
use super::cell::Kind;
use super::marks::Marks;
use crate::query::predicate::{Form, Sequence};

/// Whether a pattern is there at an instant, and until when that stays.
pub(super) fn sought_decided(body: Option<&Kind>, sought: &Sought, at: i64) -> (bool, i64) {
    let Some(Kind::Marks(marks)) = body else {
        return (sought.pattern.count.contains(0), NEVER);
    };
    let search = Search { sought, at, horizon: Horizon::default() };
    match sought.threshold() {
        Some(Threshold { least, negated }) => {
            let (reached, until) = search.reaches(marks, least);
            (reached != negated, until)
        }
        None => {
            let n_matches = search.n_matches(marks);
            (sought.pattern.count.contains(n_matches), search.horizon.get())
        }
    }
}

struct Search<'a> {
    sought: &'a Sought,
    at: i64,
    horizon: Horizon,
}

impl Search<'_> {
    /// Whether so many matches or more are there, of a number that falls as the
    /// first events leave windows and rises only by tails.
    fn reaches(&self, marks: &Marks, least: u64) -> (bool, i64) {
        if least == 0 {
            return (true, NEVER);
        }
        let mut leaves = match &self.sought.pattern.form {
            Form::Combination { needed, .. } => {
                let found = self.combination(marks, *needed);
                found.map(|(first, last)| self.sought.leaves(first, last)).into_iter().collect()
            }
            Form::Sequence(sequence) => self.sequences(marks, sequence, least),
        };
        match usize::try_from(least).ok().filter(|least| *least <= leaves.len()) {
            None => (false, self.horizon.get()),
            Some(least) => {
                leaves.sort_unstable_by(|left, right| right.cmp(left));
                (true, leaves[least - 1])
            }
        }
    }

    /// When each match leaves its windows, of no more than are wanted; of those that
    /// agree on something, one.
    fn sequences(&self, marks: &Marks, sequence: &Sequence, least: u64) -> Vec<i64> {
        let chain = Chain::of(&self.sought.pattern, sequence, self.at, None);
        let wanted = if sequence.same.is_some() { 1 } else { least };
        let (mut leaves, mut placed) = (Vec::new(), Vec::new());
        for group in marks.groups() {
            self.place(group, sequence, &mut placed);
            let mut n_found = 0;
            chain.each_first(&moments(&placed), &self.horizon, &mut |first, last| {
                n_found += 1;
                leaves.push(self.sought.leaves(first, last));
                n_found < wanted
            });
        }
        leaves
    }

    /// How many matches there are; notes everything that may change that.
    fn n_matches(&self, marks: &Marks) -> u64 {
        for mark in marks.groups().flatten() {
            self.sought.turns(mark.when).for_each(|at| self.horizon.note_after(self.at, at));
        }
        match &self.sought.pattern.form {
            Form::Combination { needed, .. } => {
                u64::from(self.combination(marks, *needed).is_some())
            }
            Form::Sequence(sequence) => {
                let chain = Chain::of(&self.sought.pattern, sequence, self.at, None);
                let mut placed = Vec::new();
                let mut count = |group: &[Mark]| {
                    self.place(group, sequence, &mut placed);
                    let n_firsts = chain.n_firsts(&moments(&placed), &self.horizon);
                    if sequence.same.is_some() { n_firsts.min(1) } else { n_firsts }
                };
                marks.groups().map(&mut count).sum()
            }
        }
    }

    /// The marks as windows leave them.
    fn place(&self, marks: &[Mark], sequence: &Sequence, placed: &mut Vec<Mark>) {
        placed.clear();
        let last = 1 << (sequence.steps.len() - 1);
        for mark in marks {
            let (any, may_be_first, may_be_last) = self.sought.allowed(mark.when, self.at);
            let mut steps = if any { mark.steps } else { 0 };
            steps &= if may_be_first { !0 } else { !1 };
            steps &= if may_be_last { !0 } else { !last };
            let mark = Mark { steps, ..*mark };
            if mark.matters() {
                placed.push(mark);
            }
        }
    }

    fn combination(&self, marks: &Marks, needed: usize) -> Option<(i64, i64)> {
        let candidate = |mark: &Mark| {
            let (any, may_be_first, may_be_last) = self.sought.allowed(mark.when, self.at);
            let (when, kinds) = (mark.when, mark.steps);
            any.then_some(Candidate { when, kinds, may_be_first, may_be_last })
        };
        let candidates: Vec<Candidate> = marks.groups().flatten().filter_map(candidate).collect();
        combined(&self.sought.pattern, &candidates, needed, None)
    }
}
