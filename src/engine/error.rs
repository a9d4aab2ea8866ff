//! One error per door of the engine.

use crate::lang::{Diagnostic, nearest};
use crate::model::{Lsn, Timestamp, counted};
use crate::query::catalog::Catalog;
use crate::state::ApplyError;
use crate::store::StoreError;
use crate::timeline::PageError;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Why a commit did not happen. Nothing of the request was applied.
///
/// ```
/// use throng::engine::{CommitError, Throng};
/// let throng = Throng::temporary()?;
/// throng.advance_to("2026-03-02T00:00:00Z".parse()?)?;
/// let back = throng.advance_to("2026-03-01T00:00:00Z".parse()?);
/// assert!(matches!(back, Err(CommitError::TimeGoesBack { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CommitError {
    /// The handle was opened to read only.
    ReadOnly,
    /// The handle was closed.
    Closed,
    /// A write failed before; only opening again can go on.
    Stopped(Arc<str>),
    /// The commit time lies before the last commit's.
    TimeGoesBack {
        /// What was given.
        given: Timestamp,
        /// The time of the last commit.
        last: Timestamp,
    },
    /// The machine's clock moved far from where it should be.
    ClockJumped {
        /// What the clock says.
        clock: Timestamp,
        /// What it should be about.
        expected: Timestamp,
    },
    /// More calls than one record holds.
    TooManyCalls {
        /// How many were given.
        given: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// More than one record holds.
    TooLarge {
        /// Of what there is too much.
        what: &'static str,
        /// How large it would be.
        given: u64,
        /// How large it may be.
        limit: u64,
    },
    /// The disk has less room than is kept aside.
    DiskFull {
        /// Bytes that are free.
        free: u64,
        /// Bytes that must stay free.
        needed: u64,
    },
    /// The definition is wrong.
    Definition(Vec<Diagnostic>),
    /// Definitions are others than those that a program was made for.
    OtherDefinitions,
    /// The profile is not known.
    NoSuchProfile(String),
    /// Where this process answers could not be written down.
    Endpoint(String),
}

impl fmt::Display for CommitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CommitError::ReadOnly => f.write_str(
                "the database was opened to read only; open it without `read_only` to change it",
            ),
            CommitError::Closed => f.write_str("the database was closed; open it again"),
            CommitError::Stopped(why) => {
                write!(f, "the database stopped taking changes ({why}); close it and open it again")
            }
            CommitError::TimeGoesBack { given, last } => write!(
                f,
                "a commit at {given} would lie before the last one at {last}; give a later time"
            ),
            CommitError::ClockJumped { clock, expected } => write!(
                f,
                "the clock says {clock}, where about {expected} was expected; set the clock \
                 right, or accept it with `--accept-clock`"
            ),
            CommitError::TooManyCalls { given, limit } => {
                write!(f, "one commit holds at most {limit} calls, {given} were given; split them")
            }
            CommitError::TooLarge { what, given, limit } => write!(
                f,
                "{what}: at most {limit}, this commit would have {given}; split it, nothing was \
                 written"
            ),
            CommitError::DiskFull { free, needed } => write!(
                f,
                "the disk has {} left and {needed} must stay free; make room, nothing was written",
                counted(*free, "byte", "bytes")
            ),
            CommitError::Definition(diagnostics) => {
                let messages: Vec<&str> = diagnostics.iter().map(|d| d.message.as_str()).collect();
                f.write_str(&messages.join("; "))
            }
            CommitError::OtherDefinitions => {
                f.write_str("definitions have changed meanwhile; look at the plan again")
            }
            CommitError::NoSuchProfile(reference) => {
                write!(f, "nobody is called `{reference}` here; check the identifier")
            }
            CommitError::Endpoint(what) => {
                write!(f, "others cannot be told where this process answers: {what}")
            }
        }
    }
}

impl std::error::Error for CommitError {}

/// Why a program of statements was not answered, or not to its end.
///
/// ```
/// use throng::engine::{QueryError, Throng};
/// let throng = Throng::temporary()?;
/// let wrong = throng.query("count evryone");
/// assert!(matches!(wrong, Err(QueryError::Text { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum QueryError {
    /// The text is wrong. Nothing of it was done.
    Text {
        /// What is wrong, each with its place.
        diagnostics: Vec<Diagnostic>,
        /// The same, drawn as pictures.
        pictures: String,
    },
    /// A change was refused.
    Commit(CommitError),
    /// What was to be done is not what was shown: definitions have changed meanwhile.
    OtherPlan,
    /// Rows could not be read.
    Read(String),
    /// The question was taken back, or its time ran out.
    Cancelled,
    /// There is no audience of that name.
    NoSuchAudience {
        /// The name.
        name: String,
        /// The nearest one that is known.
        meant: Option<String>,
    },
    /// A person was called in a way that names nobody, now or later.
    NotAPerson {
        /// How.
        called: String,
        /// What is wrong with it.
        why: String,
    },
    /// More rows than were allowed.
    TooManyRows {
        /// How many are allowed.
        limit: usize,
    },
    /// Before the first record nothing was known.
    NothingKnown {
        /// The instant that was asked about.
        at: Timestamp,
        /// When the first record came.
        first: Timestamp,
    },
    /// A report would be about more periods than that.
    TooManyPeriods {
        /// How many are allowed.
        limit: usize,
    },
    /// A later statement of a program failed when earlier ones had changed something.
    After {
        /// What they say they did, in order.
        done: Vec<String>,
        /// What went wrong then.
        error: Box<QueryError>,
    },
}

impl QueryError {
    /// That no audience of a catalog has this name.
    #[doc(hidden)]
    pub fn no_audience(catalog: &Catalog, name: &str) -> QueryError {
        let known = catalog.audiences().map(|found| (&*found.name, 0));
        let meant = nearest(name, known).map(str::to_owned);
        QueryError::NoSuchAudience { name: name.to_owned(), meant }
    }
}

impl From<CommitError> for QueryError {
    fn from(error: CommitError) -> QueryError {
        QueryError::Commit(error)
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QueryError::Text { pictures, .. } => f.write_str(pictures),
            QueryError::Commit(error) => error.fmt(f),
            QueryError::OtherPlan => f.write_str(
                "definitions have changed since the plan was shown, and nothing was done; look \
                 at it again",
            ),
            QueryError::Read(what) => write!(f, "rows could not be read: {what}"),
            QueryError::Cancelled => f.write_str("the question was cancelled"),
            QueryError::NoSuchAudience { name, meant: Some(meant) } => {
                write!(f, "there is no audience `{name}`; did you mean `{meant}`?")
            }
            QueryError::NoSuchAudience { name, meant: None } => {
                write!(f, "there is no audience `{name}`; `show audiences` lists them")
            }
            QueryError::NotAPerson { called, why } => {
                write!(f, "`{called}` can name nobody: {why}")
            }
            QueryError::TooManyRows { limit } => {
                write!(f, "the answer has more than {limit} rows; add a `limit`, or raise it")
            }
            QueryError::NothingKnown { at, first } => write!(
                f,
                "nothing was known at {at}: the first record is of {first}; ask `with hindsight` \
                 for what is known of that time now"
            ),
            QueryError::TooManyPeriods { limit } => write!(
                f,
                "the report would be about more than {limit} periods; choose longer ones, or a \
                 shorter window"
            ),
            QueryError::After { done, error } => {
                write!(f, "{error}\nbefore that it was done: {}", done.join("; "))
            }
        }
    }
}

impl std::error::Error for QueryError {}

/// Why a directory could not be opened.
///
/// ```
/// use throng::engine::{OpenError, Options, Throng};
/// let place = tempfile::tempdir()?;
/// let opened = Throng::open(place.path(), Options { create: false, ..Options::default() });
/// assert!(matches!(opened, Err(OpenError::Missing(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// There is no database, and none was to be made.
    Missing(PathBuf),
    /// No temporary directory could be made.
    Temporary(std::io::Error),
    /// The writer's thread could not be started.
    Thread(std::io::Error),
    /// The directory could not be read or written.
    Store(StoreError),
    /// A record of the log could not be applied.
    Replay {
        /// Which.
        lsn: Lsn,
        /// Why.
        source: ApplyError,
    },
    /// Rows could not be read.
    Page(PageError),
    /// The machine's clock stands far from the last record's time.
    Clock {
        /// What the clock says.
        clock: Timestamp,
        /// The time of the last record.
        last: Timestamp,
    },
    /// The difference to what was announced could not be written.
    Commit(CommitError),
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> OpenError {
        OpenError::Store(error)
    }
}

impl From<PageError> for OpenError {
    fn from(error: PageError) -> OpenError {
        OpenError::Page(error)
    }
}

impl From<CommitError> for OpenError {
    fn from(error: CommitError) -> OpenError {
        OpenError::Commit(error)
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OpenError::Missing(path) => write!(
                f,
                "{0} holds no database; check the path, import something into it, or begin with a \
                 definition: `throng query --data {0} 'declare event order'`",
                path.display()
            ),
            OpenError::Temporary(error) => write!(f, "no temporary directory: {error}"),
            OpenError::Thread(error) => write!(f, "the writer could not be started: {error}"),
            OpenError::Store(error) => error.fmt(f),
            OpenError::Replay { lsn, source } => write!(
                f,
                "record {lsn} of the log cannot be applied: {source}; it was written by another \
                 version or damaged"
            ),
            OpenError::Page(error) => error.fmt(f),
            OpenError::Clock { clock, last } => write!(
                f,
                "the clock says {clock}, the last record was made at {last}; set the clock right, \
                 or open with `--accept-clock` if it is"
            ),
            OpenError::Commit(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            OpenError::Temporary(error) | OpenError::Thread(error) => Some(error),
            OpenError::Store(error) => Some(error),
            OpenError::Replay { source, .. } => Some(source),
            _ => None,
        }
    }
}
