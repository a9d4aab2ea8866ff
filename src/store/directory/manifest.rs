//! The MANIFEST: which store this is, and which generation each file has.

use crate::model::Timestamp;
use crate::store::error::StoreError;
use crate::store::family::{Kind, LOG};
use crate::store::lines::{self, Lines};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// The newest format that this program reads and the one it writes.
pub const FORMAT: u32 = 1;

const TITLE: &str = "throng store";

/// What moves time in a store.
///
/// ```
/// use throng::engine::{Clock, Throng};
/// assert_eq!(Throng::temporary()?.info()?.clock, Clock::Given);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The clock of the machine.
    Wall,
    /// Commits alone, each with a time that its caller gives.
    Given,
}

/// What a store knows of itself before any record is read.
#[derive(Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Which store this is; every file of log and feed names it.
    pub uuid: u128,
    /// When it was created.
    pub created: Timestamp,
    /// What moves its time.
    pub clock: Clock,
    /// The key of the hashes that stand for forgotten identifiers.
    pub secret: u128,
    /// Files of the log that were rewritten.
    pub log: Generations,
    /// Files of the feed that were rewritten.
    pub feed: Generations,
}

/// How often each file was rewritten; files that never were are absent.
///
/// A rewritten file lies beside the old one until one rename of the MANIFEST
/// swaps them all.
pub type Generations = BTreeMap<u32, u32>;

impl Manifest {
    /// The manifest of a new store, with an identity and a secret by chance.
    pub fn new(created: Timestamp, clock: Clock) -> Result<Manifest, StoreError> {
        let (log, feed) = (Generations::new(), Generations::new());
        Ok(Manifest { uuid: by_chance()?, created, clock, secret: by_chance()?, log, feed })
    }

    /// Puts it in place as a whole.
    pub(super) fn put(&self, path: &Path) -> Result<(), StoreError> {
        let mut lines = Lines::default()
            .with("format", FORMAT)
            .with("uuid", format_args!("{:032x}", self.uuid))
            .with("created", self.created.millis())
            .with("clock", self.clock)
            .with("secret", format_args!("{:032x}", self.secret));
        for (key, generations) in [("log", &self.log), ("feed", &self.feed)] {
            for (number, generation) in generations {
                lines = lines.with(key, format_args!("{number} {generation}"));
            }
        }
        lines.put(path, TITLE)
    }

    /// How often each file of a family was rewritten.
    pub(in crate::store) fn generations(&self, kind: Kind) -> &Generations {
        if kind == LOG { &self.log } else { &self.feed }
    }

    /// The same, to be changed.
    pub(in crate::store) fn generations_mut(&mut self, kind: Kind) -> &mut Generations {
        if kind == LOG { &mut self.log } else { &mut self.feed }
    }

    /// Reads it; none where there is no file.
    pub(super) fn read(path: &Path) -> Result<Option<Manifest>, StoreError> {
        let Some(read) = lines::read(path, TITLE)? else { return Ok(None) };
        let found = read.one("format", lines::number::<u32>)?;
        if found > FORMAT {
            return Err(StoreError::Newer { found, known: FORMAT });
        }
        Ok(Some(Manifest {
            uuid: read.one("uuid", lines::bits)?,
            created: read
                .one("created", |text| text.parse().ok().and_then(Timestamp::from_millis))?,
            clock: read.one("clock", Clock::named)?,
            secret: read.one("secret", lines::bits)?,
            log: generations(&read, "log")?,
            feed: generations(&read, "feed")?,
        }))
    }
}

fn generations(read: &lines::Read, key: &str) -> Result<Generations, StoreError> {
    let pair = |text: &str| {
        let (number, generation) = text.split_once(' ')?;
        Some((lines::number(number)?, lines::number(generation)?))
    };
    read.all(key).map(pair).collect::<Option<_>>().ok_or_else(|| read.wrong())
}

fn by_chance() -> Result<u128, StoreError> {
    let mut bytes = [0; 16];
    let filled =
        getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()));
    filled.map_err(StoreError::io("read", Path::new("random bytes of the system")))?;
    Ok(u128::from_be_bytes(bytes))
}

impl Clock {
    fn named(text: &str) -> Option<Clock> {
        match text {
            "wall" => Some(Clock::Wall),
            "given" => Some(Clock::Given),
            _ => None,
        }
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Clock::Wall => "wall",
            Clock::Given => "given",
        })
    }
}

/// The secret stays out of messages and traces.
impl fmt::Debug for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uuid = format_args!("{:032x}", self.uuid).to_string();
        f.debug_struct("Manifest")
            .field("uuid", &uuid)
            .field("created", &self.created)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}
