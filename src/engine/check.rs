//! Reading everything on disk again, to see whether it is what was written.

use super::OpenError;
use crate::store::{self, Directory, Report};
use std::path::Path;

/// Reads every record of the log, every entry of the feed and every value of
/// the rebuildable store, with their sums. Nothing is changed.
///
/// ```
/// use throng::engine::{Options, Throng, check};
/// let place = tempfile::tempdir()?;
/// let options = Options { reserve_bytes: 0, ..Options::default() };
/// Throng::open(place.path(), options)?.close()?;
/// assert!(check(place.path())?.is_whole());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If another process holds the directory, or if it is no database. Damage is
/// no error: the report names its place.
pub fn check(path: impl AsRef<Path>) -> Result<Report, OpenError> {
    Ok(store::verify(&Directory::look(path.as_ref(), store::Options::default())?)?)
}
