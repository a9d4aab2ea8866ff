//! Many people at once: columns block by block, without building events.

mod new;

use crate::model::{EventId, Stream, Timestamp, Value};
use crate::shelf::Gathered;
use crate::timeline::column::{Cell, Column, ColumnKey, Loose};
use crate::timeline::event::object_beyond;
use crate::timeline::pages::{PageError, PageKey, Pages};
use crate::timeline::rows::is_within;
use crate::timeline::run::{Bounds, Keys, Run, Stripe};
use crate::timeline::wanted::Wanted;
use crate::timeline::whole::Timeline;
use new::Use;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Some rows as columns; all slices are as long as there are rows. The rows
/// ascend by origin, when, ord, id.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    /// Under which identifier each row came.
    pub origins: &'a [u32],
    /// Room for what is said elsewhere of the origin of each row, where the rows are kept.
    pub of_origins: Option<&'a Gathered<u32>>,
    /// When it happened, in milliseconds since 1970.
    pub whens: &'a [i64],
    /// The sender's sequence among calls of one instant.
    pub ords: &'a [i64],
    /// The ids; empty unless the scan asked for them.
    pub ids: &'a [EventId],
    /// The columns in the order in which they were asked for. A cell is what
    /// lies at the end of the path when each value before it is an object.
    pub columns: &'a [Arc<Column>],
}

/// A scan: what is wanted, and which rows of the tail lie in which chunk.
#[derive(Debug)]
pub struct Scan<'a> {
    timeline: &'a Timeline,
    wanted: Wanted<'a>,
    columns: &'a [ColumnKey],
    span: (Timestamp, Option<Timestamp>),
    ids: bool,
    /// Whether rows outside of the span do no harm.
    rows_beyond: bool,
    /// By chunk, the rows of the tail that are wanted.
    tail: BTreeMap<u32, Vec<u64>>,
    /// By block of the tail and code of a path, the columns that it adds to.
    uses: Vec<Vec<Vec<Use>>>,
}

/// Rows of one block of a scan over the tail.
const ROWS: usize = 2_048;

impl Timeline {
    /// Prepares to read these columns of the wanted streams' rows with
    /// `from <= when < to`; the ids only if asked for, since they take most room.
    pub fn scan<'a>(
        &'a self,
        wanted: Wanted<'a>,
        columns: &'a [ColumnKey],
        from: Timestamp,
        to: Option<Timestamp>,
        ids: bool,
    ) -> Scan<'a> {
        let (tail, uses) = (BTreeMap::new(), Vec::new());
        let (span, rows_beyond) = ((from, to), false);
        let mut scan = Scan { timeline: self, wanted, columns, span, ids, rows_beyond, tail, uses };
        scan.part_tail();
        scan
    }

    /// Hands over columns of one stream's rows with `from <= when < to`, ids
    /// included, block by block: those of a chunk together, its runs first.
    pub fn blocks(
        &self,
        pages: &dyn Pages,
        stream: &Stream,
        columns: &[ColumnKey],
        from: Timestamp,
        to: Timestamp,
        visit: &mut dyn FnMut(&Block<'_>),
    ) -> Result<(), PageError> {
        let wanted = std::slice::from_ref(stream);
        let scan = self.scan(Wanted::Streams(wanted), columns, from, Some(to), true);
        scan.chunks().into_iter().try_for_each(|chunk| scan.chunk(pages, chunk, visit))
    }
}

impl Scan<'_> {
    /// The same, whose blocks may have rows outside of the span too: whoever looks
    /// at the time of each row anyway is spared a copy of those inside.
    pub fn with_rows_beyond(self) -> Self {
        Scan { rows_beyond: true, ..self }
    }

    /// The chunks that may have wanted rows, ascending.
    pub fn chunks(&self) -> Vec<u32> {
        let mut chunks: Vec<u32> = self.timeline.chunks.keys().copied().collect();
        chunks.extend(self.tail.keys());
        chunks.sort_unstable();
        chunks.dedup();
        chunks
    }

    /// Hands over the wanted rows of one chunk: run by run, then the tail.
    pub fn chunk(
        &self,
        pages: &dyn Pages,
        chunk: u32,
        visit: &mut dyn FnMut(&Block<'_>),
    ) -> Result<(), PageError> {
        let slices = self.timeline.chunks.get(&chunk).into_iter().flat_map(|chunk| chunk.iter());
        let overlapping = slices.filter(|(slice, _)| slice.overlaps(self.span.0, self.span.1));
        for run in overlapping.flat_map(|(_, runs)| runs) {
            for (number, group) in run.groups.iter().enumerate() {
                if group.may_have(&self.wanted) {
                    let filtered = group.stream.is_none() && self.wanted != Wanted::All;
                    for bounds in &group.stripes {
                        self.stripe(pages, run, (number as u32, bounds), filtered, visit)?;
                    }
                }
            }
        }
        let new = self.tail.get(&chunk).map(|rows| &**rows).unwrap_or_default();
        new.chunks(ROWS).for_each(|rows| self.new_rows(rows, visit));
        Ok(())
    }

    fn stripe(
        &self,
        pages: &dyn Pages,
        run: &Run,
        (group, bounds): (u32, &Bounds),
        filtered: bool,
        visit: &mut dyn FnMut(&Block<'_>),
    ) -> Result<(), PageError> {
        if !bounds.overlaps(self.span.0, self.span.1) {
            return Ok(());
        }
        let at = PageKey { chunk: run.chunk, run: run.number, group, page: bounds.page };
        let stripe = self.timeline.cache.stripe(pages, at, bounds.n_pages.into())?;
        let is_whole = self.rows_beyond || bounds.lies_in(self.span.0, self.span.1);
        let rows = match (filtered, &self.wanted) {
            (true, Wanted::Streams([stream])) => {
                return self.one_stream(pages, &stripe, stream, visit);
            }
            (true, wanted) => stripe.streams(pages)?.rows(|stream| wanted.has(stream)),
            (false, _) if is_whole => return self.whole(pages, &stripe, visit),
            (false, _) => (0..stripe.n_rows() as u32).collect(),
        };
        self.some_rows(pages, &stripe, rows, visit)
    }

    fn whole(
        &self,
        pages: &dyn Pages,
        stripe: &Stripe,
        visit: &mut dyn FnMut(&Block<'_>),
    ) -> Result<(), PageError> {
        let columns = self.columns_of(pages, stripe)?;
        let ids = if self.ids { stripe.ids(pages)? } else { &[] };
        let of_origins = Some(stripe.of_origins());
        visit(&Block { of_origins, ..block(stripe.keys(), ids, &columns) });
        Ok(())
    }

    /// Those of the rows that lie in the span, copied.
    fn some_rows(
        &self,
        pages: &dyn Pages,
        stripe: &Stripe,
        mut rows: Vec<u32>,
        visit: &mut dyn FnMut(&Block<'_>),
    ) -> Result<(), PageError> {
        rows.retain(|row| is_within(stripe.keys().whens[*row as usize], self.span));
        if rows.is_empty() {
            return Ok(());
        }
        if rows.len() == stripe.n_rows() {
            return self.whole(pages, stripe, visit);
        }
        let columns = self.columns_of(pages, stripe)?.into_iter();
        let columns: Vec<_> = columns.map(|column| Arc::new(column.gather(&rows))).collect();
        let ids = self.ids_of(pages, stripe, &rows)?;
        visit(&block(&stripe.keys().picked(&rows), &ids, &columns));
        Ok(())
    }

    /// The rows of the only stream that is wanted: they are kept apart once they were asked for.
    fn one_stream(
        &self,
        pages: &dyn Pages,
        stripe: &Stripe,
        stream: &Stream,
        visit: &mut dyn FnMut(&Block<'_>),
    ) -> Result<(), PageError> {
        let apart = stripe.rows_of(pages, stream)?;
        let n_within = apart.keys.whens.iter().filter(|when| is_within(**when, self.span)).count();
        if n_within == 0 {
            return Ok(());
        }
        if !self.rows_beyond && n_within < apart.rows.len() {
            return self.some_rows(pages, stripe, apart.rows.clone(), visit);
        }
        let column = |key| {
            let (column, memory) = apart.column(key, || column_of(pages, stripe, key))?;
            stripe.holds_more(memory);
            Ok(column)
        };
        let columns: Vec<_> = self.columns.iter().map(column).collect::<Result<_, PageError>>()?;
        let ids = self.ids_of(pages, stripe, &apart.rows)?;
        let of_origins = Some(&apart.of_origins);
        visit(&Block { of_origins, ..block(&apart.keys, &ids, &columns) });
        Ok(())
    }

    fn columns_of(
        &self,
        pages: &dyn Pages,
        stripe: &Stripe,
    ) -> Result<Vec<Arc<Column>>, PageError> {
        self.columns.iter().map(|key| column_of(pages, stripe, key)).collect()
    }

    /// The ids of some rows, if they are asked for.
    fn ids_of(
        &self,
        pages: &dyn Pages,
        stripe: &Stripe,
        rows: &[u32],
    ) -> Result<Vec<EventId>, PageError> {
        if !self.ids {
            return Ok(Vec::new());
        }
        let ids = stripe.ids(pages)?;
        Ok(rows.iter().map(|row| ids[*row as usize]).collect())
    }
}

/// The objects at the end of a path, of the leaves beyond it; the rows ascend.
fn objects(parts: Vec<(u32, &ColumnKey, Value)>, key: &ColumnKey) -> Vec<(u32, Value)> {
    let mut objects = Vec::new();
    let mut leaves = parts.into_iter().peekable();
    while let Some((row, first, value)) = leaves.next() {
        let mut of_row = vec![(first, value)];
        while let Some((_, key, value)) = leaves.next_if(|(next, ..)| *next == row) {
            of_row.push((key, value));
        }
        of_row.sort_by_key(|(key, _)| *key);
        let object = object_beyond(of_row, key.steps().len());
        objects.extend(object.map(|object| (row, object)));
    }
    objects
}

/// What lies at the end of a path, of all rows of a stripe.
fn column_of(
    pages: &dyn Pages,
    stripe: &Stripe,
    key: &ColumnKey,
) -> Result<Arc<Column>, PageError> {
    let exact = stripe.column_of(pages, key)?;
    let beyond: Vec<(usize, &ColumnKey)> =
        stripe.column_keys().enumerate().filter(|(_, other)| key.leads_to(other)).collect();
    let rest = stripe.rest(pages)?.into_iter().flat_map(|rest| rest.keys());
    let rest: Vec<_> = rest.filter(|(other, _)| *other == key || key.leads_to(other)).collect();
    if beyond.is_empty() && rest.is_empty() {
        let none = || Arc::new(Column::empty(stripe.n_rows()));
        return Ok(exact.cloned().unwrap_or_else(none));
    }
    let mut parts: Vec<(u32, &ColumnKey, Value)> = Vec::new();
    for (place, key) in beyond {
        let column = stripe.column(pages, place)?;
        let values = (0..stripe.n_rows()).filter_map(|row| Some((row as u32, column.value(row)?)));
        parts.extend(values.map(|(row, value)| (row, key, value)));
    }
    let mut cells = Loose::default();
    for (other, values) in rest {
        for (row, value) in values {
            match other == key {
                true => cells.push(*row, Cell::of(value)),
                false => parts.push((*row, other, value.clone())),
            }
        }
    }
    parts.sort_by_key(|(row, ..)| *row);
    let objects = objects(parts, key);
    let rows = 0..exact.map_or(0, |column| column.len);
    let whole = rows.filter_map(|row| Some((row as u32, Cell::at(exact?, row)?)));
    whole.for_each(|(row, cell)| cells.push(row, cell));
    objects.iter().for_each(|(row, object)| cells.push(*row, Cell::of(object)));
    Ok(Arc::new(cells.column(stripe.n_rows())))
}

fn block<'b>(keys: &'b Keys, ids: &'b [EventId], columns: &'b [Arc<Column>]) -> Block<'b> {
    let Keys { origins, whens, ords } = keys;
    Block { origins, of_origins: None, whens, ords, ids, columns }
}
