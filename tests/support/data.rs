//! Where reference data lies, if it does.

use std::path::PathBuf;

/// The file of that name below `$THRONG_TEST_DATA`, else `../shared/data`;
/// without it, says that the test is skipped.
pub fn reference(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("THRONG_TEST_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let file = root.join(name);
    if file.is_file() {
        return Some(file);
    }
    eprintln!("skipped: {} is not there; set THRONG_TEST_DATA", file.display());
    None
}
