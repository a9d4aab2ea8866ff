//! The blocks of the documents are run: the language's against a small shop,
//! the shell's against the built program. `UPDATE_EXPECT=1` rewrites the
//! answers, and a person reads the difference.
#![allow(clippy::disallowed_methods, reason = "documents are files")]

#[path = "support/play.rs"]
mod play;

use play::Play;
use std::fs;
use std::path::Path;
use std::process::Command;

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// A piece of a document.
enum Piece<'a> {
    /// Anything but a block.
    Prose(&'a str),
    /// A block: what it is, and its lines.
    Block(&'a str, String),
}

fn pieces(document: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut lines) = (Vec::new(), document.lines());
    while let Some(line) = lines.next() {
        match line.strip_prefix("```") {
            None => pieces.push(Piece::Prose(line)),
            Some(kind) => {
                let inside = lines.by_ref().take_while(|line| *line != "```");
                let inside = inside.map(|line| format!("{line}\n")).collect();
                pieces.push(Piece::Block(kind, inside));
            }
        }
    }
    pieces
}

/// The document as it should be: the answer below each question as it is now.
fn answered(document: &str) -> String {
    let mut play = Play::new();
    play.import(&read("examples/shop.ndjson"), "2026-03-10T12:00:00Z");
    let (mut out, mut answer) = (String::new(), String::new());
    for piece in pieces(document) {
        match piece {
            Piece::Prose(line) => out += &format!("{line}\n"),
            Piece::Block("who", text) => {
                answer = play.answers(&text);
                out += &format!("```who\n{text}```\n");
            }
            Piece::Block("text", _) => out += &format!("```text\n{answer}```\n"),
            Piece::Block(kind, text) => out += &format!("```{kind}\n{text}```\n"),
        }
    }
    out
}

#[test]
fn the_manual_of_the_language_gives_the_answers_it_shows() {
    let written = read("docs/language.md");
    let now = answered(&written);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language.md");
        return fs::write(path, now).unwrap();
    }
    for (written, now) in written.lines().zip(now.lines()) {
        assert_eq!(written, now);
    }
    assert_eq!(written.len(), now.len());
}

#[test]
fn each_question_of_the_manual_has_its_answer_below() {
    let document = read("docs/language.md");
    let kinds: Vec<&str> = pieces(&document)
        .iter()
        .filter_map(|piece| match piece {
            Piece::Block(kind, _) => Some(*kind),
            Piece::Prose(_) => None,
        })
        .collect();
    for pair in kinds.windows(2) {
        assert_eq!(pair[0] == "who", pair[1] == "text", "{pair:?}");
    }
}

/// Runs the shell's blocks of a document that call the program, where its
/// examples are, and fails with what the shell says.
#[cfg(all(feature = "shell", feature = "server", unix))]
fn run_shell_blocks(name: &str) -> usize {
    let directory = tempfile::tempdir().unwrap();
    let examples = directory.path().join("examples");
    fs::create_dir(&examples).unwrap();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            fs::copy(entry.path(), examples.join(entry.file_name())).unwrap();
        }
    }
    let program = Path::new(env!("CARGO_BIN_EXE_throng")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let document = read(name);
    let mut n_run = 0;
    for piece in pieces(&document) {
        let Piece::Block("sh", text) = piece else { continue };
        if !text.lines().all(|line| line.starts_with("throng ")) {
            continue;
        }
        let mut shell = Command::new("sh");
        shell.arg("-ec").arg(&text).current_dir(directory.path()).env("PATH", &path);
        let done = shell.output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{name}:\n{text}\n{said}");
        n_run += 1;
    }
    n_run
}

#[test]
#[cfg(all(feature = "shell", feature = "server", unix))]
fn the_first_steps_of_the_readme_run() {
    assert_eq!(run_shell_blocks("README.md"), 1);
}

#[test]
#[cfg(all(feature = "shell", feature = "server", unix))]
fn the_first_question_of_the_manual_runs() {
    assert_eq!(run_shell_blocks("docs/language.md"), 1);
}

#[test]
fn links_of_the_documents_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let pages = pages.filter(|path| path.extension().is_some_and(|end| end == "md"));
    let mut wrong = Vec::new();
    for page in pages.chain([root.join("README.md"), root.join("CONTRIBUTING.md")]) {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty()
                && !file.contains("://")
                && !page.parent().unwrap().join(file).exists()
            {
                wrong.push(format!("{} links to {link}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
