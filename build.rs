//! Sums up the sources: what one build has left for itself another one does not trust.
//!
//! The script also makes that `links = "throng"` turns two versions of this crate in
//! one binary into cargo's error, and not the linker's.

#![allow(clippy::disallowed_methods, reason = "a build script reads files")]

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src");
    let mut files = Vec::new();
    list(Path::new("src"), &mut files);
    files.sort();
    let mut sum = DefaultHasher::new();
    for file in files {
        sum.write(file.to_string_lossy().as_bytes());
        sum.write(&std::fs::read(&file).expect("a source can be read"));
    }
    println!("cargo::rustc-env=THRONG_SOURCES={:016x}", sum.finish());
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("the sources can be listed");
    for path in entries.map(|entry| entry.expect("an entry can be read").path()) {
        match path.is_dir() {
            true => list(&path, files),
            false => files.push(path),
        }
    }
}
