//! Space kept in hand: a file to delete when the disk is full, and a floor
//! below which nothing more is taken in.

use crate::store::error::StoreError;
use crate::store::files;
use rustix::fs::{FallocateFlags, fallocate};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

const NAME: &str = "RESERVE";

/// Makes the reserve as large as asked, unless it is; too little space for it
/// is no error, the floor is checked apart.
pub(super) fn grow(directory: &Path, bytes: u64) -> Result<(), StoreError> {
    let path = directory.join(NAME);
    if bytes == 0 {
        return Ok(());
    }
    let mut file = files::open(&path)?;
    let length = file.metadata().map_err(StoreError::io("read", &path))?.len();
    if length >= bytes {
        return Ok(());
    }
    if take(&mut file, length, bytes).is_err() {
        return files::remove(&path);
    }
    file.sync_all().map_err(StoreError::io("sync", &path))
}

/// Bytes that are in reserve.
pub(super) fn length(directory: &Path) -> u64 {
    files::length(&directory.join(NAME))
}

/// Takes blocks of the disk. A length alone would take none; a file system
/// that cannot set blocks aside gets zeros written.
fn take(file: &mut File, from: u64, to: u64) -> io::Result<()> {
    if fallocate(&mut *file, FallocateFlags::empty(), from, to - from).is_ok() {
        return Ok(());
    }
    file.seek(SeekFrom::Start(from))?;
    io::copy(&mut io::repeat(0).take(to - from), file).map(|_| ())
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
