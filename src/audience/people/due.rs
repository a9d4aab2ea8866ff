//! Who wakes when. An entry that is no longer anybody's is skipped when it comes up.

use crate::model::Ordinal;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Deadlines, the earliest first.
#[derive(Debug, Default)]
pub(in super::super) struct Due(BinaryHeap<Reverse<(i64, u32)>>);

impl Due {
    pub(in super::super) fn put(&mut self, at: i64, seat: Ordinal) {
        self.0.push(Reverse((at, seat.0)));
    }

    /// The earliest entry.
    pub(in super::super) fn first(&self) -> Option<(i64, Ordinal)> {
        self.0.peek().map(|Reverse((at, seat))| (*at, Ordinal(*seat)))
    }

    pub(in super::super) fn pop(&mut self) {
        self.0.pop();
    }

    pub(in super::super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Keeps those entries that are still somebody's.
    pub(in super::super) fn retain(&mut self, mut keep: impl FnMut(i64, Ordinal) -> bool) {
        self.0.retain(|Reverse((at, seat))| keep(*at, Ordinal(*seat)));
    }

    pub(in super::super) fn bytes(&self) -> usize {
        self.0.capacity() * 16
    }
}
