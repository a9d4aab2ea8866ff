//! The log and the feed, written in step: the log first, the feed before it is shown.

use super::CommitError;
use crate::audience::{self, Delta};
use crate::model::{Lsn, Ordinal, Record, Text, Timestamp};
use crate::store::{self, Directory, Draft, EntryKind, Feed, FeedEntry, Log, StoreError};

/// What is written of a commit.
pub(super) struct Journal {
    directory: Directory,
    log: Log,
    feed: Feed,
    /// Records since the free space was last looked at.
    unmeasured: u32,
}

/// Looking at the free space costs a system call: once in so many commits is enough.
const MEASURE_EVERY: u32 = 64;

impl Journal {
    /// The journal of an open directory.
    pub fn new(directory: Directory, log: Log, feed: Feed) -> Journal {
        Journal { directory, log, feed, unmeasured: MEASURE_EVERY }
    }

    /// The directory that is written to.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// Bytes of log and feed.
    pub fn bytes(&self) -> (u64, u64) {
        (self.log.bytes(), self.feed.bytes())
    }

    /// Bytes of memory of log and feed.
    pub fn memory(&self) -> (usize, usize) {
        (self.log.memory(), self.feed.memory())
    }

    /// Whether the disk has room for one more commit.
    pub fn has_room(&mut self) -> Result<(), CommitError> {
        self.unmeasured += 1;
        if self.unmeasured < MEASURE_EVERY {
            return Ok(());
        }
        match self.directory.check_space() {
            Err(StoreError::Full { free, least }) => {
                Err(CommitError::DiskFull { free, needed: least })
            }
            // What cannot be measured shows itself when it is written.
            Err(_) | Ok(()) => {
                self.unmeasured = 0;
                Ok(())
            }
        }
    }

    /// Whether the disk has room for so many bytes more, and what is always left free.
    pub fn has_room_for(&self, bytes: u64) -> Result<(), CommitError> {
        match self.directory.check_space_for(bytes) {
            Err(StoreError::Full { free, least }) => {
                Err(CommitError::DiskFull { free, needed: least })
            }
            Err(_) | Ok(()) => Ok(()),
        }
    }

    /// Lets a record wait for the next sync; `draft` is of its calls.
    pub fn log(&mut self, record: &Record, draft: Option<&Draft>) -> Result<(), StoreError> {
        match draft {
            Some(draft) => self.log.append_drafted(record, draft),
            None => self.log.append(record),
        }
    }

    /// Lets announcements wait for the next sync.
    pub fn feed(&mut self, lsn: Lsn, at: Timestamp, deltas: &[Delta]) -> Result<(), StoreError> {
        deltas.iter().try_for_each(|delta| self.feed.append(&entry_of(lsn, at, delta)))
    }

    /// Says that an audience is no more.
    pub fn feed_drop(&mut self, lsn: Lsn, at: Timestamp, audience: Text) -> Result<(), StoreError> {
        self.feed.append(&FeedEntry {
            lsn,
            at,
            kind: EntryKind::Dropped,
            audience,
            version: 0,
            cause: store::Cause::Definition,
            entered: Vec::new(),
            left: Vec::new(),
        })
    }

    /// The durable records, from the first on.
    pub fn records(&self) -> store::Records {
        self.log.read(Lsn(1))
    }

    /// Makes everything that waits durable: the log, then the feed.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        let _span = tracing::trace_span!("sync").entered();
        self.log.sync()?;
        self.feed.sync()
    }

    /// Leaves no doubt of what was on disk at an orderly end.
    pub fn close(&mut self) -> Result<(), StoreError> {
        self.log.close()?;
        self.feed.close()?;
        store::put_end(&self.directory, &self.log, &self.feed)
    }

    /// The durable entries of the records from `from` on.
    pub fn entries(&self, from: Lsn) -> store::Entries {
        self.feed.read(from)
    }
}

fn entry_of(lsn: Lsn, at: Timestamp, delta: &Delta) -> FeedEntry {
    let seats = |moved: &[(Ordinal, Timestamp)]| {
        moved.iter().map(|(seat, since)| (seat.0, since.since(at))).collect()
    };
    FeedEntry {
        lsn,
        at,
        kind: EntryKind::Changed,
        audience: delta.audience.clone(),
        version: delta.version,
        cause: cause_of(delta.cause),
        entered: seats(&delta.entered),
        left: seats(&delta.left),
    }
}

fn cause_of(cause: audience::Cause) -> store::Cause {
    match cause {
        audience::Cause::Event => store::Cause::Event,
        audience::Cause::Time => store::Cause::Time,
        audience::Cause::Identity => store::Cause::Identity,
        audience::Cause::Consent => store::Cause::Consent,
        audience::Cause::List => store::Cause::List,
        audience::Cause::Definition => store::Cause::Definition,
        audience::Cause::Forgotten => store::Cause::Forgotten,
        audience::Cause::Recovered => store::Cause::Recovered,
    }
}
