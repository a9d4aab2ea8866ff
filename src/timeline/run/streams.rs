//! Which stream each row of a stripe is of, and the rows of one stream apart.

use super::read::Stripe;
use super::stripe::Keys;
use crate::model::{Body, CallKind, Object, Stream, Text};
use crate::shelf::Gathered;
use crate::timeline::column::{Cells, Column, ColumnKey, kind_named};
use crate::timeline::pages::{PageError, Pages};
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The stream of each row: its place among the streams that there are.
#[derive(Debug, Default)]
pub struct RowStreams {
    codes: Vec<u16>,
    /// Each once; none for rows that do not say.
    streams: Vec<Option<Stream>>,
}

impl RowStreams {
    /// The stream of a row.
    pub fn of_row(&self, row: usize) -> Option<&Stream> {
        self.streams[usize::from(*self.codes.get(row)?)].as_ref()
    }

    /// What a function makes of the stream of each row, each stream asked once.
    pub fn each<T: Clone>(&self, make: impl Fn(Option<&Stream>) -> T) -> impl Iterator<Item = T> {
        let made: Vec<T> = self.streams.iter().map(|stream| make(stream.as_ref())).collect();
        self.codes.iter().map(move |code| made[usize::from(*code)].clone())
    }

    /// The rows of wanted streams.
    pub fn rows(&self, wanted: impl Fn(&Stream) -> bool) -> Vec<u32> {
        let wanted = self.each(|stream| stream.is_some_and(&wanted));
        (0..).zip(wanted).filter(|(_, is)| *is).map(|(row, _)| row).collect()
    }

    /// Told once for each pair of a kind and a name.
    pub fn of(stripe: &Stripe, pages: &dyn Pages) -> Result<RowStreams, PageError> {
        let kinds = Words::of(stripe, pages, &ColumnKey::Kind)?;
        let names = Words::of(stripe, pages, &ColumnKey::Name)?;
        let mut known: HashMap<(u32, u32), u16, FixedState> = HashMap::default();
        let mut all = RowStreams::default();
        for pair in kinds.codes.iter().copied().zip(names.codes.iter().copied()) {
            let code = *known.entry(pair).or_insert_with(|| {
                let [kind, name] = [&kinds.words[pair.0 as usize], &names.words[pair.1 as usize]];
                all.code(kind.as_deref().and_then(|kind| stream_of(kind, name.clone())))
            });
            all.codes.push(code);
        }
        Ok(all)
    }

    fn code(&mut self, stream: Option<Stream>) -> u16 {
        let place = self.streams.iter().position(|known| *known == stream);
        let place = place.unwrap_or_else(|| {
            self.streams.push(stream);
            self.streams.len() - 1
        });
        // A stripe has no more rows than there are such numbers.
        place as u16
    }

    pub fn memory(&self) -> usize {
        2 * self.codes.len() + 64 * self.streams.len()
    }
}

/// The texts under a key: words, and which of them each row has. The first is none.
struct Words {
    words: Vec<Option<Text>>,
    codes: Vec<u32>,
}

impl Words {
    fn of(stripe: &Stripe, pages: &dyn Pages, key: &ColumnKey) -> Result<Words, PageError> {
        let mut words = Words { words: vec![None], codes: vec![0; stripe.n_rows()] };
        if let Some(column) = stripe.column_of(pages, key)? {
            words.read(column);
        } else if let Some(rest) = stripe.rest(pages)? {
            let values = rest.keys().find(|(at, _)| *at == key).map(|(_, values)| values);
            for (row, value) in values.unwrap_or_default() {
                let text = value.as_text().cloned();
                words.codes[*row as usize] = words.code(text);
            }
        }
        Ok(words)
    }

    fn read(&mut self, column: &Column) {
        match &column.cells {
            Cells::Texts { codes, dictionary } => {
                self.words.extend(dictionary.iter().cloned().map(Some));
                for (row, code) in codes.iter().enumerate() {
                    self.codes[row] = if column.present.get(row) { code + 1 } else { 0 };
                }
            }
            _ => {
                for row in 0..self.codes.len() {
                    self.codes[row] = self.code(column.text(row).cloned());
                }
            }
        }
    }

    fn code(&mut self, text: Option<Text>) -> u32 {
        let place = self.words.iter().position(|known| *known == text);
        place.unwrap_or_else(|| {
            self.words.push(text);
            self.words.len() - 1
        }) as u32
    }
}

/// The rows of one stream apart from those of others, as columns of their own.
#[derive(Debug)]
pub struct Apart {
    pub stream: Stream,
    /// Their places in the stripe.
    pub rows: Vec<u32>,
    pub keys: Keys,
    /// What is said elsewhere of the origin of each row.
    pub of_origins: Gathered<u32>,
    columns: Mutex<Vec<(ColumnKey, Arc<Column>)>>,
}

impl Apart {
    pub fn of(stream: &Stream, streams: &RowStreams, keys: &Keys) -> Apart {
        let rows = streams.rows(|of_row| of_row == stream);
        let keys = keys.picked(&rows);
        let (of_origins, columns) = (Gathered::default(), Mutex::default());
        Apart { stream: stream.clone(), rows, keys, of_origins, columns }
    }

    /// The column under a key, made of that of the whole stripe if nobody has asked before.
    /// Gives the bytes that it holds when it is new.
    pub fn column(
        &self,
        key: &ColumnKey,
        whole: impl FnOnce() -> Result<Arc<Column>, PageError>,
    ) -> Result<(Arc<Column>, usize), PageError> {
        let columns = || self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(column) = find(&columns(), key) {
            return Ok((column, 0));
        }
        // It is made outside the lock: a slow disk holds up nobody else.
        let whole = whole()?;
        let column = Arc::new(whole.gather(&self.rows));
        // What the stripe keeps shares its words with this one.
        let is_kept = Arc::strong_count(&whole) > 1;
        let shared = if is_kept { column.words_memory() } else { 0 };
        let mut columns = columns();
        if let Some(column) = find(&columns, key) {
            return Ok((column, 0));
        }
        columns.push((key.clone(), column.clone()));
        let memory = 64 + column.memory() - shared;
        Ok((column, memory))
    }

    pub fn memory(&self) -> usize {
        160 + 4 * self.rows.len() + self.keys.memory()
    }
}

fn find(columns: &[(ColumnKey, Arc<Column>)], key: &ColumnKey) -> Option<Arc<Column>> {
    columns.iter().find(|(known, _)| known == key).map(|(_, column)| column.clone())
}

/// The stream of calls of that kind, and of that name where the kind has one.
fn stream_of(kind: &str, name: Option<Text>) -> Option<Stream> {
    let properties = Object::default();
    Some(match kind_named(kind)? {
        CallKind::Track => Stream::Events(name?),
        CallKind::Page => Body::Page { properties }.stream(),
        CallKind::Screen => Body::Screen { properties }.stream(),
        CallKind::Identify => Stream::Identify,
        CallKind::Group => Stream::Group,
        CallKind::Alias => Stream::Alias,
        CallKind::Consent => Stream::Consent,
    })
}
