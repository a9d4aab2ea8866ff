//! A row of bits per person: one per predicate and one per audience.

use super::room::{roomy, zeros};

/// Rows of equal length, one after the other.
#[derive(Debug, Default)]
pub(in super::super) struct Bits {
    words: Vec<u64>,
    /// Words in a row.
    stride: usize,
    n_rows: usize,
    used: Vec<bool>,
}

impl Bits {
    /// A column that nobody uses; its bits are all zero.
    pub(in super::super) fn column(&mut self) -> u32 {
        let column = self.used.iter().position(|used| !used).unwrap_or(self.used.len());
        if column == self.used.len() {
            self.used.push(true);
            self.widen(self.used.len().div_ceil(64));
        } else {
            self.used[column] = true;
        }
        column as u32
    }

    /// Gives a column back.
    pub(in super::super) fn release(&mut self, column: u32) {
        self.used[column as usize] = false;
        let (word, mask) = (column as usize / 64, !(1u64 << (column % 64)));
        self.words.iter_mut().skip(word).step_by(self.stride).for_each(|bits| *bits &= mask);
    }

    /// Sets a bit; whether that changed it.
    pub(in super::super) fn set(&mut self, row: usize, column: u32, to: bool) -> bool {
        BitRow(&mut self.words[row * self.stride..][..self.stride]).set(column, to)
    }

    /// Every row, and how many words each has.
    pub(super) fn rows(&mut self) -> (&mut [u64], usize) {
        (&mut self.words, self.stride)
    }

    /// Hands over which of some columns are set in a row, each by its place among them.
    pub(in super::super) fn each_set(
        &self,
        row: usize,
        of: &Columns,
        mut visit: impl FnMut(usize),
    ) {
        let words = &self.words[row * self.stride..][..self.stride];
        for (number, (word, mask)) in words.iter().zip(&of.masks).enumerate() {
            let mut left = word & mask;
            while left != 0 {
                visit(of.places[number * 64 + left.trailing_zeros() as usize]);
                left &= left - 1;
            }
        }
    }

    /// Makes so many rows, with zeros, of none.
    pub(super) fn make_rows(&mut self, n_rows: usize) {
        (self.words, self.n_rows) = (zeros(n_rows, self.stride), n_rows);
    }

    /// How many words a row has.
    pub(in super::super) fn n_words(&self) -> usize {
        self.stride
    }

    /// Makes room for so many rows.
    pub(super) fn reserve(&mut self, n_rows: usize) {
        self.words.reserve((roomy(n_rows) * self.stride).saturating_sub(self.words.len()));
    }

    /// Makes a row there is, with zeros.
    pub(in super::super) fn clear_row(&mut self, row: usize) {
        let (from, to) = (row * self.stride, (row + 1) * self.stride);
        self.n_rows = self.n_rows.max(row + 1);
        if self.words.len() < to {
            self.words.resize(to, 0);
        }
        self.words[from..to].fill(0);
    }

    fn widen(&mut self, stride: usize) {
        if stride <= self.stride {
            return;
        }
        let mut words = zeros(self.n_rows, stride);
        for row in 0..self.n_rows {
            let from = row * self.stride;
            words[row * stride..][..self.stride]
                .copy_from_slice(&self.words[from..][..self.stride]);
        }
        (self.words, self.stride) = (words, stride);
    }

    pub(in super::super) fn bytes(&self) -> usize {
        self.words.len() * 8
    }
}

/// Some columns.
#[derive(Debug)]
pub(in super::super) struct Columns {
    masks: Vec<u64>,
    /// By column, its place among them.
    places: Vec<usize>,
}

impl Columns {
    /// Columns, each another one.
    pub(in super::super) fn of(columns: &[u32]) -> Columns {
        let n_words = columns.iter().max().map_or(0, |last| *last as usize / 64 + 1);
        let (mut masks, mut places) = (vec![0; n_words], vec![0; 64 * n_words]);
        for (place, column) in columns.iter().enumerate() {
            let mask = &mut masks[*column as usize / 64];
            debug_assert_eq!(*mask & 1 << (column % 64), 0, "each is another one");
            *mask |= 1 << (column % 64);
            places[*column as usize] = place;
        }
        Columns { masks, places }
    }
}

/// The bits of one person.
#[derive(Debug)]
pub(in super::super) struct BitRow<'b>(pub(super) &'b mut [u64]);

impl BitRow<'_> {
    pub(in super::super) fn get(&self, column: u32) -> bool {
        let word = self.0.get(column as usize / 64);
        word.is_some_and(|word| word >> (column % 64) & 1 == 1)
    }

    /// Takes all of them; none if they are more or fewer.
    pub(in super::super) fn take(&mut self, words: &[u64]) -> Option<()> {
        (words.len() == self.0.len()).then(|| self.0.copy_from_slice(words))
    }

    /// Puts ones where `ones` has them, and zeros where only `columns` has ones.
    pub(in super::super) fn put(&mut self, columns: &[u64], ones: &[u64]) {
        for (word, (columns, ones)) in self.0.iter_mut().zip(columns.iter().zip(ones)) {
            *word = *word & !columns | ones;
        }
    }

    /// Sets a bit; whether that changed it.
    pub(in super::super) fn set(&mut self, column: u32, to: bool) -> bool {
        let word = &mut self.0[column as usize / 64];
        let mask = 1u64 << (column % 64);
        let before = *word & mask != 0;
        if before != to {
            *word ^= mask;
        }
        before != to
    }
}
