//! What proves how far log and feed have been on disk. Both only grow, so
//! whoever has seen a record there is right for ever: a log that ends before
//! it has lost something.

use super::directory::Directory;
use super::error::StoreError;
use super::feed::Feed;
use super::files;
use super::kv::Checkpoint;
use super::lines::{self, Lines};
use super::log::Log;
use crate::model::Lsn;

/// Written at every orderly end: how far log and feed reached.
const NAME: &str = "END";
const TITLE: &str = "throng end";

/// What a damaged file says of the end is nothing; all others are still asked.
fn end(directory: &Directory, key: &str) -> Option<(Lsn, &'static str)> {
    let read = lines::read(&directory.path().join(NAME), TITLE).ok()??;
    let lsn = read.one(key, lines::number).ok()?;
    Some((Lsn(lsn), NAME))
}

/// Records that were in the log, each with what proves it.
pub(super) fn of_log(directory: &Directory) -> Result<Vec<(Lsn, &'static str)>, StoreError> {
    let checkpoint = match Checkpoint::read(directory.path()) {
        Ok(checkpoint) => checkpoint.map(|checkpoint| (checkpoint.lsn, "CKPT")),
        // The rebuildable store is built again, which says so.
        Err(StoreError::Damaged(_)) => None,
        Err(error) => return Err(error),
    };
    Ok(checkpoint.into_iter().chain(end(directory, "log")).collect())
}

/// Entries that were in the feed, each with what proves it.
pub(super) fn of_feed(directory: &Directory) -> Option<(Lsn, &'static str)> {
    end(directory, "feed")
}

/// Says that log and feed were on disk as far as they reach now.
pub fn put_end(directory: &Directory, log: &Log, feed: &Feed) -> Result<(), StoreError> {
    let reached = |lsn: Option<Lsn>| lsn.unwrap_or_default();
    let lines =
        Lines::default().with("log", reached(log.durable())).with("feed", reached(feed.durable()));
    lines.put(&directory.path().join(NAME), TITLE)
}

/// Forgets how far they reached, because a loss was accepted.
pub(super) fn remove_end(directory: &Directory) -> Result<(), StoreError> {
    files::remove(&directory.path().join(NAME))
}
