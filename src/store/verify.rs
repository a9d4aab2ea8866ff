//! Whether all that is on disk is what was written, and a copy of it elsewhere.

use super::directory::Directory;
use super::error::StoreError;
use super::family::Checked;
use super::feed::Feed;
use super::files;
use super::kv::{Kv, KvError, Rebuild};
use super::log::Log;
use std::path::Path;

/// What reading everything in a store found.
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
    /// Why the rebuildable store was put aside for a new one, if it was.
    pub rebuild: Option<Rebuild>,
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

/// Reads every record, every entry and every value of a store that nothing else has open.
pub fn verify(directory: &Directory) -> Result<Report, StoreError> {
    let (log, feed) = (Log::check(directory)?, Feed::check(directory)?);
    let (kv, start) = Kv::open(directory)?;
    let (n_values, damaged) = match kv.verify() {
        Ok(verified) => verified,
        Err(error) => (0, Some(error)),
    };
    Ok(Report { log, feed, n_values, kv: damaged, rebuild: start.rebuild })
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
