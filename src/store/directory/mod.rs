//! The directory of a store: lock, manifest, endpoint and space in hand.

mod endpoint;
mod lock;
mod manifest;
mod reserve;

pub use endpoint::Endpoint;
pub use manifest::{Clock, FORMAT, Generations, Manifest};

use super::error::StoreError;
use super::family::{FEED, Family, LOG};
use super::files;
use super::options::Options;
pub(super) use lock::Lock;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "MANIFEST";

/// What is kept in reserve is a multiple of this.
const BLOCK: u64 = 4_096;

/// The directory of a store, locked as long as it lives: for this process, or
/// for all that only read.
///
/// ```
/// use throng::model::Timestamp;
/// use throng::store::{Clock, Directory, Manifest, Options, StoreError};
/// let place = tempfile::tempdir()?;
/// let manifest = Manifest::new(Timestamp::EPOCH, Clock::Given)?;
/// let directory = Directory::create(place.path(), manifest, Options::small())?;
/// let second = Directory::open(place.path(), Options::small());
/// assert!(matches!(second, Err(StoreError::Locked { pid: Some(pid), .. }) if pid == std::process::id()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    manifest: Manifest,
    options: Options,
    lock: Lock,
}

impl Directory {
    /// Creates a store in a directory that is absent or empty.
    ///
    /// The MANIFEST comes last, so a directory without one never held a record.
    pub fn create(
        path: &Path,
        manifest: Manifest,
        options: Options,
    ) -> Result<Directory, StoreError> {
        files::make_dir(path)?;
        let only_owner = fs::set_permissions(path, Permissions::from_mode(0o700));
        let lock = Lock::take(path)?;
        only_owner.map_err(StoreError::io("protect", path))?;
        if !is_vacant(path)? {
            return Err(StoreError::Occupied { path: path.to_owned() });
        }
        for kind in [LOG, FEED] {
            Family::create(path, kind, manifest.uuid)?;
        }
        manifest.put(&path.join(MANIFEST))?;
        files::sync_parent(path)?;
        Directory::ready(path, manifest, options, lock)
    }

    /// Opens a store, and removes what a crash left unfinished.
    pub fn open(path: &Path, options: Options) -> Result<Directory, StoreError> {
        if !Directory::is_store(path) {
            return Err(StoreError::NotAStore { path: path.to_owned() });
        }
        Directory::alone(path, options, Lock::take(path)?)
    }

    /// Opens a store to read it, beside others who read, while nobody writes.
    /// The first of them keeps the others out until [`Directory::share`].
    pub fn read(path: &Path, options: Options) -> Result<Directory, StoreError> {
        if !Directory::is_store(path) {
            return Err(StoreError::NotAStore { path: path.to_owned() });
        }
        let (lock, is_alone) = Lock::read(path)?;
        if is_alone {
            return Directory::alone(path, options, lock);
        }
        let manifest = manifest(path)?;
        Ok(Directory { path: path.to_owned(), manifest, options, lock })
    }

    /// Opens a store to look at it, while nobody else has it. Nothing in it is
    /// changed, whatever a crash left.
    pub fn look(path: &Path, options: Options) -> Result<Directory, StoreError> {
        if !Directory::is_store(path) {
            return Err(StoreError::NotAStore { path: path.to_owned() });
        }
        let lock = Lock::take(path)?;
        let manifest = manifest(path)?;
        Ok(Directory { path: path.to_owned(), manifest, options, lock })
    }

    /// Tells those who find the store locked that it is open.
    pub fn opened(&self) {
        self.lock.opened();
    }

    /// Lets others read, too, once log and feed are open.
    pub fn share(&self) -> Result<(), StoreError> {
        self.lock.share(&self.path)
    }

    /// Removes what a crash left, while nobody else has the store.
    fn alone(path: &Path, options: Options, lock: Lock) -> Result<Directory, StoreError> {
        let manifest = manifest(path)?;
        for name in files::names(path)?.iter().filter(|name| files::is_unfinished(name)) {
            files::remove_any(&path.join(name))?;
        }
        // Nobody else holds the lock, so whoever listened is gone.
        Endpoint::remove(path)?;
        Directory::ready(path, manifest, options, lock)
    }

    fn ready(
        path: &Path,
        manifest: Manifest,
        options: Options,
        lock: Lock,
    ) -> Result<Directory, StoreError> {
        let directory = Directory { path: path.to_owned(), manifest, options, lock };
        directory.fill_reserve()?;
        Ok(directory)
    }

    /// Keeps as much in reserve as the log has taken, up to the size that was
    /// asked for: an orderly end writes what is in memory, which is less, and a
    /// small store need not hold a large one's reserve.
    fn fill_reserve(&self) -> Result<(), StoreError> {
        let most = self.options.reserve_bytes;
        if reserve::length(&self.path) >= most / BLOCK * BLOCK {
            return Ok(());
        }
        let bytes = most.min(files::bytes_in(&self.path.join(LOG.name))?) / BLOCK * BLOCK;
        // A reserve that was given up is not taken back from a disk that is still full.
        if self.free_bytes()? < most.saturating_add(self.options.free_bytes_min) {
            return Ok(());
        }
        reserve::grow(&self.path, bytes)
    }

    /// Whether a directory holds a store.
    pub fn is_store(path: &Path) -> bool {
        path.join(MANIFEST).is_file()
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the store knows of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The sizes it was opened with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Replaces the manifest as a whole; how rewritten files are swapped in.
    pub fn put_manifest(&mut self, manifest: Manifest) -> Result<(), StoreError> {
        manifest.put(&self.path.join(MANIFEST))?;
        self.manifest = manifest;
        Ok(())
    }

    /// Makes a copy of log and feed a store of its own.
    pub(super) fn copy_manifest_to(&self, target: &Path) -> Result<(), StoreError> {
        self.manifest.put(&target.join(MANIFEST))
    }

    /// Tells others where this process listens.
    pub fn put_endpoint(&self, endpoint: &Endpoint) -> Result<(), StoreError> {
        endpoint.put(&self.path)
    }

    /// Tells others that nobody listens any more.
    pub fn remove_endpoint(&self) -> Result<(), StoreError> {
        Endpoint::remove(&self.path)
    }

    /// Bytes free on the disk.
    pub fn free_bytes(&self) -> Result<u64, StoreError> {
        reserve::free(&self.path)
    }

    /// An error when less is free than [`Options::free_bytes_min`]: asked
    /// before records are taken in, so that the disk is never quite full. What
    /// is kept in reserve grows with the log meanwhile.
    pub fn check_space(&self) -> Result<(), StoreError> {
        let (free, least) = (self.free_bytes()?, self.options.free_bytes_min);
        if free < least {
            return Err(StoreError::Full { free, least });
        }
        self.fill_reserve()
    }

    /// The same where so many bytes are about to be written.
    pub fn check_space_for(&self, bytes: u64) -> Result<(), StoreError> {
        let (free, least) = (self.free_bytes()?, self.options.free_bytes_min + bytes);
        if free < least { Err(StoreError::Full { free, least }) } else { Ok(()) }
    }

    /// Deletes the reserve, so that a full disk has room for an orderly end.
    /// An open fills it again once the disk has room for it and more.
    pub fn release_reserve(&self) -> Result<(), StoreError> {
        reserve::release(&self.path)
    }
}

fn manifest(path: &Path) -> Result<Manifest, StoreError> {
    let manifest = Manifest::read(&path.join(MANIFEST))?;
    manifest.ok_or_else(|| StoreError::NotAStore { path: path.to_owned() })
}

/// Whether nothing is there but what a creation without end leaves.
fn is_vacant(path: &Path) -> Result<bool, StoreError> {
    for name in files::names(path)? {
        let vacant = match &*name {
            "LOCK" => true,
            "log" | "feed" => Family::is_blank(&path.join(&name))?,
            _ => files::is_unfinished(&name),
        };
        if !vacant {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests;
