//! The rows of the tail as columns, for a scan.

use super::{Block, Scan, objects};
use crate::model::Value;
use crate::timeline::column::{Cell, Column, ColumnKey, Loose};
use crate::timeline::rows::is_within;
use crate::timeline::tail::{Part, leaves_of};
use std::sync::Arc;

/// What a leaf is to a wanted column.
#[derive(Clone, Copy, Debug)]
pub enum Use {
    /// Its cell.
    Cell(usize),
    /// A part of an object that is its cell.
    Part(usize),
}

impl Scan<'_> {
    /// Parts the wanted rows of the tail by chunk, and says what their leaves are.
    pub(super) fn part_tail(&mut self) {
        let timeline = self.timeline;
        let wanted: Vec<bool> =
            timeline.streams.iter().map(|(stream, _)| self.wanted.has(stream)).collect();
        let mut parts: Vec<Vec<u64>> = Vec::new();
        timeline.tail.wanted(&wanted, |number, block, row| {
            if is_within(block.when(row).millis(), self.span) {
                let chunk = (block.origin(row) >> 16) as usize;
                if parts.len() <= chunk {
                    parts.resize_with(chunk + 1, Vec::new);
                }
                parts[chunk].push(number);
            }
        });
        let parts = parts.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty());
        self.tail = parts.map(|(chunk, rows)| (chunk as u32, rows)).collect();
        let blocks = timeline.tail.blocks().map(|block| block.names().keys());
        self.uses = blocks.map(|keys| keys.iter().map(|key| self.uses_of(key)).collect()).collect();
    }

    fn uses_of(&self, leaf: &ColumnKey) -> Vec<Use> {
        let columns = self.columns.iter().enumerate();
        columns
            .filter_map(|(place, key)| {
                let part = key.leads_to(leaf).then_some(Use::Part(place));
                if key == leaf { Some(Use::Cell(place)) } else { part }
            })
            .collect()
    }

    /// Rows that came one after the other lie near each other, so they are
    /// sorted block by block and not as a whole.
    pub(super) fn new_rows(&self, rows: &[u64], visit: &mut dyn FnMut(&Block<'_>)) {
        let tail = &self.timeline.tail;
        let stamp = |number: &u64| {
            let (block, row) = tail.row(*number);
            (block.stamp(row), *number)
        };
        let mut stamps: Vec<_> = rows.iter().map(stamp).collect();
        stamps.sort_unstable_by_key(|(stamp, _)| (stamp.origin, stamp.when, stamp.ord, stamp.id));
        let columns = match self.columns.is_empty() {
            true => Vec::new(),
            false => {
                self.new_columns(&stamps.iter().map(|(_, number)| *number).collect::<Vec<_>>())
            }
        };
        visit(&Block {
            of_origins: None,
            origins: &stamps.iter().map(|(stamp, _)| stamp.origin.0).collect::<Vec<_>>(),
            whens: &stamps.iter().map(|(stamp, _)| stamp.when.millis()).collect::<Vec<_>>(),
            ords: &stamps.iter().map(|(stamp, _)| stamp.ord).collect::<Vec<_>>(),
            ids: &match self.ids {
                true => stamps.iter().map(|(stamp, _)| stamp.id).collect(),
                false => Vec::new(),
            },
            columns: &columns,
        });
    }

    fn new_columns(&self, rows: &[u64]) -> Vec<Arc<Column>> {
        let (tail, streams) = (&self.timeline.tail, &self.timeline.streams);
        let mut cells: Vec<Loose<'_>> = vec![Loose::default(); self.columns.len()];
        let mut parts: Vec<Vec<(u32, &ColumnKey, Value)>> = vec![Vec::new(); self.columns.len()];
        for (place, number) in rows.iter().enumerate() {
            let (block, row) = tail.row(*number);
            let uses = &self.uses[tail.block_of(*number)];
            let stream = streams.stream(block.stream(row));
            let at = place as u32;
            let received = Cell::Instant(block.stamp(row).received);
            put_plain(self.columns, &mut cells, at, &ColumnKey::Received, &received);
            let is_used = |code: u32| !uses[code as usize].is_empty();
            leaves_of(block.bytes(row), block.names(), stream, is_used, |part, cell| match part {
                Part::Plain(key) => put_plain(self.columns, &mut cells, at, &key, &cell),
                Part::Leaf(code) => {
                    for used in &uses[code as usize] {
                        match used {
                            Use::Cell(column) => cells[*column].push(at, cell.clone()),
                            Use::Part(column) => {
                                let key = &block.names().keys()[code as usize];
                                let value = cell.value().unwrap_or_default();
                                parts[*column].push((at, key, value));
                            }
                        }
                    }
                }
            })
            .expect("the tail reads what it wrote");
        }
        let parts = parts.into_iter().zip(self.columns);
        let objects: Vec<_> = parts.map(|(parts, key)| objects(parts, key)).collect();
        for (cells, objects) in cells.iter_mut().zip(&objects) {
            objects.iter().for_each(|(row, object)| cells.push(*row, Cell::of(object)));
        }
        cells.iter().map(|cells| Arc::new(cells.column(rows.len()))).collect()
    }
}

fn put_plain<'a>(
    columns: &[ColumnKey],
    cells: &mut [Loose<'a>],
    row: u32,
    key: &ColumnKey,
    cell: &Cell<'a>,
) {
    for (place, _) in columns.iter().enumerate().filter(|(_, wanted)| *wanted == key) {
        cells[place].push(row, cell.clone());
    }
}
