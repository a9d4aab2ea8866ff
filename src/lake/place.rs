//! A directory that is there as a whole or not at all.

use super::{LakeError, manifest};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A directory that is being filled beside the place where it will stand.
pub(super) struct Place {
    wanted: PathBuf,
    /// Where it is filled.
    pub building: PathBuf,
}

impl Place {
    /// Begins a directory for that place, which must be free or hold an earlier lake.
    pub fn begin(wanted: &Path) -> Result<Place, LakeError> {
        let occupied = fs::read_dir(wanted).is_ok_and(|mut entries| entries.next().is_some());
        if wanted.is_file() || (occupied && !wanted.join(manifest::NAME).is_file()) {
            return Err(LakeError::Occupied(wanted.to_owned()));
        }
        let place = Place { building: beside(wanted, ".new"), wanted: wanted.to_owned() };
        // What an interrupted export has left.
        remove(&place.building)?;
        fs::create_dir_all(&place.building).map_err(|error| place.failed(error))?;
        Ok(place)
    }

    /// Puts it where it belongs, instead of what was there.
    pub fn end(self) -> Result<(), LakeError> {
        let old = beside(&self.wanted, ".old");
        remove(&old)?;
        self.sync(&self.building)?;
        if self.wanted.exists() {
            fs::rename(&self.wanted, &old).map_err(|error| self.failed(error))?;
        }
        fs::rename(&self.building, &self.wanted).map_err(|error| self.failed(error))?;
        if let Some(parent) = self.wanted.parent().filter(|parent| parent.is_dir()) {
            self.sync(parent)?;
        }
        remove(&old)
    }

    fn sync(&self, directory: &Path) -> Result<(), LakeError> {
        File::open(directory)
            .and_then(|directory| directory.sync_all())
            .map_err(|error| self.failed(error))
    }

    fn failed(&self, error: io::Error) -> LakeError {
        LakeError::Io(self.wanted.clone(), error)
    }
}

/// Puts a lake that lies elsewhere into its place, and takes it away from there.
pub fn fetch(from: &Path, wanted: &Path) -> Result<(), LakeError> {
    let failed = |error: io::Error| LakeError::Io(from.to_owned(), error);
    let place = Place::begin(wanted)?;
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let copy = place.building.join(entry.file_name());
        fs::copy(entry.path(), &copy).map_err(failed)?;
        File::open(&copy).and_then(|file| file.sync_all()).map_err(failed)?;
    }
    place.end()?;
    remove(from.parent().unwrap_or(from))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().map_or_else(|| OsString::from("lake"), OsString::from);
    name.push(ending);
    path.with_file_name(name)
}

fn remove(directory: &Path) -> Result<(), LakeError> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(LakeError::Io(directory.to_owned(), error))
        }
        _ => Ok(()),
    }
}
