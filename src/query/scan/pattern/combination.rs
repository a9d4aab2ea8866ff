//! Combinations: from each event that may be the first, kinds are given out one
//! event after another.

use super::events::Event;
use super::role::{FIRST, LAST};
use crate::model::Zone;
use crate::query::predicate::Pattern;
use crate::query::scan::plan::after;

/// Whether different events are there for so many kinds.
pub fn is_there(pattern: &Pattern, marks: &[Event], needed: usize, zone: &Zone) -> bool {
    let may_be = |mark: &Event, role: u64| mark.bits & role != 0;
    for (n, first) in marks.iter().enumerate() {
        let limit = pattern.total.as_ref().map(|total| after(first.when, total, zone));
        let mut given = Given::default();
        let mut is_last = needed == 1 && may_be(first, LAST);
        given.give(kinds(first));
        for last in
            marks[n + 1..].iter().take_while(|mark| limit.is_none_or(|limit| mark.when < limit))
        {
            given.give(kinds(last));
            // Enough kinds can be given out with any two events that have two between them.
            let parts = (kinds(first) | kinds(last)).count_ones() > 1;
            is_last |= needed > 1 && parts && may_be(last, LAST) && given.n_given >= needed;
            if is_last {
                break;
            }
        }
        if is_last && may_be(first, FIRST) {
            return true;
        }
        if limit.is_none() && given.n_given < needed {
            return false;
        }
    }
    false
}

fn kinds(mark: &Event) -> u32 {
    mark.bits as u32
}

/// Kinds, and the kinds that the event was good for that has each.
#[derive(Default)]
struct Given {
    holders: [Option<u32>; 32],
    n_given: usize,
}

impl Given {
    fn give(&mut self, kinds: u32) {
        let mut asked = 0;
        self.n_given += usize::from(self.find(kinds, &mut asked));
    }

    /// A kind for an event: a free one, or one whose holder finds another.
    fn find(&mut self, kinds: u32, asked: &mut u32) -> bool {
        let mut left = kinds & !*asked;
        while left != 0 {
            let kind = left.trailing_zeros() as usize;
            *asked |= 1 << kind;
            let is_free = match self.holders[kind] {
                None => true,
                Some(holder) => self.find(holder, asked),
            };
            if is_free {
                self.holders[kind] = Some(kinds);
                return true;
            }
            left = kinds & !*asked;
        }
        false
    }
}
