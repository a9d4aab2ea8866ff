//! Numbers about the database.

use super::lane::Lane;
use super::{Clock, CommitError};
use crate::audience::Stats;
use crate::model::{Lsn, Text, Timestamp};

/// Numbers about the database, as `throng info` prints them.
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
    /// Rows that wait in memory, and the bytes that they take.
    pub tail: (usize, usize),
    /// Each standing audience: its name, its version, its members.
    pub audiences: Vec<(Text, u32, u64)>,
    /// Bytes of the log and of the feed.
    pub journal_bytes: (u64, u64),
    /// Rows that lie in runs, and how many runs there are.
    pub sealed: (u64, usize),
    /// Bytes of the rebuildable store on disk.
    pub kv_bytes: u64,
    /// Pages that were read from disk since the opening.
    pub cold_pages: u64,
    /// The record from which a reopening would read the log, if any is sealed.
    pub checkpoint: Option<Lsn>,
    /// Why the rebuildable store was built again at this opening.
    pub rebuilt: Vec<String>,
    /// What standing audiences did so far, and what they take.
    pub live: Option<Stats>,
    /// Milliseconds that the opening took.
    pub opened_ms: u64,
    /// Why nothing more is taken in, if so.
    pub stopped: Option<String>,
}

impl Info {
    /// Bytes on disk for each call: of the log, and of the rebuildable store.
    pub fn bytes_per_call(&self) -> Option<(u64, u64)> {
        let n_calls = self.calls as u64;
        Some((self.journal_bytes.0.checked_div(n_calls)?, self.kv_bytes.checked_div(n_calls)?))
    }
}

impl Lane {
    /// The numbers as they are now.
    pub fn numbers(&self) -> Result<Info, CommitError> {
        let live = self.state.live();
        let members = |name: &str| live.and_then(|live| live.members(name)).map_or(0, |m| m.len());
        let audiences = self
            .state
            .catalog()
            .audiences()
            .map(|audience| (audience.name.clone(), audience.version, members(&audience.name)));
        let timeline = self.state.timeline();
        let (cache, kv_bytes) = self.keeper.shelf().numbers();
        Ok(Info {
            lsn: self.state.lsn(),
            at: self.state.at(),
            clock: self.clock,
            people: self.state.n_people(),
            identifiers: self.state.next_identifier() - 1,
            calls: timeline.tail_len() + timeline.sealed_len() as usize,
            tail: (timeline.tail_len(), timeline.memory().tail),
            audiences: audiences.collect(),
            journal_bytes: self.journal.as_ref().map_or((0, 0), |journal| journal.bytes()),
            sealed: (timeline.sealed_len(), timeline.n_runs()),
            kv_bytes,
            cold_pages: cache.misses,
            checkpoint: self.keeper.checkpointed(),
            rebuilt: self.rebuilt.clone(),
            live: live.map(crate::audience::Live::stats),
            opened_ms: self.opened_ms,
            stopped: self.stopped.as_deref().map(str::to_owned),
        })
    }
}
