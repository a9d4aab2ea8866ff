//! What can go wrong on disk, and where exactly.

use super::kv::KvError;
use crate::model::{Lsn, counted};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why the store did not do what it was asked.
///
/// ```
/// use throng::engine::{OpenError, Options, StoreError, Throng};
/// let (place, options) = (tempfile::tempdir()?, Options { reserve_bytes: 0, ..Options::default() });
/// let first = Throng::open(place.path(), options.clone())?;
/// let second = Throng::open(place.path(), options);
/// assert!(matches!(second, Err(OpenError::Store(StoreError::Locked { .. }))));
/// first.close()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// The system refused.
    Io {
        /// What was being done, as `create`, `write`, `sync`.
        doing: &'static str,
        /// To which file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process works in the directory.
    Locked {
        /// The directory.
        path: PathBuf,
        /// The holder, if its number could be read.
        pid: Option<u32>,
        /// Whether the holder is still opening it.
        opens: bool,
    },
    /// The directory holds no store.
    NotAStore {
        /// The directory.
        path: PathBuf,
    },
    /// A store was to be created where something is already.
    Occupied {
        /// The directory.
        path: PathBuf,
    },
    /// The store was written by a newer version.
    Newer {
        /// The format that the directory has.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
    },
    /// Bytes are not what was written.
    Damaged(Damage),
    /// A write or a sync failed earlier: nothing is written until the store is opened again.
    Stopped,
    /// Larger than the format allows.
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// How large it is.
        given: u64,
        /// How large it may be.
        limit: u64,
    },
    /// A record's number does not follow the last one.
    OutOfOrder {
        /// The number given.
        given: Lsn,
        /// The last one appended.
        last: Lsn,
    },
    /// Less space is free than the store keeps in hand.
    Full {
        /// Bytes free.
        free: u64,
        /// Bytes that must stay free.
        least: u64,
    },
    /// The rebuildable store cannot be made.
    Kv(KvError),
}

/// A place on disk that does not hold what was written.
///
/// ```
/// use throng::engine::{OpenError, Options, StoreError, Throng, check};
/// let place = tempfile::tempdir()?;
/// let throng = Throng::open(place.path(), Options { reserve_bytes: 0, ..Options::default() })?;
/// throng.close()?;
/// std::fs::write(place.path().join("MANIFEST"), "lost")?;
/// let Err(OpenError::Store(StoreError::Damaged(damage))) = check(place.path()) else { panic!() };
/// assert!(damage.file.ends_with("MANIFEST"));
/// assert!(damage.remedy().starts_with("put back the MANIFEST of a backup"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file.
    pub file: PathBuf,
    /// Where in it, in bytes from its start.
    pub offset: u64,
    /// What is wrong there.
    pub flaw: Flaw,
}

/// What is wrong with bytes on disk.
///
/// ```
/// use throng::engine::{Flaw, Options, Throng, check};
/// let place = tempfile::tempdir()?;
/// let throng = Throng::open(place.path(), Options { reserve_bytes: 0, ..Options::default() })?;
/// throng.query("declare event order")?;
/// throng.close()?;
/// std::fs::write(place.path().join("log/00000001.log"), "lost")?;
/// let damage = check(place.path())?.log.damage.unwrap();
/// assert_eq!(damage.flaw, Flaw::Head);
/// assert_eq!(damage.flaw.to_string(), "its head is not that of a file of this store");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// The file's head is not that of this store's file.
    Head,
    /// A record's checksum does not match, or its length leads out of the file.
    Checksum,
    /// A record does not follow the one before it: one in between is lost.
    Chain,
    /// A record's number does not follow the one before it.
    Order,
    /// The checksum matches but the content says nothing; the text says what.
    Content(&'static str),
    /// The file is missing.
    Missing,
    /// The file is shorter or longer than when it was sealed.
    Length,
    /// The file's content differs from its sum.
    Sum,
    /// The system cannot read the file.
    Unreadable,
    /// A text file of the store has lost a line or a checksum.
    Lines,
    /// It ends before a record that was on disk.
    Short {
        /// The last record that can be read.
        last: Lsn,
        /// The record that was on disk.
        proven: Lsn,
        /// What proves it.
        by: &'static str,
    },
}

impl StoreError {
    /// The error of a system call on a path.
    pub(crate) fn io(
        doing: &'static str,
        path: &Path,
    ) -> impl FnOnce(io::Error) -> StoreError + use<> {
        let path = path.to_owned();
        move |source| StoreError::Io { doing, path, source }
    }
}

impl StoreError {
    /// Whether nothing is wrong but that the disk is full.
    pub(crate) fn is_of_full_disk(&self) -> bool {
        match self {
            StoreError::Kv(error) => *error == KvError::DiskFull,
            StoreError::Io { source, .. } => {
                matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            }
            _ => false,
        }
    }
}

impl From<Damage> for StoreError {
    fn from(damage: Damage) -> StoreError {
        StoreError::Damaged(damage)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Io { doing, path, source } => {
                write!(f, "cannot {doing} {}: {source}", path.display())
            }
            StoreError::Locked { path, pid: Some(pid), opens: true } => {
                write!(f, "{} is being opened by process {pid}", path.display())
            }
            StoreError::Locked { path, pid: Some(pid), .. } => {
                write!(f, "{} is in use by process {pid}", path.display())
            }
            StoreError::Locked { path, pid: None, .. } => {
                write!(f, "{} is in use by another process", path.display())
            }
            StoreError::NotAStore { path } => {
                write!(
                    f,
                    "{} holds no store: it has no MANIFEST; check the path, or put back a backup",
                    path.display()
                )
            }
            StoreError::Occupied { path } => {
                write!(
                    f,
                    "{} is not empty, so no store is created there; name a directory that is \
                     absent or empty",
                    path.display()
                )
            }
            StoreError::Newer { found, known } => write!(
                f,
                "the store has format {found}, this program knows formats up to {known}: use a newer one"
            ),
            StoreError::Damaged(damage) => write!(f, "{damage}; {}", damage.remedy()),
            StoreError::Kv(error) => error.fmt(f),
            StoreError::Stopped => f.write_str(
                "a write failed earlier; nothing is written until the store is opened again",
            ),
            StoreError::TooLarge { what, given, limit } => {
                write!(f, "{what} may have at most {limit}, this one has {given}")
            }
            StoreError::OutOfOrder { given, last } => {
                write!(
                    f,
                    "record {given} does not follow record {last}; `throng verify` says whether \
                     the files are damaged"
                )
            }
            StoreError::Full { free, least } => write!(
                f,
                "{} free on the disk, {least} must stay free: make room, then go on",
                counted(*free, "byte is", "bytes are")
            ),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StoreError::Io { source, .. } => Some(source),
            StoreError::Damaged(damage) => Some(damage),
            StoreError::Kv(error) => Some(error),
            _ => None,
        }
    }
}

impl Damage {
    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self.file.file_name().and_then(|name| name.to_str()) {
            Some("MANIFEST") => {
                "put back the MANIFEST of a backup of this directory: it seldom changes, and no \
                 other file has what it says"
            }
            Some("ENDPOINT") => "remove the file, or start `throng serve` again",
            _ => {
                "put back a backup, or let `throng repair` say what can be kept without one; until \
                 then nothing is changed"
            }
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is damaged at byte {}: {}", self.file.display(), self.offset, self.flaw)
    }
}

impl std::error::Error for Damage {}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Flaw::Short { last, proven, by } => {
                return write!(
                    f,
                    "the last record that can be read is {last}, and {by} proves that record \
                     {proven} was on disk"
                );
            }
            Flaw::Head => "its head is not that of a file of this store",
            Flaw::Checksum => "a checksum does not match",
            Flaw::Chain => "a record before this one is lost",
            Flaw::Order => "a record's number does not follow the one before",
            Flaw::Content(what) => what,
            Flaw::Missing => "the file is missing",
            Flaw::Length => "the file has not the length it was sealed with",
            Flaw::Sum => "the content differs from the sum taken when it was sealed",
            Flaw::Unreadable => "the system cannot read it",
            Flaw::Lines => "a line or the checksum of the lines is wrong",
        };
        f.write_str(what)
    }
}
