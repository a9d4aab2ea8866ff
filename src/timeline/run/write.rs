//! Writing a stripe: columns to bundles, bundles to pages.

use super::rest::Rest;
use super::stripe::{Bundle, Head, IDS, KEYS, Keys, Place, VERSION, put_ids};
use crate::model::EventId;
use crate::model::limits::COLUMNS_PER_RUN_MAX;
use crate::timeline::bytes::put_varint;
use crate::timeline::column::{Coder, ColumnKey, Loose, put_column, put_following_column};
use crate::timeline::shape::Shape;
use lz4_flex::block::{compress_into, get_maximum_output_size};

/// A key in fewer than one row of so many has no column of its own.
const SELDOM: usize = 64;
/// A bundle takes in small columns up to so many bytes.
const BUNDLE_BYTES: usize = 2 << 10;
/// A key longer than this has no column of its own, so that heads stay small.
const KEY_BYTES_MAX: usize = 1 << 10;

/// The rows of a stripe to be written, by key and column.
#[derive(Debug, Default)]
pub struct Sheet<'a> {
    pub keys: Keys,
    pub ids: Vec<EventId>,
    /// By key, ascending.
    pub columns: Vec<(&'a ColumnKey, &'a Loose<'a>)>,
}

/// Room to work in, used again for every stripe.
#[derive(Debug, Default)]
pub struct Room {
    coder: Coder,
    pressed: Vec<u8>,
}

/// The pages of a stripe.
pub fn write_stripe(sheet: &Sheet<'_>, shape: &Shape, room: &mut Room) -> Vec<Vec<u8>> {
    let (kept, seldom) = parted(sheet);
    let mut bundles = vec![Vec::new(); 2];
    sheet.keys.put(&mut bundles[KEYS]);
    put_ids(&mut bundles[IDS], &sheet.ids);
    let columns = put_columns(&mut bundles, &kept, &sheet.keys.whens, &mut room.coder);
    let rest = (!seldom.is_empty()).then(|| {
        let mut bytes = Vec::new();
        Rest::put(&mut bytes, &seldom);
        bundles.push(bytes);
        bundles.len() - 1
    });
    let n_rows = sheet.ids.len();
    let mut head = Head { n_rows, bundles: vec![Bundle::default(); bundles.len()], columns, rest };
    let mut paper = Paper::new(head_bytes(&head).len(), shape);
    for (bundle, raw) in head.bundles.iter_mut().zip(&bundles) {
        *bundle = paper.put(compressed(raw, &mut room.pressed));
        bundle.raw = raw.len() as u32;
    }
    paper.finished(&head_bytes(&head))
}

type Columns<'a> = Vec<(&'a ColumnKey, &'a Loose<'a>)>;

/// Columns of their own, and those whose key is seldom.
fn parted<'a>(sheet: &Sheet<'a>) -> (Columns<'a>, Columns<'a>) {
    let least = sheet.ids.len().div_ceil(SELDOM);
    let mut ranks: Vec<(usize, usize)> = sheet
        .columns
        .iter()
        .enumerate()
        .filter(|(_, (key, cells))| cells.len() >= least && key_bytes(key) <= KEY_BYTES_MAX)
        .map(|(place, (_, cells))| (cells.len(), place))
        .collect();
    ranks.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    ranks.truncate(COLUMNS_PER_RUN_MAX);
    let mut frequent = vec![false; sheet.columns.len()];
    ranks.iter().for_each(|(_, place)| frequent[*place] = true);
    let mut parts = (Vec::new(), Vec::new());
    for (column, frequent) in sheet.columns.iter().zip(frequent) {
        if frequent { parts.0.push(*column) } else { parts.1.push(*column) }
    }
    parts
}

fn key_bytes(key: &ColumnKey) -> usize {
    let mut bytes = Vec::new();
    key.put(&mut bytes);
    bytes.len()
}

fn put_columns(
    bundles: &mut Vec<Vec<u8>>,
    columns: &Columns<'_>,
    whens: &[i64],
    coder: &mut Coder,
) -> Vec<Place> {
    let mut open: Option<usize> = None;
    let mut places = Vec::with_capacity(columns.len());
    let mut bytes = Vec::new();
    for (key, cells) in columns {
        bytes.clear();
        let follows = **key == ColumnKey::Received;
        if !(follows && put_following_column(&mut bytes, cells, whens)) {
            put_column(&mut bytes, cells, whens.len(), coder);
        }
        let bundle = match open {
            Some(bundle) if bytes.len() < BUNDLE_BYTES => bundle,
            _ => {
                bundles.push(Vec::new());
                bundles.len() - 1
            }
        };
        places.push(Place { key: (*key).clone(), bundle, offset: bundles[bundle].len() });
        let is_small = bytes.len() < BUNDLE_BYTES;
        bundles[bundle].extend_from_slice(&bytes);
        if is_small {
            open = Some(bundle).filter(|_| bundles[bundle].len() < BUNDLE_BYTES);
        }
    }
    places
}

/// The bytes compressed, or as they are when that is no longer.
fn compressed<'a>(raw: &'a [u8], pressed: &'a mut Vec<u8>) -> &'a [u8] {
    let n_bytes_max = get_maximum_output_size(raw.len());
    if pressed.len() < n_bytes_max {
        pressed.resize(n_bytes_max, 0);
    }
    let n_bytes = compress_into(raw, pressed).expect("the room is as great as it ever need be");
    if n_bytes < raw.len() { &pressed[..n_bytes] } else { raw }
}

fn head_bytes(head: &Head) -> Vec<u8> {
    let mut body = Vec::new();
    head.put(&mut body);
    let mut out = vec![VERSION];
    put_varint(&mut out, body.len() as u64);
    out.extend_from_slice(&body);
    out
}

/// Pages that are being filled.
struct Paper<'a> {
    pages: Vec<Vec<u8>>,
    shape: &'a Shape,
}

impl<'a> Paper<'a> {
    /// Room for the head comes first; what it says is known last.
    fn new(head_bytes: usize, shape: &'a Shape) -> Paper<'a> {
        let mut paper = Paper { pages: vec![Vec::new()], shape };
        paper.put(&vec![0; head_bytes]);
        paper
    }

    fn put(&mut self, bytes: &[u8]) -> Bundle {
        let open = self.pages.last().map_or(0, Vec::len);
        if open > 0 && open + bytes.len() > self.shape.page_bytes {
            self.pages.push(Vec::new());
        }
        let page = self.pages.len() - 1;
        let offset = self.pages[page].len() as u32;
        let mut left = bytes;
        while let Some(last) = self.pages.last_mut() {
            let room = self.shape.page_bytes_max.saturating_sub(last.len()).min(left.len());
            last.extend_from_slice(&left[..room]);
            left = &left[room..];
            if left.is_empty() {
                break;
            }
            self.pages.push(Vec::new());
        }
        Bundle { page: page as u16, offset, stored: bytes.len() as u32, raw: 0 }
    }

    fn finished(mut self, head: &[u8]) -> Vec<Vec<u8>> {
        let mut left = head;
        for page in &mut self.pages {
            let n_bytes = left.len().min(page.len());
            page[..n_bytes].copy_from_slice(&left[..n_bytes]);
            left = &left[n_bytes..];
        }
        self.pages
    }
}
