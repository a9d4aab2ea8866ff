//! A part of an order, and how its ends are found again when the order has moved.

use super::column::Column;
use super::ladder::Ladder;
use crate::query::predicate::{Cut, Size};
use std::ops::Range;

/// A key, and how many in the order have a smaller one. It is told of everyone
/// who comes and goes, so the way to another number of people is as long as
/// that number is away.
#[derive(Debug)]
struct Cursor {
    key: i128,
    less: usize,
}

impl Cursor {
    const START: Cursor = Cursor { key: i128::MIN, less: 0 };

    /// Somebody with that key has come or gone.
    fn note(&mut self, key: i128, came: bool) {
        if key < self.key {
            self.less = if came { self.less + 1 } else { self.less - 1 };
        }
    }

    /// The key of the person with so many before them; `n_touched` counts buckets.
    fn seek(&mut self, place: usize, ladder: &Ladder, keys: &Column, n_touched: &mut u64) -> i128 {
        let here = ladder.first_of(self.key, keys);
        let (there, passed) = ladder.walk(here, place as isize - self.less as isize);
        *n_touched += 1 + passed as u64;
        let Some(key) = ladder.place(there).and_then(|place| keys.get(place)) else {
            return self.key;
        };
        if key != self.key {
            let first = ladder.first_of(key, keys);
            (self.key, self.less) = (key, place - ladder.distance(first, there));
        }
        key
    }
}

/// A part of an order, as a range of keys.
#[derive(Debug)]
pub(super) struct Part {
    cut: Cut,
    from: Cursor,
    to: Cursor,
    /// Whoever has one of these keys is inside.
    pub(super) keys: Range<i128>,
    /// Whether it has never been looked for.
    pub(super) is_new: bool,
}

impl Part {
    pub(super) fn new(cut: Cut) -> Part {
        let keys = i128::MAX..i128::MAX;
        Part { cut, from: Cursor::START, to: Cursor::START, keys, is_new: true }
    }

    /// Which part it is.
    pub(super) fn cut(&self) -> Cut {
        self.cut
    }

    pub(super) fn note(&mut self, key: i128, came: bool) {
        self.from.note(key, came);
        self.to.note(key, came);
    }

    /// Finds the part anew; gives the ranges of keys whose people may have
    /// entered or left.
    pub(super) fn settle(
        &mut self,
        ladder: &Ladder,
        keys: &Column,
        n_touched: &mut u64,
    ) -> [Range<i128>; 2] {
        let found = self.find(ladder, keys, n_touched);
        let before = std::mem::replace(&mut self.keys, found);
        self.is_new = false;
        let moved = |a: i128, b: i128| a.min(b)..a.max(b);
        [moved(before.start, self.keys.start), moved(before.end, self.keys.end)]
    }

    fn find(&mut self, ladder: &Ladder, keys: &Column, n_touched: &mut u64) -> Range<i128> {
        let n = ladder.len();
        let (first, last) = places(self.cut, n);
        if first >= last {
            return self.keys.end..self.keys.end;
        }
        let mut from = |place| self.from.seek(place, ladder, keys, n_touched);
        let start = match self.cut {
            Cut::Top(_) => from(first),
            _ if first == 0 => i128::MIN,
            // Whoever is tied with the last person before the part is before it.
            _ => from(first - 1) + 1,
        };
        let end = match self.cut {
            Cut::Top(_) => i128::MAX,
            _ => self.to.seek(last - 1, ladder, keys, n_touched) + 1,
        };
        start..end
    }
}

/// From which place on, and up to which, of n in ascending order, ties aside.
fn places(cut: Cut, n: usize) -> (usize, usize) {
    let part = |q: u32, of: u32| {
        let people = u128::from(q) * n as u128;
        people.div_ceil(of.into()) as usize
    };
    match cut {
        Cut::Top(size) => (n - many(size, n), n),
        Cut::Bottom(size) => (0, many(size, n)),
        Cut::Part { number, of } => (part(number.saturating_sub(1), of), part(number, of)),
    }
}

/// So many of n; a share is rounded up.
fn many(size: Size, n: usize) -> usize {
    const WHOLE: u128 = 1_000_000_000;
    match size {
        Size::Count(count) => usize::try_from(count).unwrap_or(n).min(n),
        Size::Share(share) => {
            let part = share.billionths().unsigned_abs() * n as u128;
            usize::try_from(part.div_ceil(WHOLE)).unwrap_or(n).min(n)
        }
    }
}
