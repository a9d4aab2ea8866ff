//! A stripe as it is read: the head and the keys at once, ids and columns when
//! somebody asks for them, each decoded once for as long as the stripe is kept.

use super::rest::Rest;
use super::streams::{Apart, RowStreams};
use super::stripe::{
    BUNDLE_BYTES_MAX, Bundle, Head, IDS, KEYS, Keys, Place, VERSION, VERSION_MIN, read_ids,
};
use crate::model::{EventId, Stream};
use crate::shelf::Gathered;
use crate::timeline::bytes::Reader;
use crate::timeline::column::{Column, ColumnKey, Flat, read_column, read_flat};
use crate::timeline::pages::{Once, PageError, PageKey, Pages};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A decoded stripe. What it says about rows does not depend on what was
/// decoded before.
#[derive(Debug)]
pub struct Stripe {
    /// Its first page.
    at: PageKey,
    n_pages: u32,
    head: Head,
    keys: Keys,
    of_origins: Gathered<u32>,
    ids: OnceLock<Vec<EventId>>,
    columns: Vec<OnceLock<Arc<Column>>>,
    rest: OnceLock<Rest>,
    streams: OnceLock<RowStreams>,
    apart: Mutex<Vec<Arc<Apart>>>,
    memory: AtomicUsize,
}

impl Stripe {
    /// The stripe that begins on that page and ends before that many pages.
    pub fn open(pages: &dyn Pages, at: PageKey, n_pages: u32) -> Result<Stripe, PageError> {
        let head = read_head(pages, at, n_pages)?;
        let keys = unpacked(pages, at, n_pages, &head.bundles[KEYS])?;
        let keys = Keys::read(&mut Reader::new(&keys), head.n_rows);
        let keys = keys.ok_or(PageError::Damaged(at))?;
        let memory = AtomicUsize::new(256 + keys.memory() + 96 * head.columns.len());
        let columns = head.columns.iter().map(|_| OnceLock::new()).collect();
        let (ids, rest) = (OnceLock::new(), OnceLock::new());
        let (streams, apart) = (OnceLock::new(), Mutex::default());
        let of_origins = Gathered::default();
        Ok(Stripe {
            at,
            n_pages,
            head,
            keys,
            of_origins,
            ids,
            columns,
            rest,
            streams,
            apart,
            memory,
        })
    }

    pub fn n_rows(&self) -> usize {
        self.head.n_rows
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// What is said elsewhere of the origin of each row.
    pub fn of_origins(&self) -> &Gathered<u32> {
        &self.of_origins
    }

    /// Roughly the bytes of memory that it holds by now.
    pub fn memory(&self) -> usize {
        self.memory.load(Ordering::Relaxed)
    }

    /// The first page, by which errors name the stripe.
    pub fn at(&self) -> PageKey {
        self.at
    }

    /// The ids of its rows.
    pub fn ids(&self, pages: &dyn Pages) -> Result<&[EventId], PageError> {
        let ids = self.once(&self.ids, || {
            let bytes = self.unpacked(pages, IDS)?;
            let ids = read_ids(&mut Reader::new(&bytes), self.n_rows());
            ids.map(|ids| (ids, 16 * self.n_rows())).ok_or(PageError::Damaged(self.at))
        })?;
        Ok(ids)
    }

    /// The keys that have columns of their own, ascending.
    pub fn column_keys(&self) -> impl ExactSizeIterator<Item = &ColumnKey> {
        self.head.columns.iter().map(|place| &place.key)
    }

    /// The column at a place among [`Stripe::column_keys`].
    pub fn column(&self, pages: &dyn Pages, place: usize) -> Result<&Arc<Column>, PageError> {
        let column = &self.head.columns[place];
        self.once(&self.columns[place], || {
            let bytes = self.unpacked(pages, column.bundle)?;
            let bytes = bytes.get(column.offset..).unwrap_or_default();
            let read = read_column(&mut Reader::new(bytes), &self.keys.whens);
            let read = read.ok_or(PageError::Damaged(self.at))?;
            let memory = read.memory();
            Ok((Arc::new(read), memory))
        })
    }

    /// All columns in the order of [`Stripe::column_keys`], to be copied from once:
    /// a bundle is unpacked once for all that it holds, and nothing is kept.
    pub fn flats(&self, pages: &dyn Pages) -> Result<Vec<Flat>, PageError> {
        let mut bundles: Vec<Option<Vec<u8>>> = vec![None; self.head.bundles.len()];
        let flat = |place: &Place| {
            let bundle = &mut bundles[place.bundle];
            let bytes = match bundle {
                Some(bytes) => bytes,
                None => bundle.insert(self.unpacked(pages, place.bundle)?),
            };
            let bytes = bytes.get(place.offset..).unwrap_or_default();
            let flat = read_flat(&mut Reader::new(bytes), &self.keys.whens);
            flat.ok_or(PageError::Damaged(self.at))
        };
        self.head.columns.iter().map(flat).collect()
    }

    /// The values under seldom keys.
    pub fn rest(&self, pages: &dyn Pages) -> Result<Option<&Rest>, PageError> {
        let Some(bundle) = self.head.rest else { return Ok(None) };
        let rest = self.once(&self.rest, || {
            let bytes = self.unpacked(pages, bundle)?;
            let rest = Rest::read(&mut Reader::new(&bytes), self.n_rows());
            let rest = rest.ok_or(PageError::Damaged(self.at))?;
            let memory = rest.memory();
            Ok((rest, memory))
        })?;
        Ok(Some(rest))
    }

    /// The column under a key, if the stripe has one of its own for it.
    pub fn column_of(
        &self,
        pages: &dyn Pages,
        key: &ColumnKey,
    ) -> Result<Option<&Arc<Column>>, PageError> {
        let place = self.head.columns.binary_search_by(|place| place.key.cmp(key));
        place.ok().map(|place| self.column(pages, place)).transpose()
    }

    /// The stream of each row.
    pub fn streams(&self, pages: &dyn Pages) -> Result<&RowStreams, PageError> {
        self.once(&self.streams, || {
            let streams = RowStreams::of(self, pages)?;
            let memory = streams.memory();
            Ok((streams, memory))
        })
    }

    /// The rows of one stream, apart from those of others.
    pub fn rows_of(&self, pages: &dyn Pages, stream: &Stream) -> Result<Arc<Apart>, PageError> {
        let apart = || self.apart.lock().unwrap_or_else(PoisonError::into_inner);
        let find = |all: &[Arc<Apart>]| all.iter().find(|rows| rows.stream == *stream).cloned();
        if let Some(rows) = find(&apart()) {
            return Ok(rows);
        }
        let rows = Arc::new(Apart::of(stream, self.streams(pages)?, &self.keys));
        let mut apart = apart();
        if let Some(rows) = find(&apart) {
            return Ok(rows);
        }
        self.holds_more(rows.memory());
        apart.push(rows.clone());
        Ok(rows)
    }

    /// What was made of it holds so many more bytes.
    pub fn holds_more(&self, bytes: usize) {
        self.memory.fetch_add(bytes, Ordering::Relaxed);
    }

    fn unpacked(&self, pages: &dyn Pages, bundle: usize) -> Result<Vec<u8>, PageError> {
        unpacked(pages, self.at, self.n_pages, &self.head.bundles[bundle])
    }

    /// Two readers may decode the same at once; one of the two is kept.
    fn once<'a, T>(
        &self,
        kept: &'a OnceLock<T>,
        make: impl FnOnce() -> Result<(T, usize), PageError>,
    ) -> Result<&'a T, PageError> {
        if let Some(kept) = kept.get() {
            return Ok(kept);
        }
        let (made, memory) = make()?;
        Ok(kept.get_or_init(|| {
            self.holds_more(memory);
            made
        }))
    }
}

/// The ids of the rows of a stripe that nobody asks for anything else.
pub fn ids_at(pages: &dyn Pages, at: PageKey, n_pages: u32) -> Result<Vec<EventId>, PageError> {
    let pages = &Once(pages);
    let head = read_head(pages, at, n_pages)?;
    let bytes = unpacked(pages, at, n_pages, &head.bundles[IDS])?;
    read_ids(&mut Reader::new(&bytes), head.n_rows).ok_or(PageError::Damaged(at))
}

fn read_head(pages: &dyn Pages, at: PageKey, n_pages: u32) -> Result<Head, PageError> {
    let first = pages.page(&at)?;
    let damaged = || PageError::Damaged(at);
    let (offset, n_bytes) = head_place(&first).ok_or_else(damaged)?;
    let body = Bundle { page: 0, offset, stored: n_bytes, raw: n_bytes };
    let bytes = stored(pages, at, n_pages, &body, Some(first))?;
    Head::read(&mut Reader::new(&bytes)).ok_or_else(damaged)
}

/// Where the head lies on the first page, behind the version and its length.
fn head_place(page: &[u8]) -> Option<(u32, u32)> {
    let mut reader = Reader::new(page);
    if !(VERSION_MIN..=VERSION).contains(&reader.byte()?) {
        return None;
    }
    let n_bytes = reader.below(BUNDLE_BYTES_MAX)?;
    Some(((page.len() - reader.left()) as u32, n_bytes as u32))
}

/// The bytes of a bundle as stored, which may go on over several pages.
fn stored(
    pages: &dyn Pages,
    at: PageKey,
    n_pages: u32,
    bundle: &Bundle,
    first: Option<Arc<[u8]>>,
) -> Result<Vec<u8>, PageError> {
    let damaged = || PageError::Damaged(at);
    let wanted = bundle.stored as usize;
    let (mut page, mut offset) = (u32::from(bundle.page), bundle.offset as usize);
    // What is told of damage is not believed: only so much room is made ahead.
    let mut bytes = Vec::with_capacity(wanted.min(64 << 10));
    let mut held = first;
    while bytes.len() < wanted {
        if page >= n_pages {
            return Err(damaged());
        }
        let key = PageKey { page: at.page.checked_add(page).ok_or_else(damaged)?, ..at };
        let content = match held.take() {
            Some(content) => content,
            None => pages.page(&key)?,
        };
        let part = content.get(offset..).unwrap_or_default();
        bytes.extend_from_slice(&part[..part.len().min(wanted - bytes.len())]);
        (page, offset) = (page + 1, 0);
    }
    Ok(bytes)
}

fn unpacked(
    pages: &dyn Pages,
    at: PageKey,
    n_pages: u32,
    bundle: &Bundle,
) -> Result<Vec<u8>, PageError> {
    let bytes = stored(pages, at, n_pages, bundle, None)?;
    if bundle.stored == bundle.raw {
        return Ok(bytes);
    }
    let raw = lz4_flex::block::decompress(&bytes, bundle.raw as usize);
    raw.ok().filter(|raw| raw.len() == bundle.raw as usize).ok_or(PageError::Damaged(at))
}
