//! Numbers about the database.

use super::lane::Lane;
use super::pages::Shelf;
use super::{Clock, Opening};
use crate::audience::LiveStats;
use crate::identity::Refolds;
use crate::model::{Decimal, Lsn, Text, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Numbers about the database, as `throng info` prints them. Counters begin
/// with the opening, so they tell of its replay, too.
///
/// ```
/// use throng::engine::Throng;
/// let throng = Throng::temporary()?;
/// throng.query("create audience visitors is everyone")?;
/// let info = throng.info()?;
/// assert_eq!((info.people, info.calls, info.audiences.len()), (0, 0, 1));
/// assert!(info.memory.iter().any(|(part, bytes)| *part == "catalog" && *bytes > 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Info {
    /// The last record.
    pub lsn: Lsn,
    /// Its commit time.
    pub at: Timestamp,
    /// Where time comes from.
    pub clock: Clock,
    /// People who exist.
    pub people: u64,
    /// Identifiers that were ever born.
    pub identifiers: u32,
    /// Calls that became facts.
    pub calls: usize,
    /// How many of them came with an id; not known to a handle that only reads.
    pub with_ids: Option<u64>,
    /// Rows that wait in memory, and the bytes that they take.
    pub tail: (usize, usize),
    /// Each standing audience: its name, its version, its members.
    pub audiences: Vec<(Text, u32, u64)>,
    /// Bytes of the log and of the feed.
    pub journal_bytes: (u64, u64),
    /// Rows that lie in runs, and how many runs there are.
    pub sealed: (u64, usize),
    /// Bytes of the rebuildable store on disk, looked up beside commits: after the rest.
    pub kv_bytes: u64,
    /// Bytes that it holds: pages of the rows in runs, and all else: what an open starts from, and
    /// pages of runs that were merged and that nobody needs once there is another checkpoint.
    pub held_bytes: (u64, u64),
    /// Pages that were read from disk since the opening.
    pub cold_pages: u64,
    /// Pages that were found in memory instead, as they lie on disk.
    pub warm_pages: u64,
    /// How often decoded rows were asked for, and how often they had to be decoded.
    pub decoded: (u64, u64),
    /// Each part of the memory, and roughly the bytes that it takes.
    pub memory: Vec<(&'static str, usize)>,
    /// How often a cluster of identifiers was folded again, and why.
    pub refolds: Refolds,
    /// The record from which a reopening would read the log, if any is sealed.
    pub checkpoint: Option<Lsn>,
    /// Why the rebuildable store was built again at this opening.
    pub rebuilt: Vec<String>,
    /// What standing audiences did so far, and what they take.
    pub live: Option<LiveStats>,
    /// Milliseconds that the opening took.
    pub opened_ms: u64,
    /// Where that time went.
    pub opening: Opening,
    /// Why nothing more is taken in, if so.
    pub stopped: Option<String>,
}

impl Info {
    /// Bytes on disk for each call: of the log, and of the rebuildable store.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// assert_eq!(throng.info()?.bytes_per_call(), None);
    /// let mut call = Call::new("web", Body::Page { properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// throng.ingest(vec![call])?;
    /// let (log, _) = throng.info()?.bytes_per_call().unwrap();
    /// assert_eq!(log, throng.info()?.journal_bytes.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bytes_per_call(&self) -> Option<(u64, u64)> {
        let n_calls = self.calls as u64;
        Some((self.journal_bytes.0.checked_div(n_calls)?, self.kv_bytes.checked_div(n_calls)?))
    }

    /// Bytes of pages for each row in runs, but for its id, which takes
    /// [`Info::ID_BYTES`] there and as many in the log.
    ///
    /// ```
    /// use throng::engine::{Info, Throng};
    /// use throng::model::{Body, Call, Object};
    /// let throng = Throng::temporary()?;
    /// assert_eq!(throng.info()?.bytes_per_row(), None);
    /// let mut call = Call::new("web", Body::Page { properties: Object::default() });
    /// call.user_id = Some("u-1".into());
    /// throng.ingest(vec![call])?;
    /// throng.checkpoint()?;
    /// let info = throng.info()?;
    /// // One row alone pays for the head of its page.
    /// assert!(info.bytes_per_row() > Some(i64::from(Info::ID_BYTES).into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bytes_per_row(&self) -> Option<Decimal> {
        let n_rows = i128::from(self.sealed.0);
        let bytes = i128::from(self.held_bytes.0) - n_rows * i128::from(Info::ID_BYTES);
        let tenths = (bytes.max(0) * 10).checked_div(n_rows)?;
        Decimal::from_billionths(tenths * 100_000_000)
    }

    /// Bytes of the log for each call, but for the ids of calls that came with one; none
    /// where that is not known.
    ///
    /// ```
    /// use throng::engine::{Info, Throng};
    /// use throng::model::{Body, Call, EventId, Object};
    /// let throng = Throng::temporary()?;
    /// let mut call = Call::new("web", Body::Page { properties: Object::default() });
    /// (call.user_id, call.id) = (Some("u-1".into()), Some(EventId::of_message("web", "m-1")));
    /// throng.ingest(vec![call])?;
    /// let info = throng.info()?;
    /// let bytes = info.journal_bytes.0 - u64::from(Info::ID_BYTES);
    /// assert_eq!(info.log_bytes_without_ids(), Some((bytes as i64).into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn log_bytes_without_ids(&self) -> Option<Decimal> {
        let ids = i128::from(self.with_ids?) * i128::from(Info::ID_BYTES);
        let bytes = i128::from(self.journal_bytes.0) - ids;
        let tenths = (bytes.max(0) * 10).checked_div(self.calls as i128)?;
        Decimal::from_billionths(tenths * 100_000_000)
    }

    /// Bytes of the id of a call.
    ///
    /// ```
    /// assert_eq!(throng::engine::Info::ID_BYTES, 16);
    /// ```
    pub const ID_BYTES: u32 = 16;
}

/// The numbers of an instant, and where those are looked up that take a look at every entry of
/// the rebuildable store: not by the lane, for which others wait.
#[derive(Clone)]
pub(super) struct Numbers {
    info: Info,
    shelf: Arc<Shelf>,
    /// The runs of that instant. The store may hold pages of others that are still to go.
    runs: BTreeSet<u32>,
}

impl Numbers {
    pub fn with_bytes(self) -> Info {
        let Numbers { info, shelf, runs } = self;
        Info { kv_bytes: shelf.bytes(), held_bytes: shelf.held(&runs), ..info }
    }
}

impl Lane {
    /// The numbers as they are now.
    pub fn numbers(&self) -> Numbers {
        let runs = self.state.timeline().run_numbers();
        Numbers { info: self.info(), shelf: self.keeper.shelf().clone(), runs }
    }

    fn info(&self) -> Info {
        let live = self.state.live();
        let members = |name: &str| live.and_then(|live| live.members(name)).map_or(0, |m| m.len());
        let audiences = self
            .state
            .catalog()
            .audiences()
            .map(|audience| (audience.name.clone(), audience.version, members(&audience.name)));
        let timeline = self.state.timeline();
        let cache = self.keeper.shelf().cache_use();
        let live_stats = live.map(crate::audience::Live::stats);
        let live_bytes = live_stats.map_or(0, |stats| stats.bytes as usize);
        Info {
            lsn: self.state.lsn(),
            at: self.state.at(),
            clock: self.clock,
            people: self.state.n_people(),
            identifiers: self.state.next_identifier() - 1,
            calls: timeline.tail_len() + timeline.sealed_len() as usize,
            with_ids: self.ids_of_calls(),
            tail: (timeline.tail_len(), timeline.memory().tail),
            audiences: audiences.collect(),
            journal_bytes: self.journal.as_ref().map_or((0, 0), |journal| journal.bytes()),
            sealed: (timeline.sealed_len(), timeline.n_runs()),
            kv_bytes: 0,
            held_bytes: (0, 0),
            cold_pages: cache.misses,
            warm_pages: cache.hits,
            decoded: timeline.memory().cache_reads,
            memory: self.memory(cache.bytes, live_bytes),
            refolds: self.state.identity().refolds(),
            checkpoint: self.keeper.checkpointed(),
            rebuilt: self.rebuilt.clone(),
            live: live_stats,
            opened_ms: self.opened_ms,
            opening: self.opening,
            stopped: self.stopped.as_deref().map(str::to_owned),
        }
    }

    fn ids_of_calls(&self) -> Option<u64> {
        (self.knows_ids && self.journal.is_some()).then(|| self.state.n_messages() as u64)
    }

    /// The parts of the memory. A subscriber is none of them: it reads the feed from disk.
    fn memory(&self, pages: usize, live: usize) -> Vec<(&'static str, usize)> {
        let state = self.state.memory();
        let (log, feed) = self.journal.as_ref().map_or((0, 0), |journal| journal.memory());
        vec![
            ("identity", state.identity),
            ("people", state.people),
            ("ids of calls", state.ids),
            ("catalog", state.catalog),
            ("timeline tail", state.tail),
            ("timeline directory", state.directory),
            ("decoded rows", state.decoded),
            ("columns", state.columns),
            ("page cache", pages),
            ("live audiences", live),
            ("log", log),
            ("feed", feed),
        ]
    }
}
