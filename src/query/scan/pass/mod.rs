//! One level of slots, filled: every pass over every chunk, a job per chunk.

mod filter;
mod gather;
mod items;
mod job;
mod judge;
mod known;
mod mark;
mod owners;
mod parts;
mod take;
mod together;
mod united;
mod windows;

use super::plan::Plan;
use super::plan::gather::{Pass, Rows};
use super::slot::{Among, Log, Slots, Table, Ties};
use super::source::{ScanError, Source};
use crate::model::{Stream, Timestamp};
use crate::timeline::{ColumnKey, Scan, Timeline, Wanted};
use job::Job;
pub use known::was_known;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
pub use together::Together;
use united::united;

/// What one job has found, by slot.
struct Found {
    slots: Vec<Option<Slots>>,
    /// What is not in its place yet.
    logs: Vec<Log>,
    /// Whether ids would have been needed.
    is_torn: bool,
}

/// Everything that a job reads.
#[derive(Clone, Copy)]
pub struct Level<'a> {
    pub source: &'a Source<'a>,
    pub plan: &'a Plan<'a>,
    /// What the levels before have found.
    pub table: &'a Table,
    /// The only people who still matter, if not all do.
    pub among: Option<&'a Among>,
    /// Whose rows go into which slot, where people are taken together.
    pub groups: Option<&'a Together>,
    pub has_ids: bool,
}

/// Fills the slots of a level; gives them by number.
pub fn fill(level: Level<'_>, number: usize) -> Result<Vec<(usize, Slots)>, ScanError> {
    let (slots, ties) = attempt(level, number)?;
    if !ties.torn {
        return Ok(slots);
    }
    // Two values of one instant: only the ids of their events tell which is the last.
    attempt(Level { has_ids: true, ..level }, number).map(|(slots, _)| slots)
}

fn attempt(level: Level<'_>, number: usize) -> Result<(Vec<(usize, Slots)>, Ties), ScanError> {
    let passes: Vec<&Pass> =
        level.plan.passes.iter().filter(|pass| pass.level == number && !is_idle(pass)).collect();
    let timeline = level.source.timeline;
    let streams: Vec<Vec<Stream>> =
        passes.iter().map(|pass| streams_of(&pass.rows, timeline)).collect();
    let columns: Vec<Vec<ColumnKey>> =
        passes.iter().map(|pass| known::columns_of(pass, level.source)).collect();
    let read = streams.iter().zip(&columns);
    let scans: Vec<(&Pass, Scan<'_>)> = passes
        .iter()
        .zip(read)
        .map(|(pass, (streams, columns))| (*pass, scan_of(pass, streams, columns, &level)))
        .collect();
    let mut chunks: Vec<u32> = scans.iter().flat_map(|(_, scan)| scan.chunks()).collect();
    chunks.sort_unstable();
    chunks.dedup();
    let workers = Workers::default();
    (level.source.run)(chunks.len(), &|n| workers.work(level, chunks[n], &scans));
    united(level, workers.found()?)
}

/// Jobs that go on from chunk to chunk: as many as work at once.
#[derive(Default)]
struct Workers<'a> {
    idle: Mutex<Vec<Job<'a>>>,
    error: OnceLock<ScanError>,
}

impl<'a> Workers<'a> {
    fn work(&self, level: Level<'a>, chunk: u32, scans: &[(&Pass, Scan<'_>)]) {
        if self.error.get().is_some() {
            return;
        }
        let mut job = self.idle().pop().unwrap_or_else(|| Job::new(level));
        match job.run(chunk, scans) {
            Ok(()) => self.idle().push(job),
            Err(error) => drop(self.error.set(error)),
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Job<'a>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn found(self) -> Result<Vec<Found>, ScanError> {
        let jobs = self.idle.into_inner().unwrap_or_else(PoisonError::into_inner);
        match self.error.into_inner() {
            Some(error) => Err(error),
            None => Ok(jobs.into_iter().map(Job::found).collect()),
        }
    }
}

/// From the least first millisecond to the greatest last one.
fn span(pass: &Pass) -> (i64, i64) {
    let spans = pass.gathers.iter().map(|gather| gather.span).filter(|(from, to)| from < to);
    spans.fold((i64::MAX, i64::MIN), |hull, span| (hull.0.min(span.0), hull.1.max(span.1)))
}

fn is_idle(pass: &Pass) -> bool {
    let (from, to) = span(pass);
    from >= to
}

fn scan_of<'a>(
    pass: &'a Pass,
    streams: &'a [Stream],
    columns: &'a [ColumnKey],
    level: &Level<'a>,
) -> Scan<'a> {
    let (from, to) = span(pass);
    let wanted = match pass.rows {
        Rows::Calls => Wanted::All,
        _ => Wanted::Streams(streams),
    };
    let names_anchors = pass
        .gathers
        .iter()
        .any(|gather| !gather.anchors.is_empty() || level.plan.is_named(gather.slot));
    let ids = level.has_ids || names_anchors;
    let from = Timestamp::saturating_from_millis(from);
    let scan = level.source.timeline.scan(wanted, columns, from, Timestamp::from_millis(to), ids);
    // What is gathered looks at the time of each row anyway.
    scan.with_rows_beyond()
}

fn streams_of(rows: &Rows, timeline: &Timeline) -> Vec<Stream> {
    match rows {
        Rows::Named(name) => vec![Stream::Events(name.clone())],
        Rows::Events => {
            let all = timeline.streams().into_iter();
            all.filter(|stream| matches!(stream, Stream::Events(_))).collect()
        }
        Rows::Calls => Vec::new(),
        Rows::Identify => vec![Stream::Identify],
        Rows::Group => vec![Stream::Group],
        Rows::Consent => vec![Stream::Consent],
    }
}
