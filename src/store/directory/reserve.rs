//! Space kept in hand: a file to delete when the disk is full, and a floor
//! below which nothing more is taken in.

use crate::store::error::StoreError;
use crate::store::files;
use std::io::Write;
use std::path::Path;

const NAME: &str = "RESERVE";

/// Makes the reserve as large as asked, unless it is; too little space for it
/// is no error, the floor is checked apart.
pub(super) fn fill(directory: &Path, bytes: u64) -> Result<(), StoreError> {
    let path = directory.join(NAME);
    if bytes == 0 {
        return files::remove(&path);
    }
    let mut file = files::open(&path)?;
    let length = file.metadata().map_err(StoreError::io("read", &path))?.len();
    if length == bytes {
        return Ok(());
    }
    let zeros = vec![0; 1 << 20];
    let mut left = bytes;
    file.set_len(0).map_err(StoreError::io("write", &path))?;
    while left > 0 {
        let part = left.min(zeros.len() as u64) as usize;
        if file.write_all(&zeros[..part]).is_err() {
            return files::remove(&path);
        }
        left -= part as u64;
    }
    file.sync_all().map_err(StoreError::io("sync", &path))
}

/// Gives the reserve up, so that a full disk has room for an orderly end.
pub(super) fn release(directory: &Path) -> Result<(), StoreError> {
    files::remove(&directory.join(NAME))?;
    files::sync_dir(directory)
}

/// Bytes that are free for this process on the disk of a directory.
pub(super) fn free(directory: &Path) -> Result<u64, StoreError> {
    let disk = rustix::fs::statvfs(directory).map_err(std::io::Error::from);
    let disk = disk.map_err(StoreError::io("measure", directory))?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
