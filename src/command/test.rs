//! `throng test`: scripts are played, and what is seen is what they say.

use super::arguments::Test;
use super::failure::Failure;
use super::format::replace;
use super::print::{self, counted};
use crate::play::Script;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What was seen in all of them.
#[derive(Default)]
struct Tally {
    n_scripts: u64,
    n_sections: u64,
    n_wrong: u64,
    n_written: u64,
}

/// Plays every script; fails if one comes otherwise.
pub(super) fn run(asked: &Test) -> Result<ExitCode, Failure> {
    let files = scripts(&asked.files)?;
    let mut out = print::out();
    let mut tally = Tally::default();
    for file in &files {
        play(file, asked.update, &mut tally, &mut out)?;
    }
    writeln!(out, "{}", said(&tally, asked.update))?;
    out.flush()?;
    Ok(ExitCode::from(u8::from(tally.n_wrong > 0)))
}

fn play(file: &Path, update: bool, tally: &mut Tally, out: &mut dyn Write) -> Result<(), Failure> {
    let text = Failure::text_of(file)?;
    let script = Script::play(&text, file.parent().unwrap_or(Path::new(".")))?;
    tally.n_scripts += 1;
    tally.n_sections += script.sections.len() as u64;
    if update {
        // What failed is seen as well; nobody should take it for what they wanted.
        for section in script.wrong() {
            for error in section.seen.lines().filter(|line| line.starts_with("error")) {
                writeln!(out, "{}:{}: writes {error}", file.display(), section.line)?;
            }
        }
        let now = script.now();
        if now != text {
            tally.n_written += 1;
            replace(file, &now).map_err(|error| Failure::at(file.display(), error))?;
        }
        return Ok(());
    }
    for section in script.wrong() {
        tally.n_wrong += 1;
        writeln!(out, "{}:{}: something else is seen", file.display(), section.line)?;
        writeln!(out, "{}", section.difference())?;
    }
    Ok(())
}

fn said(tally: &Tally, update: bool) -> String {
    let scripts = counted(tally.n_scripts, "script", "scripts");
    let played = format!("{scripts}, {}", counted(tally.n_sections, "section", "sections"));
    match (update, tally.n_wrong) {
        (true, _) => format!("{played}: wrote {}", counted(tally.n_written, "file", "files")),
        (false, 0) => format!("{played}: all as they are written"),
        (false, n) => {
            format!("{played}: {n} otherwise; `--update` writes what is seen into the scripts")
        }
    }
}

/// The scripts that are named, and those of directories that are named.
fn scripts(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let failed = |error: io::Error| Failure::at(path.display(), error);
        let mut below = Vec::new();
        for entry in fs::read_dir(path).map_err(failed)? {
            below.push(entry.map_err(failed)?.path());
        }
        below.sort();
        let is_script = |path: &PathBuf| path.extension().is_some_and(|end| end == "txt");
        let n_before = files.len();
        files.extend(below.into_iter().filter(is_script));
        if files.len() == n_before {
            return Err(Failure::at(path.display(), "no script is here; they end in `.txt`"));
        }
    }
    Ok(files)
}
