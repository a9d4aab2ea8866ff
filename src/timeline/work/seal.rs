//! Sealing: the rows of the tail become runs.

use super::change::Change;
use super::order::{Parts, Row};
use super::press::{Press, Ring, Source};
use crate::model::Timestamp;
use crate::timeline::Timeline;
use crate::timeline::column::{Cell, ColumnKey};
use crate::timeline::pages::PageError;
use crate::timeline::slice::Calendar;
use crate::timeline::streams::Streams;
use crate::timeline::tail::{Block, Part, Tail, leaves_of};
use std::collections::BTreeMap;

/// The tail as a source of rows; a row's place is that of its block and its row there.
struct Rows<'t> {
    tail: &'t Tail,
    streams: &'t Streams,
    /// By block and code of a path, the number of its key.
    numbers: Vec<Vec<u32>>,
}

/// Where one row lies.
struct Spot<'t> {
    received: Timestamp,
    bytes: &'t [u8],
    block: usize,
}

impl<'t> Source for Rows<'t> {
    type Held = Vec<Spot<'t>>;

    fn hold(&mut self, rows: &[Row], ring: &mut Ring) -> Result<Vec<Spot<'t>>, PageError> {
        // Blocks are numbered once, by the first stripe: any stripe may need any of them.
        if self.numbers.is_empty() && !rows.is_empty() {
            let keys = |ring: &mut Ring, keys: &[ColumnKey]| -> Vec<u32> {
                keys.iter().map(|key| ring.number(key)).collect()
            };
            self.numbers =
                self.tail.blocks().map(|block| keys(ring, block.names().keys())).collect();
        }
        // Rows in order lie all over the tail. To find many before the first is read lets
        // the waits for memory overlap.
        let tail = self.tail;
        let spot = |row: &Row| {
            let block = (row.place >> 32) as usize;
            let (content, at) = (tail.block(block), row.place as u32 as usize);
            Spot { received: content.received(at), bytes: content.bytes(at), block }
        };
        Ok(rows.iter().map(spot).collect())
    }

    fn cells<'h>(
        &'h self,
        spots: &'h Vec<Spot<'t>>,
        place: usize,
        row: &Row,
        put: &mut impl FnMut(u32, Cell<'h>),
    ) -> Result<(), PageError> {
        let Spot { received, bytes, block } = &spots[place];
        let (names, numbers) = (self.tail.block(*block).names(), &self.numbers[*block]);
        let stream = self.streams.stream(row.stream);
        put(ColumnKey::Received.tag().into(), Cell::Instant(*received));
        leaves_of(
            bytes,
            names,
            stream,
            |_| true,
            |part, cell| match part {
                Part::Plain(key) => put(key.tag().into(), cell),
                Part::Leaf(code) => put(numbers[code as usize], cell),
            },
        )
        .expect("the tail reads what it wrote");
        Ok(())
    }
}

/// All rows of the tail, as runs. A row dated after `now` lies in the slice of the future.
pub fn seal(timeline: &Timeline, now: Timestamp, pause: &mut dyn FnMut()) -> Change {
    let (tail, streams) = (&timeline.tail, &timeline.streams);
    let (mut parts, mut sealed) = (Parts::default(), BTreeMap::new());
    let mut calendar = Calendar::new(now);
    for (number, block, at) in tail.places() {
        let row = row_of(block, at, (number as u64) << 32 | at as u64);
        parts.push(calendar.slice(block.when(at)).number(), row);
        *sealed.entry(row.stream).or_default() += 1;
    }
    let n_rows = parts.n_rows();
    let source = Rows { tail, streams, numbers: Vec::new() };
    let mut press = Press::new(source, timeline, pause);
    press.write(parts).expect("the tail needs no page");
    let mut change = Change {
        pages: press.pages,
        entries: Vec::new(),
        replaced: Vec::new(),
        n_rows,
        base: timeline.version,
        next_run: press.next_run,
        added: press.runs,
        removed: Vec::new(),
        sealed_before: tail.numbers().end,
        sealed: sealed.into_iter().collect(),
    };
    change.entries = timeline.entries_after(&change);
    change
}

fn row_of(block: &Block, at: usize, place: u64) -> Row {
    let stamp = block.stamp(at);
    Row {
        origin: stamp.origin.0,
        stream: block.stream(at),
        when: stamp.when.millis(),
        ord: stamp.ord,
        id: stamp.id,
        place,
    }
}
