//! The timeline of everybody: the tail and the runs.

use super::bytes::{Reader, put_varint};
use super::pages::{PageError, PageKey, Pages};
use super::run::{Cache, Run, ids_at, runs_from_bytes, runs_to_bytes};
use super::shape::Shape;
use super::slice::Slice;
use super::streams::Streams;
use super::tail::Tail;
use super::wanted::Part;
use super::work::{self, Change, DirectoryKey};
use crate::model::{Event, EventId, IdentifierNumber, Stream, Timestamp};
use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Weak};

/// A slice with so many times the runs that it may have is crowded.
const RUNS_CROWDED: usize = 3;

/// The runs of a chunk by slice; those of a slice by number.
pub type Chunk = BTreeMap<Slice, Vec<Arc<Run>>>;

/// Every row: new ones in the tail, sealed ones in runs whose pages lie
/// elsewhere. Cloning is cheap: a view keeps one.
///
/// ```
/// use throng::model::{Body, Event, EventId, IdentifierNumber, Object, Timestamp};
/// use throng::timeline::{MemoryPages, Timeline, Wanted};
/// let at: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
/// let event = Event {
///     when: at,
///     received: at,
///     ord: 0,
///     id: EventId(1),
///     origin: IdentifierNumber(7),
///     source: "web".into(),
///     channel: None,
///     body: Body::Track { event: "order".into(), properties: Object::default() },
///     context: Object::default(),
/// };
/// let (mut timeline, mut pages) = (Timeline::default(), MemoryPages::default());
/// timeline.append(event.clone());
/// let change = timeline.seal(at);
/// pages.put(change.pages.iter().cloned());
/// timeline.install(change).unwrap();
/// assert_eq!(timeline.tail_len(), 0);
/// let mut rows = Vec::new();
/// let keep = &mut |event: &Event| rows.push(event.clone());
/// timeline.rows(&pages, event.origin, Timestamp::MIN, None, &Wanted::All, keep).unwrap();
/// assert_eq!(rows, [event]);
/// ```
#[derive(Clone, Debug)]
pub struct Timeline {
    pub(super) tail: Tail,
    pub(super) chunks: BTreeMap<u32, Arc<Chunk>>,
    pub(super) streams: Streams,
    pub(super) next_run: u32,
    /// How often the directory has changed.
    pub(super) version: u64,
    pub(super) shape: Shape,
    pub(super) cache: Arc<Cache>,
    /// Shared by the clones that read the directory as it is; another after each change.
    held: Arc<()>,
}

/// A change that was made of another directory than the one that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaleChange;

/// An entry of the directory that says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DamagedEntry(pub Option<DirectoryKey>);

/// Roughly the bytes of memory that a timeline holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TimelineMemory {
    /// Rows that are not sealed.
    pub tail: usize,
    /// Runs and the bounds of their stripes, and the streams.
    pub directory: usize,
    /// Decoded stripes.
    pub cache: usize,
    /// How often a stripe was read, and how often it was not in the cache.
    pub cache_reads: (u64, u64),
}

/// Bytes of decoded stripes that are kept until a budget is set.
const CACHE_BYTES: usize = 256 << 20;

impl Default for Timeline {
    fn default() -> Timeline {
        Timeline {
            tail: Tail::default(),
            chunks: BTreeMap::new(),
            streams: Streams::default(),
            next_run: 1,
            version: 0,
            shape: Shape::default(),
            cache: Arc::new(Cache::new(CACHE_BYTES)),
            held: Arc::default(),
        }
    }
}

impl Timeline {
    /// The timeline whose sealed rows these entries of a directory describe.
    pub fn open<'a>(
        entries: impl IntoIterator<Item = (DirectoryKey, &'a [u8])>,
    ) -> Result<Timeline, DamagedEntry> {
        let mut timeline = Timeline::default();
        let mut summary = None;
        for (key, bytes) in entries {
            match key {
                DirectoryKey::Summary => summary = Some(bytes),
                DirectoryKey::Runs { chunk, slice } => {
                    let runs =
                        runs_from_bytes(chunk, slice, bytes).ok_or(DamagedEntry(Some(key)))?;
                    let runs = runs.into_iter().map(Arc::new).collect();
                    timeline.chunk_mut(chunk).insert(slice, runs);
                }
            }
        }
        if timeline.chunks.is_empty() && summary.is_none() {
            return Ok(timeline);
        }
        let summary = summary.ok_or(DamagedEntry(None))?;
        let mut reader = Reader::new(summary);
        let next_run = reader.varint().and_then(|n| u32::try_from(n).ok());
        let streams = Streams::read(&mut reader);
        let damaged = DamagedEntry(Some(DirectoryKey::Summary));
        timeline.next_run = next_run.ok_or(damaged)?;
        timeline.streams = streams.ok_or(damaged)?;
        Ok(timeline)
    }

    /// The same with other sizes of groups, stripes and pages.
    pub fn with_shape(mut self, shape: Shape) -> Timeline {
        self.shape = shape;
        self
    }

    /// A timeline without a row, in the place of this one: its runs have numbers
    /// that no run of this one has, and both share what is decoded.
    pub fn successor(&self) -> Timeline {
        let (cache, shape) = (self.cache.clone(), self.shape.clone());
        Timeline { next_run: self.next_run, cache, shape, ..Timeline::default() }
    }

    /// The pages of all runs.
    pub fn pages(&self) -> Vec<PageKey> {
        self.runs().flat_map(|run| run.pages()).collect()
    }

    /// How many bytes of decoded stripes may be kept, of this timeline and its clones together.
    pub fn set_cache_budget(&self, bytes: usize) {
        self.cache.set_budget(bytes);
    }

    /// Takes a row into the tail, whenever it happened.
    pub fn append(&mut self, event: impl Borrow<Event>) {
        let event = event.borrow();
        let code = self.streams.count(&event.body.stream());
        self.tail.push(event, code);
    }

    /// Brings near in memory what appending rows of these origins will read.
    pub fn read_ahead(&self, origins: impl Iterator<Item = IdentifierNumber>) {
        self.tail.read_ahead(origins);
    }

    /// The streams of which there are rows.
    pub fn streams(&self) -> Vec<Stream> {
        self.streams.iter().map(|(stream, _)| stream.clone()).collect()
    }

    /// How many rows there are of a stream.
    pub fn stream_len(&self, stream: &Stream) -> u64 {
        self.streams.find(stream).map_or(0, |code| self.streams.n_rows(code))
    }

    /// How many rows are not sealed.
    pub fn tail_len(&self) -> usize {
        self.tail.len()
    }

    /// How many rows are sealed.
    pub fn sealed_len(&self) -> u64 {
        self.runs().map(|run| run.n_rows()).sum()
    }

    /// The whole tail as runs. A row dated after `now` lies in the slice of the future.
    ///
    /// Rows that are appended meanwhile stay in the tail when it is installed.
    pub fn seal(&self, now: Timestamp) -> Change {
        self.seal_pausing(now, &mut || ())
    }

    /// The same with a pause between its pieces, of some milliseconds each.
    pub fn seal_pausing(&self, now: Timestamp, pause: &mut dyn FnMut()) -> Change {
        work::seal(self, now, pause)
    }

    /// Whether a merge is due.
    pub fn is_merge_due(&self, now: Timestamp) -> bool {
        work::is_merge_due(self, now)
    }

    /// One merge that is due, if any: call it until there is none.
    pub fn merge(&self, pages: &dyn Pages, now: Timestamp) -> Result<Option<Change>, PageError> {
        self.merge_pausing(pages, now, &mut || ())
    }

    /// The same with a pause between its pieces, of some milliseconds each.
    pub fn merge_pausing(
        &self,
        pages: &dyn Pages,
        now: Timestamp,
        pause: &mut dyn FnMut(),
    ) -> Result<Option<Change>, PageError> {
        work::merge(self, pages, now, pause)
    }

    /// Makes a seal or a merge hold. Its pages must be readable by now.
    ///
    /// One such work is done at a time: a change that was made before another
    /// was installed is refused.
    pub fn install(&mut self, change: Change) -> Result<(), StaleChange> {
        if change.base != self.version {
            return Err(StaleChange);
        }
        for run in &change.removed {
            let chunk = self.chunk_mut(run.chunk);
            if let Some(runs) = chunk.get_mut(&run.slice) {
                runs.retain(|other| other.number != run.number);
            }
            chunk.retain(|_, runs| !runs.is_empty());
        }
        for run in change.added {
            self.chunk_mut(run.chunk).entry(run.slice).or_default().push(run);
        }
        self.chunks.retain(|_, chunk| !chunk.is_empty());
        for (code, n_rows) in change.sealed {
            self.streams.sealed(code, n_rows);
        }
        self.tail.drop_before(change.sealed_before);
        self.next_run = change.next_run;
        self.version += 1;
        self.held = Arc::default();
        Ok(())
    }

    /// Lives as long as some clone reads the directory as it is now. When it is
    /// dead, and those of all earlier changes are, pages that the next change
    /// replaced are read by nobody.
    pub fn hold(&self) -> Weak<()> {
        Arc::downgrade(&self.held)
    }

    /// The timeline as it is once a change is installed.
    pub fn after(&self, change: &Change) -> Result<Timeline, StaleChange> {
        let mut after = self.clone();
        after.install(change.clone_without_pages())?;
        Ok(after)
    }

    /// The ids of the sealed rows of a piece, see [`Timeline::parts`]; none of the tail's.
    pub fn sealed_ids(
        &self,
        pages: &dyn Pages,
        part: Part,
        visit: &mut dyn FnMut(&[EventId]),
    ) -> Result<(), PageError> {
        if let Part::Stripe { page, n_pages, .. } = part {
            visit(&ids_at(pages, page, n_pages)?);
        }
        Ok(())
    }

    /// The numbers of all runs: a page of another one is read by nobody.
    pub fn run_numbers(&self) -> BTreeSet<u32> {
        self.runs().map(|run| run.number).collect()
    }

    /// Leaves numbers of runs out: pages that a crash left under them are never
    /// taken for those of a later run.
    pub fn skip_runs(&mut self, n_runs: u32) {
        self.next_run = self.next_run.saturating_add(n_runs);
    }

    /// How many runs there are.
    pub fn n_runs(&self) -> usize {
        self.runs().count()
    }

    /// Whether a slice of a chunk has so many runs that questions pay for them.
    pub(crate) fn is_crowded(&self) -> bool {
        let mut slices = self.chunks.values().flat_map(|chunk| chunk.values());
        slices.any(|runs| runs.len() > RUNS_CROWDED * self.shape.runs_max)
    }

    /// The whole directory of the sealed rows: what [`Timeline::open`] takes.
    pub fn directory(&self) -> Vec<(DirectoryKey, Vec<u8>)> {
        let mut entries = vec![(DirectoryKey::Summary, self.summary())];
        for (chunk, slices) in &self.chunks {
            for (slice, runs) in slices.iter() {
                let key = DirectoryKey::Runs { chunk: *chunk, slice: *slice };
                entries.push((key, runs_to_bytes(runs)));
            }
        }
        entries
    }

    /// Roughly the bytes of memory held.
    pub fn memory(&self) -> TimelineMemory {
        let (cache, reads, misses) = self.cache.counts();
        TimelineMemory {
            tail: self.tail.memory(),
            directory: self.runs().map(|run| run.memory()).sum::<usize>() + self.streams.memory(),
            cache,
            cache_reads: (reads, misses),
        }
    }

    pub(super) fn runs(&self) -> impl Iterator<Item = &Arc<Run>> {
        self.chunks.values().flat_map(|chunk| chunk.values().flatten())
    }

    /// The entries of the directory that differ once a change is installed.
    pub(super) fn entries_after(&self, change: &Change) -> Vec<(DirectoryKey, Option<Vec<u8>>)> {
        let mut after = self.clone();
        after.install(change.clone_without_pages()).expect("the change was made of this");
        let mut places: Vec<(u32, Slice)> =
            change.added.iter().chain(&change.removed).map(|run| (run.chunk, run.slice)).collect();
        places.sort();
        places.dedup();
        let mut entries = vec![(DirectoryKey::Summary, Some(after.summary()))];
        for (chunk, slice) in places {
            let runs = after.chunks.get(&chunk).and_then(|chunk| chunk.get(&slice));
            let key = DirectoryKey::Runs { chunk, slice };
            entries.push((key, runs.map(|runs| runs_to_bytes(runs))));
        }
        entries
    }

    fn summary(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_varint(&mut out, self.next_run.into());
        self.streams.put(&mut out);
        out
    }

    fn chunk_mut(&mut self, chunk: u32) -> &mut Chunk {
        Arc::make_mut(self.chunks.entry(chunk).or_default())
    }
}

impl fmt::Display for StaleChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another seal or merge was installed meanwhile: make the change again")
    }
}

impl std::error::Error for StaleChange {}

impl fmt::Display for DamagedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(key) => write!(f, "the directory's entry {key:?} is damaged"),
            None => f.write_str("the directory has entries, but no summary"),
        }
    }
}

impl std::error::Error for DamagedEntry {}
