//! Merging: runs of one chunk become fewer, and rows move to the slice in
//! which a seal would put them by now.

use super::change::Change;
use super::order::{Parts, Row};
use super::press::{Press, Ring, Source};
use crate::model::{Stream, Timestamp};
use crate::timeline::Timeline;
use crate::timeline::column::{Cell, Flat};
use crate::timeline::pages::{PageError, PageKey, Pages};
use crate::timeline::run::{Group, Run, Stripe};
use crate::timeline::slice::{Calendar, Slice};
use crate::timeline::streams::Streams;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::Arc;

/// Runs as a source of rows; a row's place is that of its stripe and its row there.
struct Stripes<'t> {
    pages: &'t dyn Pages,
    places: Vec<(PageKey, u32)>,
    /// Those that the rows before needed.
    open: HashMap<u32, Arc<Opened>, FixedState>,
}

struct Opened {
    stripe: Stripe,
    /// The columns with the numbers of their keys.
    columns: Vec<(u32, Flat)>,
    /// Of each key of the rest, its number.
    rest: Vec<u32>,
}

/// The stripes that some rows need.
#[derive(Default)]
struct Held {
    stripes: Vec<Arc<Opened>>,
    /// By row, its place among them.
    of_row: Vec<u32>,
}

impl Source for Stripes<'_> {
    type Held = Held;

    fn hold(&mut self, rows: &[Row], ring: &mut Ring) -> Result<Held, PageError> {
        let (mut held, mut open) = (Held::default(), HashMap::default());
        let mut known: HashMap<u32, u32, FixedState> = HashMap::default();
        for place in rows.iter().map(|row| (row.place >> 32) as u32) {
            let next = held.stripes.len() as u32;
            let at = *known.entry(place).or_insert(next);
            if at == next {
                let opened = match self.open.remove(&place) {
                    Some(opened) => opened,
                    None => Arc::new(self.opened(place, ring)?),
                };
                open.insert(place, opened.clone());
                held.stripes.push(opened);
            }
            held.of_row.push(at);
        }
        self.open = open;
        Ok(held)
    }

    fn cells<'h>(
        &'h self,
        held: &'h Held,
        place: usize,
        row: &Row,
        put: &mut impl FnMut(u32, Cell<'h>),
    ) -> Result<(), PageError> {
        let opened = &held.stripes[held.of_row[place] as usize];
        let at = row.place as u32;
        for (number, column) in &opened.columns {
            column.cell(at as usize).into_iter().for_each(|cell| put(*number, cell));
        }
        if let Some(rest) = opened.stripe.rest(self.pages)? {
            let cells = rest.numbered_of_row(at);
            cells.for_each(|(key, value)| put(opened.rest[key], Cell::of(value)));
        }
        Ok(())
    }
}

impl Stripes<'_> {
    fn opened(&self, place: u32, ring: &mut Ring) -> Result<Opened, PageError> {
        let (at, n_pages) = self.places[place as usize];
        let stripe = Stripe::open(self.pages, at, n_pages)?;
        let numbers: Vec<u32> = stripe.column_keys().map(|key| ring.number(key)).collect();
        let columns = numbers.into_iter().zip(stripe.flats(self.pages)?).collect();
        let rest = match stripe.rest(self.pages)? {
            Some(rest) => rest.keys().map(|(key, _)| ring.number(key)).collect(),
            None => Vec::new(),
        };
        Ok(Opened { stripe, columns, rest })
    }

    /// The rows of one stripe.
    fn rows(
        &mut self,
        run: &Run,
        place: (u32, &Group),
        first_page: (u32, u32),
        streams: &Streams,
        calendar: &mut Calendar,
        parts: &mut Parts,
    ) -> Result<(), PageError> {
        let (group, content) = place;
        let at = PageKey { chunk: run.chunk, run: run.number, group, page: first_page.0 };
        let stripe = Stripe::open(self.pages, at, first_page.1)?;
        let codes = stream_codes(self.pages, &stripe, content, streams)?;
        let ids = stripe.ids(self.pages)?;
        let keys = stripe.keys();
        let number = (self.places.len() as u64) << 32;
        for (row, when) in keys.whens.iter().enumerate() {
            let slice = calendar.slice(Timestamp::saturating_from_millis(*when));
            let (origin, stream) = (keys.origins[row], codes[row]);
            let place = number | row as u64;
            let row = Row { origin, stream, when: *when, ord: keys.ords[row], id: ids[row], place };
            parts.push(slice.number(), row);
        }
        self.places.push((at, first_page.1));
        Ok(())
    }
}

/// The stream of each row, by its number.
fn stream_codes(
    pages: &dyn Pages,
    stripe: &Stripe,
    group: &Group,
    streams: &Streams,
) -> Result<Vec<u32>, PageError> {
    let damaged = || PageError::Damaged(stripe.at());
    let code = |stream: &Stream| streams.find(stream).ok_or_else(damaged);
    if let Some(stream) = &group.stream {
        return Ok(vec![code(stream)?; stripe.n_rows()]);
    }
    let codes = stripe.streams(pages)?.each(|stream| code(stream.ok_or_else(damaged)?));
    codes.collect()
}

/// Whether there is a merge to be made.
pub fn is_merge_due(timeline: &Timeline, now: Timestamp) -> bool {
    due(timeline, now).is_some()
}

/// One merge that is due, if any: of runs that are too many, or of rows whose
/// month has become part of a year, or whose future has come.
pub fn merge(
    timeline: &Timeline,
    pages: &dyn Pages,
    now: Timestamp,
    pause: &mut dyn FnMut(),
) -> Result<Option<Change>, PageError> {
    let Some(runs) = due(timeline, now) else { return Ok(None) };
    let mut stripes = Stripes { pages, places: Vec::new(), open: HashMap::default() };
    let (mut parts, mut calendar) = (Parts::default(), Calendar::new(now));
    for run in &runs {
        for (number, group) in run.groups.iter().enumerate() {
            for stripe in &group.stripes {
                pause();
                let first_page = (stripe.page, u32::from(stripe.n_pages));
                let place = (number as u32, group);
                stripes.rows(
                    run,
                    place,
                    first_page,
                    &timeline.streams,
                    &mut calendar,
                    &mut parts,
                )?;
            }
        }
    }
    let mut press = Press::new(stripes, timeline, pause);
    let n_rows = parts.n_rows();
    press.write(parts)?;
    let mut change = Change {
        pages: press.pages,
        entries: Vec::new(),
        replaced: runs.iter().flat_map(|run| run.pages()).collect(),
        n_rows,
        base: timeline.version,
        next_run: press.next_run,
        added: press.runs,
        removed: runs,
        sealed_before: timeline.tail.numbers().start,
        sealed: Vec::new(),
    };
    change.entries = timeline.entries_after(&change);
    Ok(Some(change))
}

/// The runs to be merged next, oldest first.
fn due(timeline: &Timeline, now: Timestamp) -> Option<Vec<Arc<Run>>> {
    let places = || timeline.chunks.values().flat_map(|chunk| chunk.iter());
    let crowded = places()
        .filter(|(_, runs)| runs.len() > timeline.shape.runs_max)
        .max_by_key(|(_, runs)| runs.len());
    if let Some((_, runs)) = crowded {
        return Some(smallest(runs));
    }
    let moved = |slice: Slice, run: &Run| {
        run.span().is_some_and(|(first, _)| !slice.is_settled(first, now))
    };
    places().find_map(|(slice, runs)| {
        let moved: Vec<_> = runs.iter().filter(|run| moved(*slice, run)).cloned().collect();
        (!moved.is_empty()).then_some(moved)
    })
}

/// The smaller runs: each is taken in that is at most twice what is taken
/// already, so that a row is rewritten once for each doubling of what it lies in.
fn smallest(runs: &[Arc<Run>]) -> Vec<Arc<Run>> {
    let mut by_size: Vec<&Arc<Run>> = runs.iter().collect();
    by_size.sort_by_key(|run| run.n_rows());
    let mut n_rows = 0;
    let fits = by_size.iter().enumerate().take_while(|(place, run)| {
        let fits = *place < 2 || run.n_rows() <= 2 * n_rows;
        n_rows += run.n_rows();
        fits
    });
    let n_taken = fits.count();
    let mut taken: Vec<_> = by_size[..n_taken].iter().map(|run| (*run).clone()).collect();
    // Rows that are equal in all that orders them stay in the order of their runs.
    taken.sort_by_key(|run| run.number);
    taken
}
