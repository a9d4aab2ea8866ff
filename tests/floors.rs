//! A room imports only rooms on lower floors, and each outside crate has one home.

#![allow(clippy::disallowed_methods, reason = "the sources are read")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The floors of the house, from the ground up; the rooms of one floor do not know each other.
const FLOORS: [&[&str]; 11] = [
    &["model", "shelf"],
    &["lang", "identity", "timeline", "index"],
    &["measure"],
    &["query"],
    &["audience"],
    &["state", "report"],
    &["store"],
    &["engine"],
    &["wire", "lake"],
    &["server", "shell", "console", "play"],
    &["command"],
];

/// Outside crates that one room alone may name.
const HOMES: [(&str, &str); 12] = [
    ("regex", "model"),
    ("nom", "lang"),
    ("roaring", "index"),
    ("sled", "store"),
    ("bincode", "store"),
    ("crossbeam", "engine"),
    ("rayon", "engine"),
    ("rustyline", "shell"),
    ("axum", "server"),
    ("clap", "command"),
    ("jiter", "wire"),
    ("parquet", "lake"),
];

/// The last pure floor: no clock, file, thread, socket, environment or chance up to here.
const LAST_PURE_FLOOR: usize = 5;

fn floors() -> BTreeMap<&'static str, usize> {
    let numbered = FLOORS.iter().enumerate();
    numbered.flat_map(|(floor, rooms)| rooms.iter().map(move |room| (*room, floor))).collect()
}

/// Every source file below `src/ROOM`, with its code lines up to its tests.
fn files_of(room: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut waiting = vec![root.join(room)];
    let mut files = Vec::new();
    while let Some(directory) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&directory) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path, code_of(&text)));
            }
        }
    }
    files
}

fn code_of(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]").next().unwrap_or_default();
    before_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Files of tests, which may reach anywhere.
fn is_test(path: &Path) -> bool {
    path.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")))
}

#[test]
fn a_room_imports_only_lower_floors() {
    let floors = floors();
    let mut wrong = Vec::new();
    for (room, floor) in &floors {
        for (path, code) in files_of(room).iter().filter(|(path, _)| !is_test(path)) {
            for (other, other_floor) in &floors {
                let named = code.contains(&format!("crate::{other}::"))
                    || code.contains(&format!("crate::{other};"))
                    || code.contains(&format!("throng::{other}::"));
                if named && other != room && other_floor >= floor {
                    wrong.push(format!("{} imports {other}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_outside_crate_has_one_home() {
    let mut wrong = Vec::new();
    for room in floors().keys() {
        for (path, code) in files_of(room) {
            for (outside, home) in HOMES.iter().filter(|(_, home)| home != room) {
                let named = code.contains(&format!("{outside}::"))
                    && code.match_indices(&format!("{outside}::")).any(|(at, _)| {
                        !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                    });
                if named {
                    wrong.push(format!("{} names {outside}, whose home is {home}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_rooms_reach_nothing_outside() {
    let reaches = [
        "std::fs",
        "std::net",
        "std::thread",
        "std::env",
        "SystemTime",
        "Instant::now",
        "getrandom",
    ];
    let mut wrong = Vec::new();
    for (room, _) in floors().iter().filter(|(_, floor)| **floor <= LAST_PURE_FLOOR) {
        for (path, code) in files_of(room).iter().filter(|(path, _)| !is_test(path)) {
            for reach in reaches.iter().filter(|reach| code.contains(**reach)) {
                wrong.push(format!("{} reaches {reach}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_has_a_floor() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let floors = floors();
    for entry in fs::read_dir(root).unwrap().map(|entry| entry.unwrap()) {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            assert!(floors.contains_key(name.as_str()), "`src/{name}` stands on no floor");
        }
    }
}
