//! The threads: one cuts, some parse, whoever asks gets the batches in order.

use super::batch::{Batch, Batching, Line};
use super::chunk::{Chunk, Chunks, Piece};
use super::cut::Cut;
use super::error::ReadError;
use super::source::{Progress, Source};
use crate::wire::calls::Defaults;
use crate::wire::csv::{Mapping, Plan, RowReader};
use crate::wire::json::{Reader, too_long};
use crate::wire::reject::{Reason, Reject};
use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// What the records of a source are.
///
/// ```
/// use std::{io::Cursor, sync::Arc};
/// use throng::wire::{Defaults, Incoming, Shape, csv::Mapping, read};
/// let mapping = Mapping::from_toml(
///     "identifiers = { user_id = 'who' }
///      [[call]]
///      type = 'track'
///      event = 'order'",
/// );
/// let shape = Shape::Csv(Arc::new(mapping.unwrap()));
/// let mut batches = read(Cursor::new("who\nada\n"), shape, Defaults::file("shop"), 1).unwrap();
/// let batch = batches.next().unwrap().unwrap();
/// let Ok(Incoming::Call(call)) = &batch.lines[0].call else { panic!() };
/// assert_eq!(call.user_id.as_deref(), Some("ada"));
/// ```
#[derive(Clone, Debug)]
pub enum Shape {
    /// A call as JSON on each line.
    Ndjson,
    /// Rows of CSV, which a mapping makes calls of.
    Csv(Arc<Mapping>),
}

/// Chunks that wait for a thread, and that wait behind it.
const WAITING: usize = 2;

/// Reads a source, parsing with that many threads.
///
/// Gzip is known by its first bytes. Batches come in the order of the source,
/// and are the same whatever the number of threads. Dropping the iterator
/// stops the threads; one that waits for the source ends with its next byte.
///
/// ```
/// use std::io::Cursor;
/// use throng::wire::{Defaults, Shape, read};
/// let file = "{\"type\":\"page\",\"userId\":\"u1\"}\n\n{\"type\":\"page\"\n";
/// let batches = read(Cursor::new(file), Shape::Ndjson, Defaults::file("import"), 2).unwrap();
/// let lines: Vec<_> = batches.flat_map(|batch| batch.unwrap().lines).collect();
/// assert!(lines[0].call.is_ok());
/// assert_eq!((lines[1].number, lines[1].call.is_err()), (3, true));
/// ```
pub fn read(
    source: impl Read + Send + 'static,
    shape: Shape,
    defaults: Defaults,
    n_threads: usize,
) -> Result<Batches, ReadError> {
    let source = Source::open(source)?;
    let progress = source.progress.clone();
    let cut = match &shape {
        Shape::Ndjson => Cut::Lines,
        Shape::Csv(mapping) => Cut::Rows { delimiter: mapping.delimiter() },
    };
    let mut chunks = Chunks::open(source, cut)?;
    let has_header = matches!(&shape, Shape::Csv(mapping) if mapping.has_header());
    let header = has_header.then(|| chunks.header()).transpose()?;
    let parser = Parser::new(shape, defaults, header.as_deref())?;
    let mut jobs = Vec::new();
    let mut lanes = Vec::new();
    for _ in 0..n_threads.max(1) {
        let (give_job, take_job) = sync_channel(WAITING);
        let (give_done, take_done) = sync_channel(WAITING);
        let parser = parser.clone();
        start("throng-parse", move || parse(parser, &take_job, &give_done))?;
        jobs.push(give_job);
        lanes.push(take_done);
    }
    start("throng-read", move || deal(chunks, &jobs))?;
    let header = header.map(Arc::from);
    Ok(Batches { lanes, next: 0, ready: VecDeque::new(), is_over: false, progress, header })
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), ReadError> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(work);
    started.map(drop).map_err(|_| ReadError::Interrupted)
}

/// The batches of a source, in order. An error is the last that comes.
///
/// ```
/// use std::{io::Cursor, sync::Arc};
/// use throng::wire::{Batches, Defaults, Shape, csv::Mapping, read};
/// let mapping = Mapping::from_toml(
///     "identifiers = { user_id = 'who' }
///      [[call]]
///      type = 'track'
///      event = 'order'",
/// );
/// let shape = Shape::Csv(Arc::new(mapping.unwrap()));
/// let mut batches: Batches = read(Cursor::new("who\nada\nbob\n"), shape, Defaults::file("shop"), 1).unwrap();
/// assert_eq!(batches.header().as_deref(), Some(&b"who"[..]));
/// let n_lines: usize = batches.by_ref().map(|batch| batch.unwrap().lines.len()).sum();
/// assert_eq!((n_lines, batches.progress().bytes()), (2, 12));
/// ```
#[derive(Debug)]
pub struct Batches {
    lanes: Vec<Receiver<Done>>,
    next: usize,
    ready: VecDeque<Batch>,
    is_over: bool,
    progress: Progress,
    header: Option<Arc<[u8]>>,
}

/// What is dealt to a parsing thread.
enum Job {
    Chunk(Chunk),
    End(Option<ReadError>),
}

/// What comes back from it.
#[derive(Debug)]
enum Done {
    Batches(Vec<Batch>),
    End(Option<ReadError>),
}

impl Batches {
    /// How far the source has been read: somewhat ahead of the batches.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// The record that names the columns, as it was written.
    pub fn header(&self) -> Option<Arc<[u8]>> {
        self.header.clone()
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, ReadError>;

    fn next(&mut self) -> Option<Result<Batch, ReadError>> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                return Some(Ok(batch));
            }
            if self.is_over {
                return None;
            }
            // Chunks were dealt in turn, so taking in turn gives them in order.
            let done = self.lanes[self.next].recv();
            self.next = (self.next + 1) % self.lanes.len();
            let error = match done {
                Ok(Done::Batches(batches)) => {
                    self.ready.extend(batches);
                    continue;
                }
                Ok(Done::End(error)) => error,
                Err(_) => Some(ReadError::Interrupted),
            };
            self.is_over = true;
            self.lanes.clear();
            return error.map(Err);
        }
    }
}

/// Cuts the source, and deals its chunks to the threads in turn.
fn deal(mut chunks: Chunks, jobs: &[SyncSender<Job>]) {
    for lane in jobs.iter().cycle() {
        let (job, is_last) = match chunks.next() {
            Ok(Some(chunk)) => (Job::Chunk(chunk), false),
            Ok(None) => (Job::End(None), true),
            Err(error) => (Job::End(Some(error)), true),
        };
        if lane.send(job).is_err() || is_last {
            return;
        }
    }
}

/// Parses what is dealt until nothing more comes or nobody listens.
fn parse(mut parser: Parser, jobs: &Receiver<Job>, done: &SyncSender<Done>) {
    for job in jobs {
        let result = match job {
            Job::Chunk(chunk) => Done::Batches(parser.batches(&chunk)),
            Job::End(error) => Done::End(error),
        };
        if done.send(result).is_err() {
            return;
        }
    }
}

#[derive(Clone)]
struct Parser {
    defaults: Defaults,
    records: Records,
}

#[derive(Clone)]
enum Records {
    Json(Box<Reader>),
    Rows(RowReader),
}

impl Records {
    /// Doubtful times of the record that was read last.
    fn n_doubtful(&mut self) -> u64 {
        match self {
            Records::Json(_) => 0,
            Records::Rows(rows) => rows.take_doubtful(),
        }
    }
}

impl Parser {
    fn new(shape: Shape, defaults: Defaults, header: Option<&[u8]>) -> Result<Parser, ReadError> {
        let records = match shape {
            Shape::Ndjson => Records::Json(Box::default()),
            Shape::Csv(mapping) => Records::Rows(RowReader::new(Plan::new(mapping, header)?)),
        };
        Ok(Parser { defaults, records })
    }

    fn batches(&mut self, chunk: &Chunk) -> Vec<Batch> {
        let mut batching = Batching::of(chunk);
        for piece in &chunk.pieces {
            let raw = &chunk.text[piece.start..piece.start + piece.len];
            if let Some(fault) = piece.fault {
                batching.push(Line::new(piece, Err(unreadable(fault))));
            } else {
                self.piece(piece, raw, &mut batching);
            }
            batching.record(self.records.n_doubtful());
        }
        batching.finish()
    }

    fn piece(&mut self, piece: &Piece, raw: &[u8], batching: &mut Batching) {
        match &mut self.records {
            Records::Json(reader) => {
                batching.push(Line::new(piece, reader.call(raw, &self.defaults)));
            }
            Records::Rows(rows) => rows.calls(raw, piece.row, &self.defaults, &mut |part, call| {
                batching.push(Line::new(piece, call).of_part(part));
            }),
        }
    }
}

fn unreadable(fault: Reason) -> Reject {
    if fault == Reason::CallTooLong {
        return too_long();
    }
    let message = "a quote opens here and is never closed";
    Reject::new(fault, message, "close it, or write each quote inside a quoted field twice")
}
