//! Whether all that is on disk is what was written, and a copy of it elsewhere.

use super::directory::Directory;
use super::error::StoreError;
use super::family::Checked;
use super::feed::Feed;
use super::files;
use super::kv::{Kv, KvError, Look};
use super::log::Log;
use std::path::Path;

/// What reading everything in a store found.
///
/// ```
/// use throng::engine::{Options, Report, Throng, check};
/// let place = tempfile::tempdir()?;
/// let throng = Throng::open(place.path(), Options { reserve_bytes: 0, ..Options::default() })?;
/// throng.query("create audience visitors is everyone")?;
/// throng.close()?;
/// let report: Report = check(place.path())?;
/// assert!(report.is_whole());
/// // The definition, and the activation that makes it complete.
/// assert_eq!((report.log.n_records, report.feed.n_records), (2, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The inputs.
    pub log: Checked,
    /// The changes of audiences.
    pub feed: Checked,
    /// Values of the rebuildable store that are whole.
    pub n_values: u64,
    /// The first value of the rebuildable store that is not whole.
    pub kv: Option<KvError>,
    /// Why the next open puts the rebuildable store aside for a new one, if it does.
    pub rebuild: Option<String>,
}

impl Report {
    /// Whether all is what was written. What a crash tore off at the end was
    /// never acknowledged, so it is no damage.
    pub fn is_whole(&self) -> bool {
        self.log.damage.is_none()
            && self.feed.damage.is_none()
            && self.kv.is_none()
            && self.rebuild.is_none()
    }
}

/// Reads every record, every entry and every value of a store that nothing
/// else has open, and changes nothing.
pub fn verify(directory: &Directory) -> Result<Report, StoreError> {
    let (mut log, feed) = (Log::check(directory)?, Feed::check(directory)?);
    // An entry is written once its record is on disk.
    log.must_reach(feed.last.unwrap_or_default(), "the feed");
    let mut report = Report { log, feed, n_values: 0, kv: None, rebuild: None };
    match Kv::look(directory)? {
        Look::Empty => {
            if let Some(word) = Kv::last_word(directory)? {
                report.log.must_reach(word.lsn, "kv");
            }
        }
        Look::Damaged(reason) => report.rebuild = Some(reason),
        Look::Whole(kv, checkpoint) => {
            report.log.must_reach(checkpoint.lsn, "kv");
            (report.n_values, report.kv) = kv.verify().unwrap_or_else(|error| (0, Some(error)));
        }
    }
    Ok(report)
}

/// Copies manifest, log and feed, as far as they are durable, into a directory
/// that is absent or empty. The copy is a store; what can be rebuilt is not in it.
pub fn backup(
    directory: &Directory,
    log: &Log,
    feed: &Feed,
    target: &Path,
) -> Result<(), StoreError> {
    files::make_dir(target)?;
    if !files::names(target)?.is_empty() {
        return Err(StoreError::Occupied { path: target.to_owned() });
    }
    // The feed first: it may be behind the log, never ahead of it.
    feed.copy_to(target)?;
    log.copy_to(target)?;
    directory.copy_manifest_to(target)?;
    files::sync_parent(target)
}
