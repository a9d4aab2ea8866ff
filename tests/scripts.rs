//! The scripts that read as a manual: a file tells one idea, in sections of
//! lines, `----` and what is seen. `UPDATE_EXPECT=1` rewrites what follows
//! `----`, and a person reads the difference.
#![allow(clippy::disallowed_methods, reason = "scripts are files")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use throng::lang;
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

/// The statements of a text as they are laid out, without the remarks on them.
fn statements(text: &str) -> Vec<String> {
    let parsed = lang::parse(text);
    let printed = parsed.statements.iter().map(lang::print);
    let bare = |text: String| -> String {
        text.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n")
    };
    printed.map(bare).collect()
}

#[test]
fn each_of_the_forty_queries_is_asked_by_a_script() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/accept/forty.who");
    let forty = fs::read_to_string(path).unwrap();
    let cases = forty.split("\n\n").filter_map(|case| Some(case.split_once("\n----")?.0));
    let forty: Vec<String> = cases.flat_map(statements).collect();
    assert!(forty.len() >= 60, "the forty queries are {} statements", forty.len());
    let written = scripts().into_iter().map(|path| fs::read_to_string(path).unwrap());
    let sections = written.flat_map(|written| Script::read(&written).sections);
    let asked: BTreeSet<String> = sections
        .flat_map(|section| section.programs())
        .flat_map(|program| statements(&program))
        .collect();
    let silent: Vec<&String> = forty.iter().filter(|it| !asked.contains(*it)).collect();
    let n = silent.len();
    let silent = silent.into_iter().map(String::as_str).collect::<Vec<_>>().join("\n\n");
    assert_eq!(n, 0, "no script asks\n{silent}");
}
