//! Files that only their owner reads, and writes that are whole or absent.

use super::error::StoreError;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// What a file is called while it is being written.
const UNFINISHED: &str = "unfinished";

/// Makes a directory for the owner alone, unless it is there.
pub(super) fn make_dir(path: &Path) -> Result<(), StoreError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(StoreError::io("create", path))
}

/// Opens a file for reading and writing, for the owner alone, making it if need be.
pub(super) fn open(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options.open(path).map_err(StoreError::io("open", path))
}

/// Puts a file in place as a whole: after a crash there is the old one or this one.
pub(super) fn put_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let unfinished = unfinished(path);
    let mut file = open(&unfinished)?;
    file.set_len(0).map_err(StoreError::io("write", &unfinished))?;
    file.write_all(bytes).map_err(StoreError::io("write", &unfinished))?;
    file.sync_all().map_err(StoreError::io("sync", &unfinished))?;
    drop(file);
    tracing::trace!(path = %path.display(), "a file is written beside its place");
    fs::rename(&unfinished, path).map_err(StoreError::io("rename", path))?;
    sync_parent(path)?;
    tracing::trace!(path = %path.display(), "a file is put in place");
    Ok(())
}

/// Takes everybody but the owner off a directory and all that is in it. Files
/// that are gone meanwhile are fine.
pub(super) fn protect(path: &Path) -> Result<(), StoreError> {
    set_mode(path, 0o700)?;
    for name in names(path)? {
        let path = path.join(name);
        match path.is_dir() {
            true => protect(&path)?,
            false => set_mode(&path, 0o600)?,
        }
    }
    Ok(())
}

fn set_mode(path: &Path, mode: u32) -> Result<(), StoreError> {
    match fs::set_permissions(path, Permissions::from_mode(mode)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("protect", path)(error))
        }
        _ => Ok(()),
    }
}

/// Makes names that were given or taken in a directory durable.
pub(super) fn sync_dir(path: &Path) -> Result<(), StoreError> {
    let synced = File::open(path).and_then(|directory| directory.sync_all());
    synced.map_err(StoreError::io("sync", path))
}

/// Makes the name of a file durable.
pub(super) fn sync_parent(path: &Path) -> Result<(), StoreError> {
    match path.parent() {
        // The parent of a bare name is where the process stands.
        Some(parent) if parent.as_os_str().is_empty() => sync_dir(Path::new(".")),
        Some(parent) => sync_dir(parent),
        None => Ok(()),
    }
}

/// Removes a file, or a directory with all that is in it.
pub(super) fn remove_any(path: &Path) -> Result<(), StoreError> {
    match path.is_dir() {
        true => fs::remove_dir_all(path).map_err(StoreError::io("remove", path)),
        false => remove(path),
    }
}

/// A directory that is gone with the value, or at the next open after a crash.
pub(super) fn temporary_in(path: &Path) -> Result<tempfile::TempDir, StoreError> {
    let mut builder = tempfile::Builder::new();
    let made = builder.prefix("kv.").suffix(&format!(".{UNFINISHED}")).tempdir_in(path);
    made.map_err(StoreError::io("create", path))
}

/// A directory of the system's own, for one who reads where the disk is full.
pub(super) fn temporary() -> Result<tempfile::TempDir, StoreError> {
    let made = tempfile::Builder::new().prefix("throng-kv.").tempdir();
    made.map_err(StoreError::io("create", &std::env::temp_dir()))
}

/// Removes a file; one that is not there is fine.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("remove", path)(error))
        }
        Ok(()) => {
            tracing::trace!(path = %path.display(), "a file is removed");
            Ok(())
        }
        Err(_) => Ok(()),
    }
}

/// The content of a small file, or none if there is no such file.
pub(super) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io("read", path)(error)),
    }
}

/// The names in a directory, sorted.
pub(super) fn names(path: &Path) -> Result<Vec<String>, StoreError> {
    let entries = fs::read_dir(path).map_err(StoreError::io("list", path))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(StoreError::io("list", path))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Bytes of the files in a directory.
pub(super) fn bytes_in(path: &Path) -> Result<u64, StoreError> {
    Ok(names(path)?.into_iter().map(|name| length(&path.join(name))).sum())
}

/// Bytes of a file; what is not there, or no more, takes nothing.
pub(super) fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

/// Whether a name is that of a file that a crash left unfinished.
pub(super) fn is_unfinished(name: &str) -> bool {
    name.ends_with(UNFINISHED)
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(UNFINISHED);
    name.into()
}

/// Copies a file, or its first bytes, into a directory.
pub(super) fn copy(path: &Path, folder: &Path, length: Option<u64>) -> Result<(), StoreError> {
    let target = folder.join(path.file_name().unwrap_or_default());
    let source = File::open(path).map_err(StoreError::io("open", path))?;
    let mut source = source.take(length.unwrap_or(u64::MAX));
    let mut copy = open(&target)?;
    copy.set_len(0).map_err(StoreError::io("write", &target))?;
    std::io::copy(&mut source, &mut copy).map_err(StoreError::io("write", &target))?;
    copy.sync_all().map_err(StoreError::io("sync", &target))
}
