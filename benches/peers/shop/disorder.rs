//! How calls arrive: in order, or late, twice, and past each other.

use super::calendar::{DAY, HOUR};
use super::chance::Chance;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Shares of the calls.
#[derive(Clone, Copy, Default)]
pub struct Disorder {
    /// That come hours late, up to three days.
    pub late: f64,
    /// That come again some minutes later, word for word.
    pub duplicates: f64,
    /// That come up to two minutes late, behind others.
    pub reordered: f64,
}

impl Disorder {
    fn is_none(&self) -> bool {
        self.late + self.duplicates + self.reordered == 0.0
    }
}

/// Lines on their way.
pub struct Arrivals {
    disorder: Disorder,
    dice: Chance,
    waiting: BinaryHeap<Reverse<(i64, u64, Vec<u8>)>>,
    n_sent: u64,
}

impl Arrivals {
    pub fn new(disorder: Disorder, seed: u64) -> Arrivals {
        let dice = Chance::of(seed ^ 31, 0);
        Arrivals { disorder, dice, waiting: BinaryHeap::new(), n_sent: 0 }
    }

    /// Sends a line at its instant, which never goes back; what has arrived until
    /// then goes out.
    pub fn send(&mut self, line: &[u8], when: i64, out: &mut Vec<u8>) {
        if self.disorder.is_none() {
            return out.extend_from_slice(line);
        }
        let arrives = when + self.delay();
        self.put(line, arrives);
        if self.dice.happens(self.disorder.duplicates) {
            let again = arrives + self.dice.exponential(600_000.0) as i64;
            self.put(line, again);
        }
        self.deliver(when, out);
    }

    /// What is on its way arrives, whenever it would.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.deliver(i64::MAX, out);
    }

    fn delay(&mut self) -> i64 {
        if self.dice.happens(self.disorder.late) {
            return (self.dice.exponential(6.0 * HOUR as f64) as i64).min(3 * DAY);
        }
        if self.dice.happens(self.disorder.reordered) {
            return self.dice.below(120_000) as i64;
        }
        0
    }

    fn put(&mut self, line: &[u8], arrives: i64) {
        self.n_sent += 1;
        self.waiting.push(Reverse((arrives, self.n_sent, line.to_vec())));
    }

    fn deliver(&mut self, until: i64, out: &mut Vec<u8>) {
        while self.waiting.peek().is_some_and(|Reverse((arrives, ..))| *arrives <= until) {
            let Some(Reverse((_, _, line))) = self.waiting.pop() else { return };
            out.extend_from_slice(&line);
        }
    }
}
