//! What a scan is handed: rows, who owns them, and how its jobs are run.

use super::tally::{Ever, Tally};
use crate::identity::{Identity, Stretch};
use crate::index::Known;
use crate::model::{Event, Ordinal, Stream, Text, Timestamp};
use crate::query::Parties;
use crate::shelf::Runner;
use crate::timeline::{PageError, Pages, Timeline, Wanted};
use std::fmt;
use std::sync::Arc;

/// What everybody has at one instant, where somebody knows that.
pub trait Columns: Sync {
    /// Of an attribute as a whole, by its first key.
    fn attribute(&self, key: &str) -> Option<Arc<Known>>;

    /// Of the events of a name. Whoever `reads_all` of them to find out loses nothing if
    /// it is found out for everybody.
    fn tally(&self, name: &Text, ever: &Ever, reads_all: bool) -> Option<Arc<Tally>>;
}

/// Where a scan reads everybody.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The rows.
    pub timeline: &'a Timeline,
    /// Where sealed rows are read from.
    pub pages: &'a dyn Pages,
    /// Who is who at the instant asked about.
    pub identity: &'a Identity,
    /// Which sources are third parties.
    pub parties: &'a Parties,
    /// Rows received later are not seen.
    pub known: Option<Timestamp>,
    /// What is known already, at the instant asked about.
    pub columns: Option<&'a dyn Columns>,
    /// Whether the answer is no longer wanted.
    pub stop: &'a (dyn Fn() -> bool + Sync),
    /// How jobs are run, one per chunk of rows.
    pub run: Runner<'a>,
    /// Bytes that each worker may write down before it puts them in their places:
    /// [`WRITTEN_BYTES`], unless memory is short.
    pub written_max: usize,
}

impl Source<'_> {
    /// Shows the rows of a stream that are somebody's and visible at an instant.
    pub(super) fn each_row(
        &self,
        stream: Stream,
        seat: Ordinal,
        now: Timestamp,
        visit: &mut dyn FnMut(&Event),
    ) -> Result<(), ScanError> {
        let (streams, seen) = ([stream], now.plus_ms(1));
        for Stretch { origin, from, to } in self.identity.stretches(seat) {
            let end = Some(to.map_or(seen, |to| to.min(seen)));
            self.timeline.rows(self.pages, origin, from, end, &Wanted::Streams(&streams), visit)?;
        }
        Ok(())
    }
}

/// What a worker may write down: some millions of rows.
pub const WRITTEN_BYTES: usize = 32 << 20;

/// Why a scan has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScanError {
    /// Rows could not be read.
    Page(PageError),
    /// The asker has stopped the question.
    Cancelled,
}

impl From<PageError> for ScanError {
    fn from(error: PageError) -> ScanError {
        ScanError::Page(error)
    }
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScanError::Page(error) => error.fmt(f),
            ScanError::Cancelled => f.write_str("the question was cancelled"),
        }
    }
}

impl std::error::Error for ScanError {}
