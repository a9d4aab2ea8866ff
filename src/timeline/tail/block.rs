//! Rows of the tail in blocks: full ones are shared, the last is the writer's.

use super::by_stream::ByStream;
use super::names::Names;
use super::row::put_row;
use crate::model::{Event, EventId, IdentifierNumber, Timestamp};
use crate::timeline::event::Stamp;
use std::sync::OnceLock;

/// Rows in one block: what the first append after a clone copies at most.
pub const ROWS: usize = 1_024;

/// Rows in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Block {
    origins: Vec<u32>,
    whens: Vec<i64>,
    received: Vec<i64>,
    ords: Vec<i64>,
    ids: Vec<EventId>,
    streams: Vec<u32>,
    /// How many rows back the previous row of the origin lies; 0 if there is none.
    back: Vec<u32>,
    /// The greatest `when` of the origin's rows before: no need to look behind it.
    latest: Vec<i64>,
    /// Where the bytes of each row end.
    ends: Vec<u32>,
    bytes: Vec<u8>,
    names: Names,
    /// Of a block that takes no more rows, from the first time that somebody asks.
    by_stream: OnceLock<ByStream>,
}

impl Block {
    pub fn push(&mut self, event: &Event, stream: u32, back: u32, latest: i64) {
        self.by_stream.take();
        self.origins.push(event.origin.0);
        self.whens.push(event.when.millis());
        self.received.push(event.received.millis());
        self.ords.push(event.ord);
        self.ids.push(event.id);
        self.streams.push(stream);
        self.back.push(back);
        self.latest.push(latest);
        put_row(&mut self.bytes, &mut self.names, event);
        self.ends.push(self.bytes.len() as u32);
    }

    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// A block takes no more rows when it has enough of them, or of their bytes.
    pub fn is_full(&self) -> bool {
        self.len() >= ROWS || self.bytes.len() >= 4 << 20
    }

    pub fn stamp(&self, row: usize) -> Stamp {
        Stamp {
            when: Timestamp::saturating_from_millis(self.whens[row]),
            received: Timestamp::saturating_from_millis(self.received[row]),
            ord: self.ords[row],
            id: self.ids[row],
            origin: IdentifierNumber(self.origins[row]),
        }
    }

    pub fn received(&self, row: usize) -> Timestamp {
        Timestamp::saturating_from_millis(self.received[row])
    }

    pub fn origin(&self, row: usize) -> u32 {
        self.origins[row]
    }

    pub fn when(&self, row: usize) -> Timestamp {
        Timestamp::saturating_from_millis(self.whens[row])
    }

    pub fn stream(&self, row: usize) -> u32 {
        self.streams[row]
    }

    pub fn back(&self, row: usize) -> u32 {
        self.back[row]
    }

    pub fn latest(&self, row: usize) -> i64 {
        self.latest[row]
    }

    pub fn bytes(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.bytes[start..self.ends[row] as usize]
    }

    /// The places of all rows of wanted streams; of a block that is full without a look
    /// at the others.
    pub fn each_wanted(&self, wanted: &[bool], mut visit: impl FnMut(usize)) {
        if self.is_full() {
            return self.by_stream.get_or_init(|| ByStream::of(&self.streams)).each(wanted, visit);
        }
        for (row, stream) in self.streams.iter().enumerate() {
            if wanted[*stream as usize] {
                visit(row);
            }
        }
    }

    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Gives back the room that growing left.
    pub fn close(&mut self) {
        self.bytes.shrink_to_fit();
        for column in [&mut self.origins, &mut self.streams, &mut self.back, &mut self.ends] {
            column.shrink_to_fit();
        }
        for column in [&mut self.whens, &mut self.received, &mut self.ords, &mut self.latest] {
            column.shrink_to_fit();
        }
        self.ids.shrink_to_fit();
    }

    pub fn memory(&self) -> usize {
        let per_row = 4 * 4 + 4 * 8 + 16;
        let by_stream = self.by_stream.get().map_or(0, ByStream::memory);
        let rows = self.origins.capacity() * per_row + self.bytes.capacity();
        512 + rows + self.names.memory() + by_stream
    }
}
