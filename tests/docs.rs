//! The blocks of the documents are run: the language's against a small shop,
//! those of the semantics against the histories among them, the shell's against
//! the built program; `tests/format.rs` has those that show bytes. `UPDATE_EXPECT=1` rewrites the
//! answers, and a person reads the difference.
#![allow(clippy::disallowed_methods, reason = "documents are files")]

#[path = "support/document.rs"]
mod document;

use document::{Piece, compare, pieces, read};
use std::fs;
use std::path::Path;
use std::process::Command;
use throng::play::Play;

/// A database of its own, whose clock is given.
fn on_stage() -> Play {
    Play::new(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The document as it should be: the answer below each question as it is now.
fn answered(document: &str) -> String {
    let mut play = on_stage();
    play.receive(&read("examples/shop.ndjson"), "2026-03-10T12:00:00Z".parse().unwrap());
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

/// The same where the document brings its own histories, a database from
/// heading to heading: calls in a block that begins with when they come in.
fn told(document: &str) -> String {
    let mut play = on_stage();
    let (mut out, mut answer) = (String::new(), String::new());
    for piece in pieces(document) {
        match piece {
            Piece::Prose(line) => {
                if line.starts_with('#') {
                    play = on_stage();
                }
                out += &format!("{line}\n");
            }
            Piece::Block("text", _) => out += &format!("```text\n{answer}```\n"),
            Piece::Block(kind, text) => {
                answer = match text.strip_prefix("// at ").and_then(|text| text.split_once('\n')) {
                    Some((at, calls)) if kind == "json" => play.receive(calls, at.parse().unwrap()),
                    _ => play.answers(&text),
                };
                out += &format!("```{kind}\n{text}```\n");
            }
        }
    }
    out
}

#[test]
fn the_histories_of_the_semantics_end_as_they_are_told() {
    let written = read("docs/semantics.md");
    let is_history = |piece: &Piece<'_>| matches!(piece, Piece::Block("json", _));
    assert!(pieces(&written).iter().filter(|piece| is_history(piece)).count() >= 8);
    compare("docs/semantics.md", &told(&written));
}

#[test]
fn the_manual_of_the_language_gives_the_answers_it_shows() {
    compare("docs/language.md", &answered(&read("docs/language.md")));
}

#[test]
fn the_page_on_sql_gives_the_answers_it_shows() {
    compare("docs/sql.md", &answered(&read("docs/sql.md")));
}

#[test]
fn each_question_of_the_manuals_has_its_answer_below() {
    for name in ["docs/language.md", "docs/semantics.md"] {
        each_question_is_answered(&read(name));
    }
}

fn each_question_is_answered(document: &str) {
    let kinds: Vec<&str> = pieces(document)
        .iter()
        .filter_map(|piece| match piece {
            Piece::Block(kind, _) => Some(*kind),
            Piece::Prose(_) => None,
        })
        .collect();
    for pair in kinds.windows(2) {
        assert_eq!(matches!(pair[0], "who" | "json"), pair[1] == "text", "{pair:?}");
    }
}

/// A directory with the examples in it, and how a shell is begun there.
#[cfg(all(feature = "shell", feature = "server", unix))]
fn begin_there() -> (tempfile::TempDir, impl Fn(&Path, &str) -> Command) {
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
    let begin = move |directory: &Path, text: &str| {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(text).current_dir(directory).env("PATH", &path);
        shell.stdin(std::process::Stdio::null());
        shell
    };
    (directory, begin)
}

/// A document that makes files, in blocks that are called by their names, and
/// runs commands over them.
#[cfg(all(feature = "shell", feature = "server", unix))]
fn walked(document: &str) -> String {
    let (directory, begin) = begin_there();
    let (mut out, mut answer) = (String::new(), String::new());
    for piece in pieces(document) {
        match piece {
            Piece::Prose(line) => out += &format!("{line}\n"),
            Piece::Block("text", _) => out += &format!("```text\n{answer}```\n"),
            Piece::Block(kind, text) => {
                if let Some((_, name)) = kind.split_once(' ') {
                    let path = directory.path().join(name);
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, &text).unwrap();
                } else {
                    assert_eq!(kind, "sh");
                    let done = begin(directory.path(), &text).output().unwrap();
                    let said = [done.stdout, done.stderr].map(|it| String::from_utf8(it).unwrap());
                    answer =
                        said.concat().lines().map(|it| format!("{}\n", it.trim_end())).collect();
                }
                out += &format!("```{kind}\n{text}```\n");
            }
        }
    }
    out
}

#[test]
#[cfg(all(feature = "shell", feature = "server", unix))]
fn the_manual_of_reviewed_text_works_as_it_is_shown() {
    compare("docs/review.md", &walked(&read("docs/review.md")));
}

/// Runs the shell's blocks of a document that call the program, where its
/// examples are, and fails with what the shell says.
#[cfg(all(feature = "shell", feature = "server", unix))]
fn run_shell_blocks(name: &str) -> usize {
    let (directory, begin) = begin_there();
    let document = read(name);
    let mut n_run = 0;
    for piece in pieces(&document) {
        let Piece::Block("sh", text) = piece else { continue };
        if !text.lines().all(|line| line.starts_with("throng ")) {
            continue;
        }
        let done = begin(directory.path(), &format!("set -e\n{text}")).output().unwrap();
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
    assert_eq!(run_shell_blocks("docs/language.md"), 2);
}

#[test]
#[cfg(all(feature = "shell", feature = "server", feature = "lake", unix))]
fn the_export_of_the_page_on_sql_runs() {
    assert_eq!(run_shell_blocks("docs/sql.md"), 1);
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
