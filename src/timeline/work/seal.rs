//! Sealing: the rows of the tail become runs.

use super::change::Change;
use super::order::{Parts, Row};
use super::press::{Press, Ring, Source};
use crate::model::Timestamp;
use crate::timeline::Timeline;
use crate::timeline::column::{Cell, ColumnKey};
use crate::timeline::pages::PageError;
use crate::timeline::slice::Slice;
use crate::timeline::streams::Streams;
use crate::timeline::tail::{Block, Part, Tail, leaves_of};
use std::collections::BTreeMap;

/// The tail as a source of rows; a row's place is its number.
struct Rows<'t> {
    tail: &'t Tail,
    streams: &'t Streams,
    /// By block and code of a path, the number of its key.
    numbers: Vec<Vec<u32>>,
}

impl Source for Rows<'_> {
    type Held = ();

    fn hold(&mut self, rows: &[Row], ring: &mut Ring) -> Result<(), PageError> {
        // Blocks are numbered once, by the first stripe: any stripe may need any of them.
        if self.numbers.is_empty() && !rows.is_empty() {
            let keys = |ring: &mut Ring, keys: &[ColumnKey]| -> Vec<u32> {
                keys.iter().map(|key| ring.number(key)).collect()
            };
            self.numbers =
                self.tail.blocks().map(|block| keys(ring, block.names().keys())).collect();
        }
        Ok(())
    }

    fn cells<'h>(
        &'h self,
        _: &'h (),
        row: &Row,
        put: &mut impl FnMut(u32, Cell<'h>),
    ) -> Result<(), PageError> {
        let (block, at) = self.tail.row(row.place);
        let numbers = &self.numbers[self.tail.block_of(row.place)];
        let stream = self.streams.stream(row.stream);
        put(ColumnKey::Received.tag().into(), Cell::Instant(block.stamp(at).received));
        leaves_of(block.bytes(at), block.names(), stream, |part, cell| match part {
            Part::Plain(key) => put(key.tag().into(), cell),
            Part::Leaf(code) => put(numbers[code as usize], cell),
        })
        .expect("the tail reads what it wrote");
        Ok(())
    }
}

/// All rows of the tail, as runs. A row dated after `now` lies in the slice of the future.
pub fn seal(timeline: &Timeline, now: Timestamp) -> Change {
    let (tail, streams) = (&timeline.tail, &timeline.streams);
    let (mut parts, mut sealed) = (Parts::default(), BTreeMap::new());
    for (place, block, at) in tail.rows() {
        let row = row_of(block, at, place);
        let slice = Slice::of(block.when(at), now);
        parts.push(slice.number(), row);
        *sealed.entry(row.stream).or_default() += 1;
    }
    let n_rows = parts.n_rows();
    let source = Rows { tail, streams, numbers: Vec::new() };
    let mut press = Press::new(source, streams, &timeline.shape, timeline.next_run);
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
