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
    /// What standing audiences did so far, and what they take.
    pub live: Option<Stats>,
    /// Milliseconds that the opening took.
    pub opened_ms: u64,
    /// Why nothing more is taken in, if so.
    pub stopped: Option<String>,
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
        Ok(Info {
            lsn: self.state.lsn(),
            at: self.state.at(),
            clock: self.clock,
            people: self.state.n_people(),
            identifiers: self.state.next_identifier() - 1,
            calls: self.state.n_messages(),
            tail: (timeline.tail_len(), timeline.memory().tail),
            audiences: audiences.collect(),
            journal_bytes: self.journal.as_ref().map_or((0, 0), |journal| journal.bytes()),
            live: live.map(crate::audience::Live::stats),
            opened_ms: self.opened_ms,
            stopped: self.stopped.as_deref().map(str::to_owned),
        })
    }
}
