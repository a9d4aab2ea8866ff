//! Repair: what can be rebuilt is put aside and built again from the log.

use super::{Info, OpenError, Options, Throng};
use crate::store::{self, Directory, Kv};
use std::path::Path;

/// Puts the rebuildable store of a directory aside (as `kv.bad-N`) and builds
/// it again from the log. The log and the feed are read and not touched.
///
/// ```
/// use throng::engine::{Options, Throng, repair};
/// let place = tempfile::tempdir()?;
/// let options = Options { reserve_bytes: 0, ..Options::default() };
/// Throng::open(place.path(), options.clone())?.close()?;
/// let info = repair(place.path(), options)?;
/// assert_eq!(info.rebuilt, ["a repair was asked for"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If another process holds the directory, or if the log itself is damaged:
/// then nothing but a backup helps.
pub fn repair(path: impl AsRef<Path>, options: Options) -> Result<Info, OpenError> {
    let path = path.as_ref();
    drop(Directory::open(path, store::Options { reserve_bytes: 0, ..store::Options::default() })?);
    Kv::condemn(path, "a repair was asked for")?;
    let options =
        Options { read_only: false, create: false, live: false, accept_clock: true, ..options };
    let throng = Throng::open(path, options)?;
    let info = throng.info()?;
    throng.close()?;
    Ok(info)
}
