//! For each person and each question that time may change: until when its answer
//! holds, in 32 bits.
//!
//! Deadlines are milliseconds after an instant of the person's own, which moves
//! along with them. What lies more than 49 days ahead is kept as up to 49 days, for each
//! person another time: that may wake somebody early and never late, and not all at once
//! who began together. When a person wakes, only the questions
//! whose time has come are asked, and the others need not be, to know who is next.

use super::super::eval::NEVER;
use super::room::{roomy, zeros};

const UNUSED: u32 = u32::MAX;
/// So many deadlines are looked at together: mostly none of them has come.
const STEP: usize = 16;
/// By so much the longest distances differ from person to person: a power of two.
const SPREAD: u32 = 1 << 30;
/// A base is moved when it lies so far back.
const STALE_MS: i64 = 1 << 30;

/// Rows of equal length, one after the other.
#[derive(Debug, Default)]
pub(in super::super) struct Clocks {
    /// Milliseconds after the row's base.
    units: Vec<u32>,
    stride: usize,
    bases: Vec<i64>,
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

    /// Every row, how many units each has, and their bases.
    pub(super) fn rows(&mut self) -> (&mut [u32], usize, &mut [i64]) {
        (&mut self.units, self.stride, &mut self.bases)
    }

    /// Makes room for so many rows.
    pub(super) fn reserve(&mut self, n_rows: usize) {
        let n_rows = roomy(n_rows);
        self.units.reserve((n_rows * self.stride).saturating_sub(self.units.len()));
        self.bases.reserve(n_rows.saturating_sub(self.bases.len()));
    }

    /// Makes so many rows of none; each is taken before it is read. Memory that is all zeros
    /// is handed out without being written, so that whoever takes a row first pays for it.
    pub(super) fn make_rows(&mut self, n_rows: usize) {
        (self.units, self.bases) = (zeros(n_rows, self.stride), zeros(n_rows, 1));
    }

    /// Makes a row there is, in which nothing falls due.
    pub(in super::super) fn clear_row(&mut self, row: usize) {
        let (from, to) = (row * self.stride, (row + 1) * self.stride);
        if self.bases.len() <= row {
            self.bases.resize(row + 1, 0);
            self.units.resize(self.bases.len() * self.stride, UNUSED);
        }
        self.bases[row] = 0;
        self.units[from..to].fill(UNUSED);
    }

    fn widen(&mut self, stride: usize) {
        let mut units = Vec::with_capacity(roomy(self.bases.len()) * stride);
        units.resize(self.bases.len() * stride, UNUSED);
        for row in 0..self.bases.len() {
            let from = row * self.stride;
            units[row * stride..][..self.stride]
                .copy_from_slice(&self.units[from..][..self.stride]);
        }
        (self.units, self.stride) = (units, stride);
    }

    pub(in super::super) fn bytes(&self) -> usize {
        self.units.len() * 4 + self.bases.len() * 8
    }
}

/// The deadlines of one person.
#[derive(Debug)]
pub(in super::super) struct ClockRow<'c> {
    pub(super) units: &'c mut [u32],
    pub(super) base: &'c mut i64,
    /// The longest distance that is kept of this person.
    pub(super) longest: u32,
}

/// That of the person of a place.
pub(super) fn longest_at(place: usize) -> u32 {
    // A product that mixes the bits of numbers that follow one another.
    UNUSED - 1 - ((place as u32).wrapping_mul(0x9E37_79B1) & (SPREAD - 1))
}

impl ClockRow<'_> {
    /// The instant after which deadlines lie, and those there are: the column of each, and
    /// how long after.
    pub(in super::super) fn kept(&self) -> (i64, Vec<(u32, u32)>) {
        let units = (0..).zip(&*self.units).filter(|(_, unit)| **unit != UNUSED);
        (*self.base, units.map(|(column, unit)| (column, *unit)).collect())
    }

    /// Takes the same back; none if there is no such column.
    pub(in super::super) fn take(&mut self, base: i64, units: &[(u32, u32)]) -> Option<()> {
        *self.base = base;
        self.units.fill(UNUSED);
        units.iter().try_for_each(|(column, unit)| {
            self.units.get_mut(*column as usize).map(|own| *own = *unit)
        })
    }

    /// Keeps until when an answer of `at` holds.
    pub(in super::super) fn set(&mut self, column: u32, at: i64, until: i64) {
        if at.saturating_sub(*self.base) > STALE_MS {
            self.rebase(at);
        }
        let unit = if until == NEVER { UNUSED } else { self.ahead(until) };
        self.units[column as usize] = unit;
    }

    fn ahead(&self, until: i64) -> u32 {
        cut(until.saturating_sub(*self.base)).min(self.longest)
    }

    /// Hands over the columns that are due at an instant; gives when the next one is.
    pub(in super::super) fn due(&mut self, at: i64, mut visit: impl FnMut(u32)) -> i64 {
        self.rebase(at);
        let mut next = UNUSED;
        for (n, units) in self.units.chunks(STEP).enumerate() {
            let least = units.iter().fold(UNUSED, |least, unit| least.min(*unit));
            if least > 0 {
                next = next.min(least);
                continue;
            }
            for (column, unit) in units.iter().enumerate() {
                match unit {
                    0 => visit((n * STEP + column) as u32),
                    _ => next = next.min(*unit),
                }
            }
        }
        if next == UNUSED { NEVER } else { at.saturating_add(i64::from(next)) }
    }

    /// Moves the base on; what is due by then lies at 0.
    fn rebase(&mut self, at: i64) {
        let passed = cut(at.saturating_sub(*self.base));
        *self.base = at;
        for unit in &mut *self.units {
            *unit = if *unit == UNUSED { UNUSED } else { unit.saturating_sub(passed) };
        }
    }
}

/// A distance in 32 bits; a longer one is the longest.
fn cut(ms: i64) -> u32 {
    u32::try_from(ms.max(0)).unwrap_or(UNUSED).min(UNUSED - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_comes_up_in_time_and_never_late() {
        let mut clocks = Clocks::default();
        clocks.clear_row(1);
        let columns: Vec<u32> = (0..5).map(|_| clocks.column()).collect();
        let untils = [7, 1 << 31, 1 << 40, NEVER, 1 << 20];
        let (units, stride, bases) = clocks.rows();
        let (units, longest) = (&mut units[stride..][..stride], longest_at(1));
        let mut clocks = ClockRow { units, base: &mut bases[1], longest };
        columns.iter().zip(untils).for_each(|(column, until)| clocks.set(*column, 1, until));
        let (mut at, mut asked) = (1, Vec::new());
        loop {
            let mut due = Vec::new();
            let next = clocks.due(at, |column| due.push(column));
            for column in due {
                let until = untils[column as usize];
                assert!(at <= until, "column {column} is late: {at}");
                if at == until {
                    asked.push(until);
                }
                clocks.set(column, at, if at < until { until } else { NEVER });
            }
            let again = clocks.due(at, |_| unreachable!("all were asked"));
            if again == NEVER {
                break;
            }
            assert!(at < again && again <= next.max(again));
            at = again;
        }
        assert_eq!(asked, [7, 1 << 20, 1 << 31, 1 << 40]);
    }

    /// Once, everybody of whom something lay further ahead woke 49 days after the opening, in
    /// one commit.
    #[test]
    fn whoever_waits_for_long_does_not_wake_with_everybody_else() {
        const DAY_MS: i64 = 86_400_000;
        let mut by_day = std::collections::BTreeMap::<i64, u32>::new();
        for place in 0..100_000 {
            let (mut units, mut base) = ([UNUSED], 0);
            let longest = longest_at(place);
            let mut clock = ClockRow { units: &mut units, base: &mut base, longest };
            clock.set(0, 1_000, 400 * DAY_MS);
            *by_day.entry(clock.due(1_000, |_| unreachable!()) / DAY_MS).or_default() += 1;
        }
        assert!((37..=49).eq(by_day.keys().copied()), "{by_day:?}");
        assert!(by_day.values().all(|n| *n < 9_000), "{by_day:?}");
    }
}
