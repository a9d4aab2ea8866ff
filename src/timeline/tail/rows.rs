//! The tail: blocks of rows by number, and the last row of each origin.

use super::block::Block;
use crate::model::{Event, IdentifierNumber, Timestamp};
use crate::shelf::Table;
use std::sync::Arc;

/// Rows that are not sealed. A row keeps its number until it is.
#[derive(Clone, Debug, Default)]
pub struct Tail {
    /// Each with the number of its first row.
    blocks: Vec<(u64, Arc<Block>)>,
    /// The number of the first row that is not sealed.
    start: u64,
    /// The number that the next row will get.
    end: u64,
    /// By origin, its last row and the greatest `when` of all its rows here.
    last: Table<u32, (u64, i64)>,
}

impl Tail {
    pub fn push(&mut self, event: &Event, stream: u32) {
        if self.blocks.last().is_none_or(|(_, block)| block.is_full()) {
            if let Some((_, full)) = self.blocks.last_mut() {
                Arc::make_mut(full).close();
            }
            self.blocks.push((self.end, Arc::default()));
        }
        let (number, when) = (self.end, event.when.millis());
        let start = self.start;
        let last = self.last.entry(event.origin.0, || (number, i64::MIN));
        let is_first = last.0 < start || last.0 == number;
        let latest = if is_first { i64::MIN } else { last.1 };
        let back = if is_first { 0 } else { u32::try_from(number - last.0).unwrap_or(0) };
        *last = (number, latest.max(when));
        let (_, open) = self.blocks.last_mut().expect("a block was just made");
        Arc::make_mut(open).push(event, stream, back, latest);
        self.end += 1;
    }

    /// Brings near in memory where the last rows of these origins are noted.
    pub fn read_ahead(&self, origins: impl Iterator<Item = IdentifierNumber>) {
        self.last.read_ahead(origins.map(|origin| origin.0));
    }

    pub fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    /// The numbers of the rows.
    pub fn numbers(&self) -> std::ops::Range<u64> {
        self.start..self.end
    }

    /// The block of a row, and its place in it.
    pub fn row(&self, number: u64) -> (&Block, usize) {
        let (first, block) = &self.blocks[self.block_of(number)];
        (block, (number - first) as usize)
    }

    /// Which block a row lies in.
    pub fn block_of(&self, number: u64) -> usize {
        self.blocks.partition_point(|(first, _)| *first <= number) - 1
    }

    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().map(|(_, block)| &**block)
    }

    /// Each row with its number, in the order in which they came.
    pub fn rows(&self) -> impl Iterator<Item = (u64, &Block, usize)> {
        self.blocks.iter().flat_map(|(first, block)| {
            let skipped = self.start.saturating_sub(*first) as usize;
            (skipped..block.len()).map(move |row| (first + row as u64, &**block, row))
        })
    }

    /// Each row of wanted streams with its number.
    pub fn wanted(&self, wanted: &[bool], mut visit: impl FnMut(u64, &Block, usize)) {
        for (first, block) in &self.blocks {
            let skipped = self.start.saturating_sub(*first) as usize;
            block.each_wanted(wanted, |row| {
                if row >= skipped {
                    visit(first + row as u64, block, row);
                }
            });
        }
    }

    /// Each row with its block and its place there, in the order in which they came.
    pub fn places(&self) -> impl Iterator<Item = (usize, &Block, usize)> {
        self.blocks.iter().enumerate().flat_map(|(number, (first, block))| {
            let skipped = self.start.saturating_sub(*first) as usize;
            (skipped..block.len()).map(move |row| (number, &**block, row))
        })
    }

    /// A block by its place among them.
    pub fn block(&self, number: usize) -> &Block {
        &self.blocks[number].1
    }

    /// The rows of an origin, the last one first, until none before is at `from` or later.
    pub fn each_of(
        &self,
        origin: IdentifierNumber,
        from: Timestamp,
        mut visit: impl FnMut(u64, &Block, usize),
    ) {
        let Some((mut number, latest)) = self.last.get(&origin.0).copied() else { return };
        if latest < from.millis() {
            return;
        }
        while number >= self.start {
            let (block, row) = self.row(number);
            visit(number, block, row);
            let back = u64::from(block.back(row));
            if back == 0 || back > number || block.latest(row) < from.millis() {
                return;
            }
            number -= back;
        }
    }

    /// The rows before that number are sealed: they are dropped here.
    pub fn drop_before(&mut self, number: u64) {
        self.start = number.clamp(self.start, self.end);
        let n_done = self
            .blocks
            .iter()
            .take_while(|(first, block)| first + block.len() as u64 <= self.start)
            .count();
        self.blocks.drain(..n_done);
        // Origins that have no row left would stay for ever.
        if self.last.len() > 2 * self.len() {
            let alive = self.last.iter().filter(|(_, (number, _))| *number >= self.start);
            let alive: Vec<_> = alive.map(|(origin, last)| (*origin, *last)).collect();
            self.last = Table::default();
            for (origin, last) in alive {
                self.last.insert(origin, last);
            }
        }
    }

    pub fn memory(&self) -> usize {
        let blocks = self.blocks().map(Block::memory).sum::<usize>();
        blocks + self.blocks.capacity() * 16 + self.last.len() * 30
    }
}
