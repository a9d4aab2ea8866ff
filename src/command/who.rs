//! Files of definitions: those that are named, and those of directories.

use super::failure::Failure;
use crate::engine::{self, Source};
use std::fs;
use std::path::{Path, PathBuf};

/// The files, each with the files that it names read into its text.
pub(super) fn sources(paths: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => files.extend(of_directory(path)?),
            false => files.push(path.clone()),
        }
    }
    files.dedup();
    files.iter().map(|file| source(file)).collect()
}

/// Every `.who` file below a directory, by name.
fn of_directory(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: std::io::Error| Failure::at(directory.display(), error);
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(of_directory(&path)?);
        } else if path.extension().is_some_and(|end| end == "who") {
            files.push(path);
        }
    }
    Ok(files)
}

fn source(file: &Path) -> Result<Source, Failure> {
    let text = Failure::text_of(file)?;
    let text = engine::with_files_inside(&text, file.parent())
        .map_err(|wrong| Failure::Wrong(format!("throng: {}: {wrong}", file.display())))?;
    Ok(Source::new(file.display().to_string(), text))
}
