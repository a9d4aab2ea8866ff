//! Combinations: from each event that may be the first, the shortest stretch
//! that has enough kinds.

use super::super::super::row::{Row, fits};
use super::super::Scan;
use super::{Bits, Windows};
use crate::query::predicate::{Binds, Matcher, Pattern};

/// An event that may be chosen.
struct Candidate {
    when: i64,
    kinds: Bits,
    may_be_first: bool,
    may_be_last: bool,
}

impl Scan<'_> {
    /// Whether different events are there for so many kinds.
    pub(super) fn is_combined(&self, pattern: &Pattern, kinds: &[Matcher], needed: usize) -> bool {
        let candidates = self.candidates(pattern, kinds);
        if needed == 1 {
            return candidates.iter().any(|one| one.may_be_first && one.may_be_last);
        }
        let binds_last = pattern.windows.iter().any(|placing| placing.binds == Binds::Last);
        let mut stretch = Stretch { candidates: &candidates, to: 0, counts: Vec::new(), needed };
        candidates.iter().any(|one| {
            let is_reached = stretch.reach();
            stretch.leave(one);
            if !one.may_be_first || !is_reached {
                return false;
            }
            let limit = pattern.total.as_ref().map_or(i64::MAX, |total| self.past(one.when, total));
            let lasts = candidates[stretch.to - 1..].iter().take_while(|last| last.when < limit);
            let mut lasts = lasts.take(if binds_last { candidates.len() } else { 1 });
            // Two events have two kinds between them; the others can be added to any such two.
            lasts.any(|last| last.may_be_last && (one.kinds | last.kinds).count_ones() > 1)
        })
    }

    fn candidates(&self, pattern: &Pattern, kinds: &[Matcher]) -> Vec<Candidate> {
        let windows = Windows::of(self, pattern);
        let mut found = Vec::new();
        for row in self.visible().iter().filter(|row| row.name().is_some()) {
            let bit = |(n, kind)| Bits::from(fits(Row::of(row), kind, Some(self))) << n;
            let kinds: Bits = kinds.iter().enumerate().map(bit).sum();
            if kinds == 0 {
                continue;
            }
            // Two bits that stand for being the first and the last.
            let allowed = windows.allowed(row, Bits::MAX, 1, 2);
            let is_each = |bound: Bits| allowed & bound != 0;
            if is_each(!3) {
                let (may_be_first, may_be_last) = (is_each(1), is_each(2));
                let when = row.when.millis();
                found.push(Candidate { when, kinds, may_be_first, may_be_last });
            }
        }
        found
    }
}

/// A stretch of candidates, of which each kind of candidate is counted; its
/// beginning and its end only move on.
struct Stretch<'c> {
    candidates: &'c [Candidate],
    to: usize,
    counts: Vec<(Bits, usize)>,
    needed: usize,
}

impl Stretch<'_> {
    /// Moves the end to where enough kinds are there; `false` if there are none.
    fn reach(&mut self) -> bool {
        while n_kinds(&self.counts) < self.needed {
            let Some(next) = self.candidates.get(self.to) else { return false };
            self.to += 1;
            match self.counts.iter_mut().find(|(kinds, _)| *kinds == next.kinds) {
                Some((_, count)) => *count += 1,
                None => self.counts.push((next.kinds, 1)),
            }
        }
        true
    }

    /// Moves the beginning behind a candidate.
    fn leave(&mut self, one: &Candidate) {
        if let Some((_, count)) = self.counts.iter_mut().find(|(kinds, _)| *kinds == one.kinds) {
            *count = count.saturating_sub(1);
        }
    }
}

/// How many of these events can have kinds of their own at once; of events that
/// are good for the same kinds no more than there are such kinds.
fn n_kinds(counts: &[(Bits, usize)]) -> usize {
    let mut holders: Vec<Option<Bits>> = Vec::new();
    for (kinds, count) in counts {
        let n_useful = (*count).min(kinds.count_ones() as usize);
        for _ in 0..n_useful {
            place(*kinds, &mut holders, &mut 0);
        }
    }
    holders.iter().flatten().count()
}

/// Gives an event a kind that is free, or that its holder can do without.
fn place(kinds: Bits, holders: &mut Vec<Option<Bits>>, asked: &mut Bits) -> bool {
    for kind in (0..Bits::BITS).filter(|kind| kinds & 1 << kind != 0) {
        if *asked & 1 << kind != 0 {
            continue;
        }
        *asked |= 1 << kind;
        let kind = kind as usize;
        if holders.len() <= kind {
            holders.resize(kind + 1, None);
        }
        if holders[kind].is_none_or(|other| place(other, holders, asked)) {
            holders[kind] = Some(kinds);
            return true;
        }
    }
    false
}
