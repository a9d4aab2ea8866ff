//! How a directory is opened.

use crate::model::Timestamp;
use crate::store::Clock;

/// How a directory is opened. Start from the default and change what matters.
///
/// ```
/// use throng::engine::{Clock, Options};
/// let options = Options { clock: Some(Clock::Given), ..Options::default() };
/// assert!(!options.read_only);
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// Nothing is written; standing audiences are not kept. Any number may read
    /// one directory while nobody writes: the first of them uses the rebuildable
    /// store, each other one builds its own from the log, for as long as it is open.
    pub read_only: bool,
    /// Whose time commits take. None: what the directory says, and for a new one the wall.
    pub clock: Option<Clock>,
    /// Bytes that rows in memory and cached pages may take together. A quarter is for
    /// decoded rows and for columns of attributes and of what people did, and
    /// [`Options::page_cache_bytes`] for pages.
    pub memory_budget: u64,
    /// When a request is acknowledged.
    pub durability: Durability,
    /// Rows that wait in memory before they are sealed into runs: twice as many while runs are
    /// merged, four times as many at most.
    pub tail_rows: usize,
    /// Bytes kept aside for the day on which the disk is full.
    pub reserve_bytes: u64,
    /// Goes on although the clock stands far from the last record's time.
    pub accept_clock: bool,
    /// Whether a directory that is not there is made.
    pub create: bool,
    /// Whether standing audiences are kept; a handle that only answers questions needs none.
    pub live: bool,
}

/// When a request is acknowledged.
///
/// ```
/// use throng::engine::{Durability, Options};
/// let options = Options { durability: Durability::Relaxed, ..Options::default() };
/// assert_ne!(options.durability, Options::default().durability);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// When the log has it on disk.
    Synced,
    /// Before that: at most the last 100 ms can be lost, and every receipt says so.
    Relaxed,
}

/// Which time a commit takes.
///
/// ```
/// use throng::engine::{CommitTime, Throng};
/// use throng::model::{Body, Call, Object};
/// let throng = Throng::temporary()?;
/// let mut call = Call::new("web", Body::Track { event: "order".into(), properties: Object::default() });
/// call.user_id = Some("u-1".into());
/// call.when = Some("2026-03-01T00:00:00Z".parse()?);
/// let receipt = throng.ingest_at(vec![call.clone()], CommitTime::Follow, false)?;
/// assert_eq!(receipt.at, call.when);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum CommitTime {
    /// The directory's clock; under a given clock, the time of the last commit.
    #[default]
    Clock,
    /// This one; never before the last commit's.
    At(Timestamp),
    /// The greatest `when` among the facts so far, so that windows move
    /// through a file of history.
    Follow,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            read_only: false,
            clock: None,
            memory_budget: 2 << 30,
            durability: Durability::Synced,
            tail_rows: 1 << 20,
            reserve_bytes: 64 << 20,
            accept_clock: false,
            create: true,
            live: true,
        }
    }
}

impl Options {
    /// Bytes of pages that are kept in memory as they lie on disk: an eighth
    /// of the budget.
    ///
    /// ```
    /// use throng::engine::Options;
    /// let options = Options { memory_budget: 8 << 20, ..Options::default() };
    /// assert_eq!(options.page_cache_bytes(), 1 << 20);
    /// ```
    pub fn page_cache_bytes(&self) -> u64 {
        self.memory_budget / 8
    }
}
