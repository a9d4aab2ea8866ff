//! What was typed before, in a file that only its owner reads.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Entries that are kept.
pub(super) const ENTRIES_MAX: usize = 10_000;

/// The file below a directory for state, made if it is not there.
pub(super) fn file(state: &Path) -> io::Result<PathBuf> {
    let directory = state.join("throng");
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory)?;
    let path = directory.join("history");
    OpenOptions::new().create(true).append(true).mode(0o600).open(&path)?;
    Ok(path)
}

/// Whether an entry is kept: who is to be forgotten is not remembered here.
pub(super) fn keeps(entry: &str) -> bool {
    let words: String = entry.to_lowercase();
    !words.split(';').any(|statement| statement.trim_start().starts_with("forget"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let state = tempfile::tempdir().unwrap();
        let path = file(state.path()).unwrap();
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn who_is_forgotten_is_not_remembered() {
        assert!(keeps("count everyone;"));
        assert!(!keeps("count everyone; Forget profile \"email:ada@example.org\";"));
    }
}
