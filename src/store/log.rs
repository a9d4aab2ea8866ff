//! The log: every input, in order, for ever.

use super::codec::{self, Draft};
use super::directory::Directory;
use super::error::{Damage, StoreError};
use super::family::{Checked, Family, LOG, Reader, Torn};
use super::proof;
use crate::model::{Lsn, Record};
use std::path::Path;

/// Every input in order; what is not in the log did not happen.
///
/// ```
/// use throng::model::{Input, Lsn, Record, Timestamp};
/// use throng::store::{Clock, Directory, Log, Manifest, Options};
/// let place = tempfile::tempdir()?;
/// let manifest = Manifest::new(Timestamp::EPOCH, Clock::Given)?;
/// let directory = Directory::create(place.path(), manifest, Options::small())?;
/// let (mut log, _) = Log::open(&directory)?;
/// let at = Timestamp::EPOCH;
/// let record = Record { lsn: Lsn(1), at, first_identifier: 1, input: Input::Tick };
/// log.append(&record)?;
/// assert_eq!(log.read(Lsn(1)).count(), 0);
/// log.sync()?;
/// assert_eq!(log.read(Lsn(1)).next(), Some(Ok(record)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Log {
    family: Family,
    raw: Vec<u8>,
}

/// What opening a log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The last record, if there is any.
    pub last: Option<Lsn>,
    /// What a crash left at the end; it goes before something is appended.
    pub torn: Option<Torn>,
}

impl Log {
    /// Opens the log of a store. What a crash left at its end stays until
    /// [`Log::mend`], or until the first record is appended.
    ///
    /// # Errors
    /// Where the log is damaged, and where it ends before a record of which is
    /// known that it was on disk.
    pub fn open(directory: &Directory) -> Result<(Log, Recovery), StoreError> {
        let manifest = directory.manifest();
        let (path, options) = (directory.path(), directory.options());
        let family = Family::open(path, LOG, manifest.uuid, &manifest.log, options)?;
        let recovery = Recovery { last: family.last(), torn: family.torn().cloned() };
        let log = Log { family, raw: Vec::new() };
        for (proven, by) in proof::of_log(directory)? {
            log.must_reach(proven, by)?;
        }
        Ok((log, recovery))
    }

    /// An error if the log ends before a record that was on disk. By whom that
    /// is proven stands in the error.
    pub fn must_reach(&self, proven: Lsn, by: &'static str) -> Result<(), StoreError> {
        match self.last().unwrap_or_default() < proven {
            true => Err(self.family.short(proven, by).into()),
            false => Ok(()),
        }
    }

    /// Cuts off what a crash left, and makes durable what was read.
    pub fn mend(&mut self) -> Result<(), StoreError> {
        self.family.mend()
    }

    /// Makes what says that all is on disk durable, too.
    pub fn close(&mut self) -> Result<(), StoreError> {
        self.family.close()
    }

    /// Lets a record wait for the next sync. A record that is refused leaves the log as it was.
    pub fn append(&mut self, record: &Record) -> Result<(), StoreError> {
        self.raw.clear();
        let kind = codec::encode(&mut self.raw, record)?;
        self.family.append(record.lsn, kind, &self.raw)
    }

    /// The same for a record whose calls were drafted before: `draft` is of
    /// exactly these calls.
    pub fn append_drafted(&mut self, record: &Record, draft: &Draft) -> Result<(), StoreError> {
        self.raw.clear();
        let kind = codec::encode_drafted(&mut self.raw, record, draft);
        self.family.append(record.lsn, kind, &self.raw)
    }

    /// Makes all waiting records durable. After an error nothing more is
    /// taken in until the log is opened again.
    pub fn sync(&mut self) -> Result<(), StoreError> {
        self.family.sync()
    }

    /// The last record, durable or waiting.
    pub fn last(&self) -> Option<Lsn> {
        self.family.last()
    }

    /// The last durable record.
    pub fn durable(&self) -> Option<Lsn> {
        self.family.durable()
    }

    /// Durable bytes of the log.
    pub fn bytes(&self) -> u64 {
        self.family.bytes()
    }

    /// Bytes of memory held: what waits for a sync, and the room in which a record is written.
    pub fn memory(&self) -> usize {
        self.raw.capacity() + self.family.memory()
    }

    /// The durable records from `from` on; records appended later are not among them.
    pub fn read(&self, from: Lsn) -> Records {
        Records(self.family.read(from))
    }

    /// Reads every record of a store whose log is not open, and every sum.
    pub fn check(directory: &Directory) -> Result<Checked, StoreError> {
        let manifest = directory.manifest();
        let decode = |lsn, kind, raw: &[u8]| codec::decode(lsn, kind, raw).map(|_| ());
        let mut checked =
            Family::check(directory.path(), LOG, manifest.uuid, &manifest.log, decode)?;
        for (proven, by) in proof::of_log(directory)? {
            checked.must_reach(proven, by);
        }
        Ok(checked)
    }

    /// Copies what is durable into another directory.
    pub(super) fn copy_to(&self, directory: &Path) -> Result<(), StoreError> {
        self.family.copy_to(directory)
    }
}

/// Records of the log in order; damage is the last item.
#[derive(Debug)]
pub struct Records(Reader);

impl Iterator for Records {
    type Item = Result<Record, Damage>;

    fn next(&mut self) -> Option<Result<Record, Damage>> {
        self.0.next(codec::decode)
    }
}
