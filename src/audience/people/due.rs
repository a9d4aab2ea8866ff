//! Who wakes when. An entry that is no longer anybody's is skipped when it comes up.
//!
//! Far deadlines lie in buckets of an hour or so, unsorted; only those of the
//! bucket that has been reached are kept in order. Most deadlines are put off
//! before they are near, and then were never sorted.

use crate::model::Ordinal;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Milliseconds of a bucket, as a power of two: 70 minutes.
const BUCKET_BITS: u32 = 22;

/// Deadlines, the earliest first.
#[derive(Debug)]
pub(in super::super) struct Due {
    near: BinaryHeap<Reverse<(i64, u32)>>,
    /// The last bucket whose entries are near.
    reached: i64,
    far: BTreeMap<i64, Vec<(i64, u32)>>,
    n_far: usize,
}

impl Default for Due {
    fn default() -> Due {
        Due { near: BinaryHeap::new(), reached: i64::MIN, far: BTreeMap::new(), n_far: 0 }
    }
}

impl Due {
    pub(in super::super) fn put(&mut self, at: i64, seat: Ordinal) {
        let bucket = at >> BUCKET_BITS;
        if bucket <= self.reached {
            self.near.push(Reverse((at, seat.0)));
        } else {
            self.far.entry(bucket).or_default().push((at, seat.0));
            self.n_far += 1;
            if self.near.is_empty() {
                self.reach();
            }
        }
    }

    /// The earliest entry.
    pub(in super::super) fn first(&self) -> Option<(i64, Ordinal)> {
        self.near.peek().map(|Reverse((at, seat))| (*at, Ordinal(*seat)))
    }

    /// Moves every entry up to an instant into a list, the earliest first.
    pub(in super::super) fn take(&mut self, now: i64, into: &mut Vec<(i64, Ordinal)>) {
        while let Some(entry) = self.first().filter(|(at, _)| *at <= now) {
            self.pop();
            into.push(entry);
        }
    }

    fn pop(&mut self) {
        self.near.pop();
        if self.near.is_empty() {
            self.reach();
        }
    }

    /// Takes up the next bucket, so that what is near is never empty while something is far.
    fn reach(&mut self) {
        if let Some((bucket, entries)) = self.far.pop_first() {
            self.reached = bucket;
            self.n_far -= entries.len();
            self.near.extend(entries.into_iter().map(Reverse));
        }
    }

    pub(in super::super) fn len(&self) -> usize {
        self.near.len() + self.n_far
    }

    /// Keeps those entries that are still somebody's.
    pub(in super::super) fn retain(&mut self, mut keep: impl FnMut(i64, Ordinal) -> bool) {
        self.near.retain(|Reverse((at, seat))| keep(*at, Ordinal(*seat)));
        self.far.retain(|_, entries| {
            entries.retain(|(at, seat)| keep(*at, Ordinal(*seat)));
            !entries.is_empty()
        });
        self.n_far = self.far.values().map(Vec::len).sum();
        if self.near.is_empty() {
            self.reach();
        }
    }

    pub(in super::super) fn bytes(&self) -> usize {
        let far: usize = self.far.values().map(Vec::capacity).sum();
        (self.near.capacity() + far) * 16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_up_in_order_however_far_they_lie() {
        let mut due = Due::default();
        let mut seed = 3u64;
        let mut plain = Vec::new();
        for seat in 0..5_000u32 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let at = (seed >> 30) as i64 - (1 << 33);
            due.put(at, Ordinal(seat));
            plain.push((at, Ordinal(seat)));
            if seat % 3 == 0 {
                plain.sort_unstable();
                assert_eq!(due.first(), plain.first().copied());
                due.pop();
                plain.remove(0);
            }
        }
        due.retain(|_, seat| seat.0 % 2 == 0);
        plain.retain(|(_, seat)| seat.0 % 2 == 0);
        plain.sort_unstable();
        assert_eq!(due.len(), plain.len());
        for entry in plain {
            assert_eq!(due.first(), Some(entry));
            due.pop();
        }
        assert_eq!(due.first(), None);
    }
}
