//! Rows in order become runs: groups, stripes, pages.

use super::order::{Parts, Row, sorted};
use crate::model::Timestamp;
use crate::model::limits::STREAMS_MAX;
use crate::timeline::Timeline;
use crate::timeline::column::{Cell, ColumnKey, Loose, PLAIN};
use crate::timeline::pages::{PageError, PageKey};
use crate::timeline::run::{Bounds, Group, Names, ROWS_MAX, Room, Run, Sheet, write_stripe};
use crate::timeline::shape::Shape;
use crate::timeline::slice::Slice;
use crate::timeline::streams::Streams;
use foldhash::fast::FixedState;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

/// The rank of the group of all streams that have none of their own: it comes last.
const RARE: u16 = u16::MAX;

/// Where rows are copied from.
pub trait Source {
    /// What must be held while rows are read.
    type Held;

    /// Takes hold of all that these rows need, and numbers their keys.
    fn hold(&mut self, rows: &[Row], ring: &mut Ring) -> Result<Self::Held, PageError>;

    /// Hands over the cells of one of these rows, each by the number of its key.
    fn cells<'h>(
        &'h self,
        held: &'h Self::Held,
        place: usize,
        row: &Row,
        put: &mut impl FnMut(u32, Cell<'h>),
    ) -> Result<(), PageError>;
}

/// Keys by number, so that cells find their columns without hashing paths.
#[derive(Debug)]
pub struct Ring {
    keys: Vec<ColumnKey>,
    numbers: HashMap<ColumnKey, u32, FixedState>,
}

impl Ring {
    /// The keys that are no paths come first; each has its tag for a number.
    fn new() -> Ring {
        let mut ring = Ring { keys: Vec::new(), numbers: HashMap::default() };
        for key in &PLAIN {
            ring.number(key);
        }
        ring
    }

    pub fn number(&mut self, key: &ColumnKey) -> u32 {
        if let Some(number) = self.numbers.get(key) {
            return *number;
        }
        let number = self.keys.len() as u32;
        self.keys.push(key.clone());
        self.numbers.insert(key.clone(), number);
        number
    }
}

/// What has been written so far.
pub struct Press<'t, S> {
    /// Called between two pieces of the work, which may take long.
    pause: &'t mut dyn FnMut(),
    pub source: S,
    ring: Ring,
    streams: &'t Streams,
    shape: &'t Shape,
    pub pages: Vec<(PageKey, Vec<u8>)>,
    pub runs: Vec<Arc<Run>>,
    pub next_run: u32,
    room: Room,
    /// By number of a key, the cells that the stripe before had: this one has about as many.
    n_cells: Vec<usize>,
}

impl<'t, S: Source> Press<'t, S> {
    pub fn new(source: S, timeline: &'t Timeline, pause: &'t mut dyn FnMut()) -> Press<'t, S> {
        let Timeline { streams, shape, next_run, .. } = timeline;
        let (next_run, pages, runs) = (*next_run, Vec::new(), Vec::new());
        let (room, n_cells) = (Room::default(), Vec::new());
        let ring = Ring::new();
        Press { pause, source, ring, streams, shape, pages, runs, next_run, room, n_cells }
    }

    /// Writes one run for each chunk and slice that has rows.
    pub fn write(&mut self, parts: Parts) -> Result<(), PageError> {
        parts
            .into_parts()
            .try_for_each(|((chunk, slice), rows)| self.write_run(chunk, slice, &rows))
    }

    fn write_run(&mut self, chunk: u32, slice: u32, rows: &[Row]) -> Result<(), PageError> {
        let ranks = self.ranks(rows);
        let rank = |row: &Row| ranks[row.stream as usize];
        let rows = sorted(rows, rank);
        let number = self.next_run;
        self.next_run += 1;
        let slice = Slice::of_number(slice).expect("slices are numbered by the caller");
        let mut groups = Vec::new();
        for part in rows.chunk_by(|a, b| rank(a) == rank(b)) {
            let at = PageKey { chunk, run: number, group: groups.len() as u32, page: 0 };
            groups.push(self.write_group(at, part, rank(&part[0]) != RARE)?);
        }
        self.runs.push(Arc::new(Run { number, chunk, slice, groups }));
        Ok(())
    }

    /// By stream, the rank of its group: those that have one of their own are numbered.
    fn ranks(&self, rows: &[Row]) -> Vec<u16> {
        let mut counts = vec![0; rows.iter().map(|row| row.stream as usize + 1).max().unwrap_or(0)];
        rows.iter().for_each(|row| counts[row.stream as usize] += 1);
        let is_own = |(stream, n_rows): &(usize, usize)| {
            *n_rows >= self.shape.own_group_rows_in_run.max(1)
                && self.streams.n_rows(*stream as u32) >= self.shape.own_group_rows
        };
        let mut ranks = vec![RARE; counts.len()];
        let mut own: Vec<(usize, usize)> = counts.into_iter().enumerate().filter(is_own).collect();
        own.sort_by_key(|(_, n_rows)| Reverse(*n_rows));
        own.truncate(STREAMS_MAX);
        own.iter().zip(0..).for_each(|((stream, _), rank)| ranks[*stream] = rank);
        ranks
    }

    fn write_group(&mut self, at: PageKey, rows: &[Row], is_own: bool) -> Result<Group, PageError> {
        let mut names = Names::default();
        let mut streams: Vec<u32> = rows.iter().map(|row| row.stream).collect();
        streams.sort_unstable();
        streams.dedup();
        streams.iter().for_each(|stream| names.insert(self.streams.stream(*stream)));
        let stream = is_own.then(|| self.streams.stream(rows[0].stream).clone());
        let (mut stripes, mut left, mut page) = (Vec::new(), rows, 0);
        while !left.is_empty() {
            (self.pause)();
            let n_ahead = left.len().min(self.shape.stripe_rows.clamp(1, ROWS_MAX));
            let (n_rows, pages) = self.write_rows(&left[..n_ahead])?;
            let (written, rest) = left.split_at(n_rows);
            stripes.push(bounds(written, page, pages.len()));
            for bytes in pages {
                self.pages.push((PageKey { page, ..at }, bytes));
                page += 1;
            }
            left = rest;
        }
        Ok(Group { stream, names, stripes })
    }

    /// Writes a stripe of the first of these rows, and says of how many.
    fn write_rows(&mut self, rows: &[Row]) -> Result<(usize, Vec<Vec<u8>>), PageError> {
        let held = self.source.hold(rows, &mut self.ring)?;
        self.n_cells.resize(self.ring.keys.len(), 0);
        let mut columns: Vec<Loose<'_>> =
            self.n_cells.iter().map(|n_cells| Loose::with_room(*n_cells)).collect();
        let (mut n_rows, mut n_bytes) = (0, 0);
        for (place, row) in rows.iter().enumerate() {
            self.source.cells(&held, place, row, &mut |key, cell| {
                n_bytes += cell.bytes();
                columns[key as usize].push(n_rows as u32, cell);
            })?;
            n_rows += 1;
            let is_full = n_bytes >= self.shape.stripe_bytes && n_rows % 256 == 0;
            // Few rows may hold much: then they are cut wherever that is.
            if is_full || n_bytes >= 4 * self.shape.stripe_bytes {
                break;
            }
        }
        let mut sheet = Sheet::default();
        for row in &rows[..n_rows] {
            sheet.keys.origins.push(row.origin);
            sheet.keys.whens.push(row.when);
            sheet.keys.ords.push(row.ord);
            sheet.ids.push(row.id);
        }
        let used = self.ring.keys.iter().zip(&columns).filter(|(_, cells)| cells.len() > 0);
        sheet.columns = used.collect();
        sheet.columns.sort_by_key(|(key, _)| *key);
        self.n_cells = columns.iter().map(Loose::len).collect();
        Ok((n_rows, write_stripe(&sheet, self.shape, &mut self.room)))
    }
}

fn bounds(rows: &[Row], page: u32, n_pages: usize) -> Bounds {
    let whens = rows.iter().map(|row| row.when);
    let least = whens.clone().min().unwrap_or_default();
    let greatest = whens.max().unwrap_or_default();
    Bounds {
        page,
        n_pages: n_pages as u16,
        n_rows: rows.len() as u32,
        origins: (rows[0].origin, rows[rows.len() - 1].origin),
        whens: (
            Timestamp::saturating_from_millis(least),
            Timestamp::saturating_from_millis(greatest),
        ),
    }
}
