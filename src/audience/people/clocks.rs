//! For each person and each question that time may change: until when its answer
//! holds, in 32 bits.
//!
//! A deadline is kept in whole units of 1,024 ms, cut towards the past: that may
//! wake somebody early and never late. When a person wakes, only the questions
//! whose time has come are asked, and the others need not be, to know who is next.

use super::super::eval::NEVER;

const UNIT_BITS: u32 = 10;
const UNUSED: u32 = u32::MAX;

/// Rows of equal length, one after the other.
#[derive(Debug, Default)]
pub(in super::super) struct Clocks {
    units: Vec<u32>,
    stride: usize,
    n_rows: usize,
    used: Vec<bool>,
}

impl Clocks {
    /// A column that nobody uses; nothing in it falls due.
    pub(in super::super) fn column(&mut self) -> u32 {
        let column = self.used.iter().position(|used| !used).unwrap_or(self.used.len());
        if column == self.used.len() {
            self.used.push(true);
            self.widen(self.used.len());
        } else {
            self.used[column] = true;
        }
        column as u32
    }

    /// Gives a column back.
    pub(in super::super) fn release(&mut self, column: u32) {
        self.used[column as usize] = false;
        let cells = self.units.iter_mut().skip(column as usize).step_by(self.stride);
        cells.for_each(|unit| *unit = UNUSED);
    }

    pub(in super::super) fn set(&mut self, row: usize, column: u32, until: i64) {
        self.units[row * self.stride + column as usize] = cut(until);
    }

    /// Hands over the columns that are due at an instant; gives when the next one is.
    pub(in super::super) fn due(&self, row: usize, at: i64, mut visit: impl FnMut(u32)) -> i64 {
        let (now, mut next) = (cut(at), UNUSED);
        for (column, unit) in self.units[row * self.stride..][..self.stride].iter().enumerate() {
            if *unit <= now {
                visit(column as u32);
            } else {
                next = next.min(*unit);
            }
        }
        if next == UNUSED { NEVER } else { i64::from(next) << UNIT_BITS }
    }

    /// Makes a row there is, in which nothing falls due.
    pub(in super::super) fn clear_row(&mut self, row: usize) {
        let (from, to) = (row * self.stride, (row + 1) * self.stride);
        self.n_rows = self.n_rows.max(row + 1);
        if self.units.len() < to {
            self.units.resize(to, UNUSED);
        }
        self.units[from..to].fill(UNUSED);
    }

    fn widen(&mut self, stride: usize) {
        let mut units = vec![UNUSED; self.n_rows * stride];
        for row in 0..self.n_rows {
            let from = row * self.stride;
            units[row * stride..][..self.stride]
                .copy_from_slice(&self.units[from..][..self.stride]);
        }
        (self.units, self.stride) = (units, stride);
    }

    pub(in super::super) fn bytes(&self) -> usize {
        self.units.capacity() * 4
    }
}

/// Whole units since 1970; before it 0, and what lies too far ahead the last one.
fn cut(at: i64) -> u32 {
    if at == NEVER {
        return UNUSED;
    }
    u32::try_from((at >> UNIT_BITS).max(0)).unwrap_or(UNUSED).min(UNUSED - 1)
}
