//! The scripts that read as a manual: a file tells one idea, in sections of
//! lines, `----` and what is seen. `UPDATE_EXPECT=1` rewrites what follows
//! `----`, and a person reads the difference.
#![allow(clippy::disallowed_methods, reason = "scripts are files")]

use std::fs;
use std::path::{Path, PathBuf};
use throng::play::Script;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts")
}

fn scripts() -> Vec<PathBuf> {
    let entries = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    files.sort();
    files
}

#[test]
fn every_script_plays_as_it_is_written() {
    let mut wrong = Vec::new();
    for path in scripts() {
        let written = fs::read_to_string(&path).unwrap();
        let script = Script::play(&written, &root()).unwrap();
        let now = script.now();
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, &now).unwrap();
        } else if now != written {
            let sections = script.wrong();
            let told =
                |it: &throng::play::Section| format!("line {}\n{}", it.line, it.difference());
            let told: Vec<String> = sections.map(told).collect();
            wrong.push(format!("{}\n{}", path.display(), told.join("\n")));
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
