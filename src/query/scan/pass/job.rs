//! The rows of one chunk, block by block.

use super::known::hide_unknown;
use super::owners::Owners;
use super::parts::Parts;
use super::{Found, Level};
use crate::query::scan::plan::gather::{Gather, Pass, What};
use crate::query::scan::slot::{Fold, Log, Rank, Slots, Ties};
use crate::query::scan::source::ScanError;
use crate::query::scan::value::Here;
use crate::timeline::{Block, Scan};

/// What one worker has found for a level, chunk after chunk.
pub struct Job<'a> {
    pub level: Level<'a>,
    owners: Owners<'a>,
    pub slots: Vec<Option<Slots>>,
    /// By slot, what is written down of people and not in its place yet.
    logs: Vec<Log>,
    /// Bytes of all of that, since it was last put in its places.
    written: usize,
    pub ties: Ties,
    n_blocks: u64,
    pub chunk: u32,
    /// Whose the rows of a block are, and which of them are gathered: room that is used again.
    seats: Vec<u32>,
    pub rows: Vec<u32>,
    /// The rows that are good for something in a pattern, and for what.
    pub marked: Vec<(u32, u64)>,
    /// The rows of a block that lie in a span, and which block and span that was.
    pub spanned: ((u128, (i64, i64)), Vec<u32>),
}

/// A block, and whose its rows are.
pub struct Owned<'b> {
    pub pass: &'b Pass,
    pub block: &'b Block<'b>,
    pub seats: &'b [u32],
    /// A number that no other row of the scan has, for the first row.
    pub first: u128,
}

impl<'a> Job<'a> {
    pub fn new(level: Level<'a>) -> Job<'a> {
        Job {
            level,
            owners: Owners::new(level.source.identity, level.among),
            slots: level.plan.folds.iter().map(|_| None).collect(),
            logs: level.plan.folds.iter().map(|_| Log::default()).collect(),
            written: 0,
            ties: Ties { has_ids: level.has_ids, torn: false },
            n_blocks: 0,
            chunk: 0,
            seats: Vec::new(),
            rows: Vec::new(),
            marked: Vec::new(),
            spanned: Default::default(),
        }
    }

    /// Takes a chunk in.
    pub fn run(&mut self, chunk: u32, scans: &[(&Pass, Scan<'_>)]) -> Result<(), ScanError> {
        self.move_to(chunk);
        for (pass, scan) in scans {
            scan.chunk(self.level.source.pages, chunk, &mut |block| {
                if !(self.level.source.stop)() {
                    self.block(pass, block);
                }
            })?;
            if (self.level.source.stop)() {
                return Err(ScanError::Cancelled);
            }
        }
        Ok(())
    }

    fn move_to(&mut self, chunk: u32) {
        self.chunk = chunk;
        self.logs.iter_mut().for_each(|log| log.move_to(chunk));
        let slots = self.slots.iter_mut().enumerate();
        let of_people = slots.filter(|(slot, _)| !self.level.plan.is_total(*slot));
        of_people.filter_map(|(_, slots)| slots.as_mut()).for_each(|slots| slots.move_to(chunk));
    }

    pub fn found(self) -> Found {
        Found { slots: self.slots, logs: self.logs, is_torn: self.ties.torn }
    }

    /// Writes down what rows add to people in a slot.
    pub fn log(&mut self, slot: usize, write: impl FnOnce(&mut Log)) {
        let before = self.logs[slot].bytes();
        write(&mut self.logs[slot]);
        self.written += self.logs[slot].bytes() - before;
        if self.written > self.level.source.written_max {
            (0..self.logs.len()).for_each(|slot| self.empty_log(slot));
            self.written = 0;
        }
    }

    /// Puts what is written in its places.
    fn empty_log(&mut self, slot: usize) {
        let (log, chunk) = (std::mem::take(&mut self.logs[slot]), self.chunk);
        if log.bytes() == 0 {
            return;
        }
        let (slots, fold, ties) = self.slots_of(slot);
        log.chunks().for_each(|of| slots.absorb(Log::slots(&[&log], of, fold), fold, ties));
        slots.move_to(chunk);
        self.logs[slot].move_to(chunk);
    }

    fn block(&mut self, pass: &Pass, block: &Block<'_>) {
        let mut seats = std::mem::take(&mut self.seats);
        self.owners.of(block, &mut seats);
        hide_unknown(block, &mut seats, self.level.source.known);
        self.n_blocks += 1;
        let first = u128::from(self.chunk) << 96 | u128::from(self.n_blocks) << 32;
        let owned = Owned { pass, block, seats: &seats, first };
        let mut parts = Parts::default();
        for gathers in pass.gathers.chunk_by(|left, right| left.slot == right.slot) {
            match gathers[0].what {
                What::Mark { .. } => self.mark(gathers, &owned),
                _ => gathers.iter().for_each(|gather| self.gather(gather, &owned, &mut parts)),
            }
        }
        self.seats = seats;
    }

    /// Whose slot a row goes into, and the place of its values in the order that decides.
    pub fn target(&self, gather: &Gather, owned: &Owned<'_>, row: u32) -> (u32, Rank) {
        let (seat, rank) = (owned.seats[row as usize], owned.rank(row));
        if !gather.is_together {
            return (seat, rank);
        }
        let when = owned.block.whens[row as usize];
        let group = self.level.groups.map(|together| together.slot(seat, when));
        // The least of several kinds is one of the kind that the first person has.
        let is_best = matches!(self.level.plan.folds[gather.slot], Fold::Min | Fold::Max);
        let rank = if is_best { Rank { party: seat, ..rank } } else { rank };
        (group.unwrap_or_default(), rank)
    }

    /// A row as values are read of it.
    pub fn here<'h>(&self, owned: &Owned<'h>, row: u32) -> Here<'h>
    where
        'a: 'h,
    {
        let Level { source, plan, table, .. } = self.level;
        let seat = owned.seats[row as usize];
        Here::of(seat, table, source.identity, plan.now).at(owned.block, row as usize)
    }
}
