//! What a damaged store has lost, and going on without it.
//!
//! Records up to the first damage can be read. Those behind it cannot be
//! applied: each builds on all before it. Whoever goes on without them keeps
//! the readable part; the rest is set aside, and nothing is deleted.

use super::codec::{self, Malformed};
use super::directory::Directory;
use super::error::{Damage, Flaw, StoreError};
use super::family::{FEED, Kind, LOG, Readable};
use super::kv::Kv;
use super::{feed, proof};
use crate::model::{Input, Lsn};
use std::path::PathBuf;

/// What a store has lost.
///
/// ```
/// use throng::engine::{Loss, Options, Throng, damages};
/// let place = tempfile::tempdir()?;
/// let throng = Throng::open(place.path(), Options { reserve_bytes: 0, ..Options::default() })?;
/// throng.query("declare event order")?;
/// throng.close()?;
/// std::fs::write(place.path().join("log/00000001.log"), "lost")?;
/// let loss: Loss = damages(place.path())?.unwrap().loss;
/// assert_eq!(loss.first(), loss.log.damage.as_ref());
/// assert!(loss.log.damage.is_some() && loss.feed.damage.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loss {
    /// What was lost of the log.
    pub log: Lost,
    /// What was lost of the feed.
    pub feed: Lost,
}

/// What was lost of the log, or of the feed.
///
/// ```
/// use throng::engine::{Lost, Options, Throng, damages};
/// use throng::model::Lsn;
/// let place = tempfile::tempdir()?;
/// let throng = Throng::open(place.path(), Options { reserve_bytes: 0, ..Options::default() })?;
/// throng.query("declare event order")?;
/// throng.close()?;
/// std::fs::write(place.path().join("log/00000001.log"), "lost")?;
/// let log: Lost = damages(place.path())?.unwrap().loss.log;
/// assert_eq!((log.n_kept, log.gone()), (0, Some((Lsn(1), Lsn(1)))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// The first damage; none: nothing is lost.
    pub damage: Option<Damage>,
    /// Records that can be read, and the last of them.
    pub n_kept: u64,
    /// The last of them.
    pub last: Lsn,
    /// The last record that is known to have been on disk, and how that is known.
    pub proven: Option<(Lsn, &'static str)>,
    /// Calls in the records that can be read.
    pub n_calls: u64,
    /// Calls in whole records behind the damage.
    pub n_calls_behind: u64,
}

impl Lost {
    /// A family that ends early is damaged there, although all that is there can be read.
    fn with_end(mut self, readable: &Readable) -> Lost {
        if let (None, Some((proven, by)), Some((file, offset))) =
            (&self.damage, self.proven.filter(|(proven, _)| *proven > self.last), readable.end())
        {
            let flaw = Flaw::Short { last: self.last, proven, by };
            self.damage = Some(Damage { file, offset, flaw });
        }
        self
    }

    /// The first and last record that are gone.
    pub fn gone(&self) -> Option<(Lsn, Lsn)> {
        let (proven, _) = self.proven.filter(|(proven, _)| *proven > self.last)?;
        Some((Lsn(self.last.0 + 1), proven))
    }
}

impl Loss {
    /// The damage that is told first; none: nothing is lost.
    pub fn first(&self) -> Option<&Damage> {
        self.log.damage.as_ref().or(self.feed.damage.as_ref())
    }

    /// Finds out what a store has lost. Nothing is changed.
    pub(crate) fn of(directory: &Directory) -> Result<Loss, StoreError> {
        Ok(survey(directory)?.2)
    }

    /// Goes on without what is lost: keeps what can be read of log and feed,
    /// sets the rest and the rebuildable store aside, and says where to.
    ///
    /// The records that come next must have numbers above those that are gone,
    /// for somebody may have been told of these.
    pub(crate) fn accept(directory: &mut Directory) -> Result<(Loss, Vec<PathBuf>), StoreError> {
        let (log, feed, loss) = survey(directory)?;
        let mut asides = Vec::new();
        if loss.log.damage.is_some() {
            asides.extend(Kv::set_aside(directory)?);
        }
        for (kind, readable) in [(LOG, log), (FEED, feed)] {
            if readable.damage.is_some() {
                let aside = aside(directory, kind);
                readable.keep_only(directory, kind, &aside)?;
                asides.push(aside);
            }
        }
        proof::remove_end(directory)?;
        Ok((loss, asides))
    }
}

fn survey(directory: &Directory) -> Result<(Readable, Readable, Loss), StoreError> {
    let mut n_calls = [0, 0];
    let log = Readable::of(directory, LOG, &mut |is_kept, lsn, kind, raw| {
        n_calls[usize::from(!is_kept)] += calls_in(&codec::decode(lsn, kind, raw)?.input);
        Ok(())
    })?;
    let feed = Readable::of(directory, FEED, &mut |_, lsn, kind, raw| -> Result<(), Malformed> {
        feed::read(lsn, kind, raw).map(|_| ())
    })?;
    let mut lost = Loss { log: lost(&log), feed: lost(&feed) };
    [lost.log.n_calls, lost.log.n_calls_behind] = n_calls;
    let told = [feed.last, feed.behind].into_iter().flatten().map(|lsn| (lsn, "the feed"));
    lost.log.proven = proof::of_log(directory)?
        .into_iter()
        .chain(told)
        .chain(Kv::last_word(directory)?.map(|checkpoint| (checkpoint.lsn, "kv")))
        .chain(lost.log.proven)
        .max_by_key(|(lsn, _)| *lsn);
    lost.feed.proven = lost.feed.proven.max(proof::of_feed(directory));
    lost = Loss { log: lost.log.with_end(&log), feed: lost.feed.with_end(&feed) };
    Ok((log, feed, lost))
}

fn lost(readable: &Readable) -> Lost {
    Lost {
        damage: readable.damage.clone(),
        n_kept: readable.n_records,
        last: readable.last.unwrap_or_default(),
        proven: readable.behind.map(|lsn| (lsn, "a whole record behind the damage")),
        ..Lost::default()
    }
}

fn calls_in(input: &Input) -> u64 {
    match input {
        Input::Calls(calls) | Input::Bulk(calls) => calls.len() as u64,
        _ => 0,
    }
}

/// A directory that is not there yet.
fn aside(directory: &Directory, kind: Kind) -> PathBuf {
    let numbered = |n: u32| directory.path().join(format!("{}.bad-{n}", kind.name));
    (1..).map(numbered).find(|path| !path.exists()).unwrap_or_else(|| numbered(0))
}
