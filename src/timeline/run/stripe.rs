//! A stripe: the same few thousand rows of every column of a group, as pages.
//!
//! Its bytes are a head and bundles. A bundle is what is compressed as one
//! piece: a large column, or several small ones. The head names the columns
//! and says in which bundle, and thus on which page, each of them lies.

use crate::model::EventId;
use crate::timeline::bytes::{Reader, pack, pack_ascending, packed, packed_ascending, put_varint};
use crate::timeline::column::ColumnKey;

/// What the first page of a stripe begins with.
pub const VERSION: u8 = 2;
/// The first version had fewer forms of columns, and is read as well.
pub const VERSION_MIN: u8 = 1;
/// Rows that a stripe may have.
pub const ROWS_MAX: usize = 1 << 16;
/// Bytes of a bundle before compression, far above what a writer makes.
pub const BUNDLE_BYTES_MAX: usize = 16 << 20;
/// How many times its size lz4 can blow up a block at the very most.
pub const LZ4_RATIO_MAX: usize = 256;

/// What the head of a stripe says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub n_rows: usize,
    pub bundles: Vec<Bundle>,
    /// By key, ascending.
    pub columns: Vec<Place>,
    /// The bundle of the values under seldom keys, if there are any.
    pub rest: Option<usize>,
}

/// Where a bundle lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Bundle {
    /// The page in the stripe on which it begins.
    pub page: u16,
    /// Its first byte there.
    pub offset: u32,
    /// How many bytes it has; beyond the page it goes on at the start of the next.
    pub stored: u32,
    /// How many it has unpacked; as many as stored when it is not compressed.
    pub raw: u32,
}

/// Where a column lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub key: ColumnKey,
    pub bundle: usize,
    /// The first byte in the unpacked bundle.
    pub offset: usize,
}

impl Head {
    /// The head has as many bytes wherever its bundles lie, so that it can be
    /// measured before they are placed.
    pub fn put(&self, out: &mut Vec<u8>) {
        put_varint(out, self.n_rows as u64);
        put_varint(out, self.bundles.len() as u64);
        for bundle in &self.bundles {
            out.extend_from_slice(&bundle.page.to_le_bytes());
            for part in [bundle.offset, bundle.stored, bundle.raw] {
                out.extend_from_slice(&part.to_le_bytes());
            }
        }
        put_varint(out, self.rest.map_or(0, |bundle| bundle as u64 + 1));
        put_varint(out, self.columns.len() as u64);
        for place in &self.columns {
            place.key.put(out);
            put_varint(out, place.bundle as u64);
            put_varint(out, place.offset as u64);
        }
    }

    pub fn read(reader: &mut Reader<'_>) -> Option<Head> {
        let n_rows = reader.below(ROWS_MAX + 1)?;
        let n_bundles = reader.count(14)?;
        let bundles: Vec<Bundle> =
            (0..n_bundles).map(|_| Bundle::read(reader)).collect::<Option<_>>()?;
        let rest = reader.below(n_bundles + 1)?.checked_sub(1);
        let n_columns = reader.count(3)?;
        let place = |_| {
            let key = ColumnKey::read(reader)?;
            let bundle = reader.below(n_bundles)?;
            let offset = reader.below(bundles[bundle].raw as usize)?;
            Some(Place { key, bundle, offset })
        };
        let columns: Vec<Place> = (0..n_columns).map(place).collect::<Option<_>>()?;
        let ascends = columns.windows(2).all(|pair| pair[0].key < pair[1].key);
        (ascends && n_bundles >= 2).then_some(Head { n_rows, bundles, columns, rest })
    }
}

impl Bundle {
    fn read(reader: &mut Reader<'_>) -> Option<Bundle> {
        let page = u16::from_le_bytes(reader.take(2)?.try_into().ok()?);
        let mut part = || Some(u32::from_le_bytes(reader.take(4)?.try_into().ok()?));
        let bundle = Bundle { page, offset: part()?, stored: part()?, raw: part()? };
        let (stored, raw) = (bundle.stored as usize, bundle.raw as usize);
        let sound = stored <= raw
            && raw <= BUNDLE_BYTES_MAX
            && raw <= stored.saturating_mul(LZ4_RATIO_MAX) + 64;
        sound.then_some(bundle)
    }
}

/// What orders the rows of a stripe: origin, when, ord; the ids lie apart.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Keys {
    pub origins: Vec<u32>,
    pub whens: Vec<i64>,
    pub ords: Vec<i64>,
}

/// The bundle of the keys and that of the ids stand first.
pub const KEYS: usize = 0;
pub const IDS: usize = 1;

impl Keys {
    pub fn put(&self, out: &mut Vec<u8>) {
        pack_ascending(out, self.origins.iter().map(|origin| i64::from(*origin)));
        pack(out, self.whens.iter().copied());
        pack(out, self.ords.iter().copied());
    }

    pub fn read(reader: &mut Reader<'_>, n_rows: usize) -> Option<Keys> {
        let origins = packed_ascending(reader, n_rows)?.into_iter();
        let origins: Vec<u32> = origins.map(|n| u32::try_from(n).ok()).collect::<Option<_>>()?;
        let whens = packed(reader, n_rows)?;
        let ords = packed(reader, n_rows)?;
        let dated = whens.iter().all(|ms| crate::model::Timestamp::from_millis(*ms).is_some());
        (dated && origins.is_sorted()).then_some(Keys { origins, whens, ords })
    }

    /// The rows of one origin, as a range.
    pub fn of_origin(&self, origin: u32) -> std::ops::Range<usize> {
        let start = self.origins.partition_point(|at| *at < origin);
        let n_rows = self.origins[start..].partition_point(|at| *at == origin);
        start..start + n_rows
    }

    /// Those of some rows.
    pub fn picked(&self, rows: &[u32]) -> Keys {
        fn of<T: Copy>(all: &[T], rows: &[u32]) -> Vec<T> {
            rows.iter().map(|row| all[*row as usize]).collect()
        }
        Keys {
            origins: of(&self.origins, rows),
            whens: of(&self.whens, rows),
            ords: of(&self.ords, rows),
        }
    }

    /// With room for what is said elsewhere of each origin.
    pub fn memory(&self) -> usize {
        self.origins.len() * 24
    }
}

pub fn put_ids(out: &mut Vec<u8>, ids: &[EventId]) {
    ids.iter().for_each(|id| out.extend_from_slice(&id.0.to_be_bytes()));
}

pub fn read_ids(reader: &mut Reader<'_>, n_rows: usize) -> Option<Vec<EventId>> {
    let bytes = reader.take(n_rows.checked_mul(16)?)?;
    let (ids, _) = bytes.as_chunks::<16>();
    Some(ids.iter().map(|id| EventId(u128::from_be_bytes(*id))).collect())
}
