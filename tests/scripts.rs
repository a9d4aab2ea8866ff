//! The scripts that read as a manual: a file tells one idea, in sections of
//! lines, `----` and what is seen. `UPDATE_EXPECT=1` rewrites what follows
//! `----`, and a person reads the difference.
#![allow(clippy::disallowed_methods, reason = "scripts are files")]

#[path = "support/play.rs"]
mod play;

use play::Play;
use std::fs;
use std::path::{Path, PathBuf};

fn scripts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts");
    let entries = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    files.sort();
    files
}

/// A script as it should be written: the same lines, with what is seen now.
fn played(script: &str) -> String {
    let mut play = Play::new();
    let sections = script.trim_end().split("\n\n").map(|section| {
        let lines = section.split_once("\n----").map_or(section, |(lines, _)| lines);
        format!("{lines}\n----\n{}", play.run(lines))
    });
    sections.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_script_plays_as_it_is_written() {
    let mut wrong = Vec::new();
    for path in scripts() {
        let written = fs::read_to_string(&path).unwrap();
        let now = played(&written);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, &now).unwrap();
        } else if now != written {
            wrong.push(format!("{}\n--- now\n{now}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_script_says_first_what_it_shows() {
    assert!(scripts().len() >= 25);
    for path in scripts() {
        let written = fs::read_to_string(&path).unwrap();
        let told = written
            .lines()
            .next()
            .is_some_and(|line| line.starts_with("# ") && line.ends_with('.') && line.len() <= 100);
        assert!(told, "{} does not say in its first line what it shows", path.display());
    }
}
