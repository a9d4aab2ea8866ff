//! Parsed records, in the order of the source.

use super::chunk::{Chunk, Piece};
use crate::model::limits::{RECORD_BYTES_MAX, RECORD_CALLS_MAX};
use crate::model::{Body, Call, Object, Value};
use crate::wire::calls::Incoming;
use crate::wire::reject::Reject;
use std::sync::Arc;

/// Which of the calls of a row it is, where rows make several.
///
/// ```
/// use std::{io::Cursor, sync::Arc};
/// use throng::wire::{Defaults, Part, Shape, csv::Mapping, read};
/// let mapping = Mapping::from_toml(
///     "identifiers = { user_id = 'who' }
///      [[call]]
///      type = 'identify'
///      [[call]]
///      type = 'track'
///      event = 'order'",
/// );
/// let shape = Shape::Csv(Arc::new(mapping.unwrap()));
/// let mut batches = read(Cursor::new("who\nada\n"), shape, Defaults::file("shop"), 1).unwrap();
/// let batch = batches.next().unwrap().unwrap();
/// let parts = batch.lines.iter().flat_map(|line| line.part).map(|Part { place, kind }| (place, kind));
/// assert_eq!(parts.collect::<Vec<_>>(), [(1, "identify"), (2, "track")]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its place among the calls of the mapping, from 1.
    pub place: usize,
    /// Its type.
    pub kind: &'static str,
}

/// What one record says, or one of the things that it says.
///
/// ```
/// use std::io::Cursor;
/// use throng::wire::{Defaults, Line, Reason, Shape, read};
/// let file = "{\"type\":\"page\",\"userId\":\"u1\"}\n{\"type\":\"pgae\"}\n";
/// let mut batches = read(Cursor::new(file), Shape::Ndjson, Defaults::file("import"), 1).unwrap();
/// let lines: Vec<Line> = batches.next().unwrap().unwrap().lines;
/// assert_eq!((lines[0].number, lines[0].call.is_ok()), (1, true));
/// assert_eq!(lines[1].call.as_ref().unwrap_err().reason, Reason::UnknownType);
/// assert_eq!(lines[1].spot().number, 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line that the record begins at, from 1.
    pub number: u64,
    /// The call, or why there is none.
    pub call: Result<Incoming, Reject>,
    /// Which call of a row.
    pub part: Option<Part>,
    start: usize,
    len: usize,
}

/// Where a record stands in its batch, once its call has gone elsewhere.
///
/// ```
/// use std::io::Cursor;
/// use throng::wire::{Defaults, Shape, Spot, read};
/// let file = "{\"type\":\"page\",\"userId\":\"u1\"}\n{\"type\":\"pgae\"}\n";
/// let mut batches = read(Cursor::new(file), Shape::Ndjson, Defaults::file("import"), 1).unwrap();
/// let mut batch = batches.next().unwrap().unwrap();
/// let spots: Vec<Spot> = batch.lines.iter().map(|line| line.spot()).collect();
/// batch.lines.clear();
/// assert_eq!((spots[1].number, batch.raw_at(spots[1])), (2, &br#"{"type":"pgae"}"#[..]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The line that the record begins at, from 1.
    pub number: u64,
    /// Which call of a row.
    pub part: Option<Part>,
    start: usize,
    len: usize,
}

/// Lines that may go into one commit.
///
/// ```
/// use std::io::Cursor;
/// use throng::wire::{Defaults, Shape, read};
/// let file = "{\"type\":\"page\",\"userId\":\"u1\"}\n{\"type\":\"pgae\"}\n";
/// let mut batches = read(Cursor::new(file), Shape::Ndjson, Defaults::file("import"), 1).unwrap();
/// let batch = batches.next().unwrap().unwrap();
/// assert_eq!((batch.lines.len(), batch.n_records, batch.read_to), (2, 2, file.len() as u64));
/// assert_eq!(batch.raw(&batch.lines[1]), br#"{"type":"pgae"}"#);
/// assert!(batches.next().is_none());
/// assert_eq!(batch.raw_at(batch.lines[1].spot()), batch.raw(&batch.lines[1]));
/// ```
#[derive(Clone, Debug)]
pub struct Batch {
    /// The lines, in order. A row of a mapping may give several or none.
    pub lines: Vec<Line>,
    /// Records that were read for it, those included that a mapping leaves out.
    pub n_records: u64,
    /// Bytes of the source that had been read by then.
    pub read_to: u64,
    /// Local times in it that a change of the clock made doubtful: there was no
    /// such time, or there were two.
    pub n_doubtful: u64,
    text: Arc<Vec<u8>>,
}

impl Line {
    pub(super) fn new(piece: &Piece, call: Result<Incoming, Reject>) -> Line {
        Line { number: piece.line, call, part: None, start: piece.start, len: piece.len }
    }

    pub(super) fn of_part(self, part: Option<Part>) -> Line {
        Line { part, ..self }
    }

    /// Where the record stands.
    pub fn spot(&self) -> Spot {
        Spot { number: self.number, part: self.part, start: self.start, len: self.len }
    }
}

impl Batch {
    /// The record as it was written. `line` is one of this batch.
    pub fn raw(&self, line: &Line) -> &[u8] {
        self.raw_at(line.spot())
    }

    /// The record that stood there, as it was written.
    pub fn raw_at(&self, spot: Spot) -> &[u8] {
        self.text.get(spot.start..spot.start + spot.len).unwrap_or_default()
    }
}

/// Lines on their way into batches that keep to the limits of a record.
pub(super) struct Batching {
    chunk_text: Arc<Vec<u8>>,
    read_to: u64,
    lines: Vec<Line>,
    n_bytes: usize,
    n_records: u64,
    n_doubtful: u64,
    done: Vec<Batch>,
}

impl Batching {
    pub(super) fn of(chunk: &Chunk) -> Batching {
        Batching {
            chunk_text: chunk.text.clone(),
            read_to: chunk.read_to,
            lines: Vec::with_capacity(chunk.pieces.len().min(RECORD_CALLS_MAX)),
            n_bytes: 0,
            n_records: 0,
            n_doubtful: 0,
            done: Vec::new(),
        }
    }

    /// One more record was read, with so many doubtful times.
    pub(super) fn record(&mut self, n_doubtful: u64) {
        self.n_records += 1;
        self.n_doubtful += n_doubtful;
    }

    pub(super) fn push(&mut self, line: Line) {
        let n_bytes = match &line.call {
            Ok(Incoming::Call(call)) => weight(call),
            Ok(Incoming::Forget(forget)) => weight(&forget.names),
            Err(_) => 0,
        };
        let full =
            self.lines.len() == RECORD_CALLS_MAX || self.n_bytes + n_bytes > RECORD_BYTES_MAX;
        if full && !self.lines.is_empty() {
            self.close();
        }
        self.n_bytes += n_bytes;
        self.lines.push(line);
    }

    pub(super) fn finish(mut self) -> Vec<Batch> {
        if !self.lines.is_empty() || self.n_records > 0 {
            self.close();
        }
        self.done
    }

    fn close(&mut self) {
        self.done.push(Batch {
            lines: std::mem::take(&mut self.lines),
            n_records: std::mem::take(&mut self.n_records),
            read_to: self.read_to,
            n_doubtful: std::mem::take(&mut self.n_doubtful),
            text: self.chunk_text.clone(),
        });
        self.n_bytes = 0;
    }
}

/// Bytes that a call takes in a record, before compression and rather more
/// than less: what a batch is kept below `RECORD_BYTES_MAX` by.
///
/// ```
/// use throng::{model::{Body, Call}, wire::weight};
/// let short = Call::new("web", Body::Alias { previous: "u1".into() });
/// let long = Call::new("web", Body::Alias { previous: "u".repeat(1_000).into() });
/// assert_eq!(weight(&long) - weight(&short), 998);
/// ```
pub fn weight(call: &Call) -> usize {
    let body = match &call.body {
        Body::Track { event, properties } => event.len() + of_object(properties),
        Body::Page { properties } | Body::Screen { properties } => of_object(properties),
        Body::Identify { traits } => of_object(traits),
        Body::Group { group_id, traits } => group_id.len() + of_object(traits),
        Body::Alias { previous } => previous.len(),
        Body::Consent { purpose, .. } => purpose.len(),
    };
    let ids = [&call.user_id, &call.anonymous_id, &call.channel];
    let ids: usize = ids.into_iter().flatten().map(|text| text.len()).sum();
    64 + body + ids + call.source.len() + of_object(&call.context) + of_object(&call.extra)
}

fn of_object(object: &Object) -> usize {
    object.iter().map(|(key, value)| 8 + key.len() + of_value(value)).sum()
}

fn of_value(value: &Value) -> usize {
    match value {
        Value::Text(text) | Value::Digits(text) => 8 + text.len(),
        Value::List(items) => 8 + items.iter().map(of_value).sum::<usize>(),
        Value::Object(object) => 8 + of_object(object),
        _ => 18,
    }
}
