//! Rows in order become runs: groups, stripes, pages.

use crate::model::{EventId, Timestamp};
use crate::timeline::column::{Cell, ColumnKey, Loose, PLAIN};
use crate::timeline::pages::{PageError, PageKey};
use crate::timeline::run::{Bounds, Group, Names, ROWS_MAX, Run, Sheet, write_stripe};
use crate::timeline::shape::Shape;
use crate::timeline::slice::Slice;
use crate::timeline::streams::Streams;
use foldhash::fast::FixedState;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// One row to be written: where it belongs, what orders it, where it lies.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub chunk: u32,
    pub slice: u32,
    pub origin: u32,
    pub stream: u32,
    pub when: i64,
    pub ord: i64,
    pub id: EventId,
    /// Where its source keeps it.
    pub place: u64,
}

/// Where rows are copied from.
pub trait Source {
    /// What must be held while rows are read.
    type Held;

    /// Takes hold of all that these rows need, and numbers their keys.
    fn hold(&mut self, rows: &[Row], ring: &mut Ring) -> Result<Self::Held, PageError>;

    /// Hands over the cells of a row, each by the number of its key.
    fn cells<'h>(
        &'h self,
        held: &'h Self::Held,
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
    pub source: S,
    ring: Ring,
    streams: &'t Streams,
    shape: &'t Shape,
    pub pages: Vec<(PageKey, Vec<u8>)>,
    pub runs: Vec<Arc<Run>>,
    pub next_run: u32,
}

impl<'t, S: Source> Press<'t, S> {
    pub fn new(source: S, streams: &'t Streams, shape: &'t Shape, next_run: u32) -> Press<'t, S> {
        let (pages, runs) = (Vec::new(), Vec::new());
        Press { source, ring: Ring::new(), streams, shape, pages, runs, next_run }
    }

    /// Writes one run for each chunk and slice that has rows.
    pub fn write(&mut self, rows: &mut [Row]) -> Result<(), PageError> {
        // Stable: rows that are equal in all that orders them keep the order in which they came.
        rows.sort_by_key(|row| (row.chunk, row.slice));
        for part in rows.chunk_by_mut(|a, b| (a.chunk, a.slice) == (b.chunk, b.slice)) {
            self.write_run(part)?;
        }
        Ok(())
    }

    fn write_run(&mut self, rows: &mut [Row]) -> Result<(), PageError> {
        let own = self.own_groups(rows);
        // The rare streams come last, in one group.
        let group = |row: &Row| own.get(&row.stream).copied().unwrap_or(own.len());
        rows.sort_by(|a, b| {
            let key = |row: &Row| (group(row), row.origin, row.when, row.ord, row.id);
            key(a).cmp(&key(b))
        });
        let number = self.next_run;
        self.next_run += 1;
        let chunk = rows[0].chunk;
        let slice = Slice::of_number(rows[0].slice).expect("slices are numbered by the caller");
        let mut groups = Vec::new();
        for part in rows.chunk_by(|a, b| group(a) == group(b)) {
            let at = PageKey { chunk, run: number, group: groups.len() as u32, page: 0 };
            let is_own = own.contains_key(&part[0].stream);
            groups.push(self.write_group(at, part, is_own)?);
        }
        self.runs.push(Arc::new(Run { number, chunk, slice, groups }));
        Ok(())
    }

    /// The streams that have groups of their own, numbered.
    fn own_groups(&self, rows: &[Row]) -> BTreeMap<u32, usize> {
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        rows.iter().for_each(|row| *counts.entry(row.stream).or_default() += 1);
        let mut own: Vec<(u32, usize)> = counts
            .into_iter()
            .filter(|(stream, n_rows)| {
                *n_rows >= self.shape.own_group_rows_in_run
                    && self.streams.n_rows(*stream) >= self.shape.own_group_rows
            })
            .collect();
        own.sort_by_key(|(_, n_rows)| std::cmp::Reverse(*n_rows));
        own.truncate(crate::model::limits::STREAMS_MAX);
        own.into_iter().enumerate().map(|(place, (stream, _))| (stream, place)).collect()
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
        let mut columns: Vec<Loose<'_>> = Vec::new();
        columns.resize_with(self.ring.keys.len(), Loose::default);
        let (mut n_rows, mut n_bytes) = (0, 0);
        for row in rows {
            self.source.cells(&held, row, &mut |key, cell| {
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
        Ok((n_rows, write_stripe(&sheet, self.shape)))
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
