//! Combinations: from each event that may be the first, the shortest stretch
//! that has enough kinds.

use super::mark::Bits;
use super::reach::past;
use crate::model::Zone;
use crate::query::predicate::{Binds, Pattern};

/// An event that may be chosen.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) when: i64,
    pub(crate) kinds: Bits,
    pub(crate) may_be_first: bool,
    pub(crate) may_be_last: bool,
}

/// Of the matches that begin last, when the first event and the last one are;
/// `None` if there are not different events for so many kinds.
pub(crate) fn combined(
    pattern: &Pattern,
    candidates: &[Candidate],
    needed: usize,
    theirs: Option<&Zone>,
) -> Option<(i64, i64)> {
    if needed == 1 {
        let alone = candidates.iter().rev().find(|one| one.may_be_first && one.may_be_last)?;
        return Some((alone.when, alone.when));
    }
    let binds_last = pattern.windows.iter().any(|placing| placing.binds == Binds::Last);
    let mut stretch = Stretch { candidates, to: 0, counts: Vec::new(), needed };
    let mut found = None;
    for one in candidates {
        let is_reached = stretch.reach();
        stretch.leave(one);
        if !is_reached {
            break;
        }
        if !one.may_be_first {
            continue;
        }
        let limit = pattern.total.as_ref().map_or(i64::MAX, |total| past(one.when, total, theirs));
        let lasts = candidates[stretch.to - 1..].iter().take_while(|last| last.when < limit);
        let mut lasts = lasts.take(if binds_last { candidates.len() } else { 1 });
        // Two events have two kinds between them; the others can be added to any such two.
        let are_two =
            |last: &&Candidate| last.may_be_last && (one.kinds | last.kinds).count_ones() > 1;
        found = lasts.find(are_two).map(|last| (one.when, last.when)).or(found);
    }
    found
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
