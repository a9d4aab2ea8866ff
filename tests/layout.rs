//! `throng fmt` and the layout behind it: settled, without loss, and one file at a time.
#![cfg(all(feature = "shell", feature = "server"))]
#![allow(clippy::disallowed_methods, reason = "a test reads and writes what is its own")]

#[path = "support/command.rs"]
mod command;
#[path = "support/document.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod document;

use command::{out, piped, problem};
use document::{Piece, pieces, read};
use std::fs;
use std::path::Path;
use throng::lang;

/// Every text of the samples, the manuals and the examples that has no errors.
fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let samples = fs::read_dir(root.join("grammar/accept")).unwrap();
    let samples = samples.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let mut texts: Vec<String> = samples
        .flat_map(|text| text.split("\n\n").map(str::to_owned).collect::<Vec<_>>())
        .filter_map(|case| Some(case.split_once("\n----")?.0.to_owned()))
        .collect();
    for name in ["docs/language.md", "docs/semantics.md", "README.md"] {
        texts.extend(pieces(&read(name)).into_iter().filter_map(|piece| match piece {
            Piece::Block("who", text) => Some(text),
            _ => None,
        }));
    }
    texts.push(read("benches/replay/twenty.who"));
    texts.retain(|text| lang::parse(text).diagnostics.is_empty());
    texts
}

fn printed(text: &str) -> Vec<String> {
    lang::parse(text).statements.iter().map(lang::print).collect()
}

#[test]
fn every_sample_and_block_of_the_manuals_is_laid_out_without_loss() {
    let texts = texts();
    assert!(texts.len() > 120, "{}", texts.len());
    for text in texts {
        let laid = lang::format(&text).unwrap();
        assert_eq!(printed(&laid), printed(&text), "{text}");
        assert_eq!(lang::format(&laid).unwrap(), laid, "{text}");
        assert_eq!(laid.matches("--").count(), text.matches("--").count(), "{text}\n{laid}");
    }
}

const CROOKED: &str = "-- Buyers.\ncreate audience a is people did order in last 30d -- lately\n;";
const STRAIGHT: &str =
    "-- Buyers.\ncreate audience a is\n  people who did order in last 30 days; -- lately\n";

#[test]
fn files_are_laid_out_in_place_and_one_with_errors_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(home.path().join(name), text).unwrap();
    let file = |name: &str| fs::read_to_string(home.path().join(name)).unwrap();
    write("crooked.who", CROOKED);
    write("straight.who", STRAIGHT);
    write("wrong.who", "count  people a =");
    let files = ["crooked.who", "wrong.who", "straight.who"];
    let check = piped(home.path(), &["fmt", "--check", files[0], files[2]], "");
    assert_eq!((check.status.code(), &*out(&check)), (Some(1), "crooked.who\n"));
    assert_eq!(file("crooked.who"), CROOKED);
    let done = piped(home.path(), &[&["fmt"], &files[..]].concat(), "");
    assert_eq!((done.status.code(), &*out(&done)), (Some(2), ""));
    assert!(problem(&done).contains("--> wrong.who:1:18"), "{}", problem(&done));
    assert_eq!(file("crooked.who"), STRAIGHT);
    assert_eq!(file("wrong.who"), "count  people a =");
    let check = piped(home.path(), &["fmt", "--check", files[0], files[2]], "");
    assert_eq!((check.status.code(), &*out(&check)), (Some(0), ""));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 3, "nothing is left beside");
    let missing = piped(home.path(), &["fmt", "missing.who"], "");
    assert_eq!(missing.status.code(), Some(1));
    assert!(problem(&missing).contains("there is no such file"), "{}", problem(&missing));
}

#[test]
fn standard_input_is_laid_out_on_standard_output() {
    let home = tempfile::tempdir().unwrap();
    for arguments in [&["fmt"][..], &["fmt", "-"]] {
        let done = piped(home.path(), arguments, CROOKED);
        assert_eq!((done.status.code(), &*out(&done)), (Some(0), STRAIGHT));
    }
    let check = piped(home.path(), &["fmt", "--check"], CROOKED);
    assert_eq!((check.status.code(), &*out(&check)), (Some(1), "standard input\n"));
    let wrong = piped(home.path(), &["fmt"], "count people a =");
    assert_eq!((wrong.status.code(), &*out(&wrong)), (Some(2), ""));
}

#[test]
#[cfg(unix)]
fn a_link_stays_one_and_rights_stay_as_they_are() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let (real, link) = (home.path().join("real.who"), home.path().join("link.who"));
    fs::write(&real, CROOKED).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    assert!(piped(home.path(), &["fmt", "link.who"], "").status.success());
    assert_eq!(fs::read_to_string(&real).unwrap(), STRAIGHT);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn statements_become_json_and_come_back() {
    let home = tempfile::tempdir().unwrap();
    let forms = piped(home.path(), &["fmt", "--json"], STRAIGHT);
    assert!(forms.status.success(), "{}", problem(&forms));
    let list: serde_json::Value = serde_json::from_str(&out(&forms)).unwrap();
    assert_eq!(list[0]["comments"][0], "Buyers.");
    let back = piped(home.path(), &["fmt", "--from-json"], &out(&forms));
    assert_eq!(out(&back), STRAIGHT.replace(" -- lately", ""));
    let wrong = piped(home.path(), &["fmt", "--from-json"], r#"[{"verify":"a"},{"verify":1}]"#);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        problem(&wrong).contains("form 2: at `/verify`: a text is needed"),
        "{}",
        problem(&wrong)
    );
}

/// Every sample and block has a form, and comes back from it.
#[test]
fn every_sample_comes_back_from_its_json_form() {
    for statement in texts().iter().flat_map(|text| lang::parse(text).statements) {
        let form = lang::json::to_json(&statement);
        let back = lang::json::from_json(&form).unwrap_or_else(|wrong| panic!("{form}: {wrong}"));
        assert_eq!(lang::print(&back), lang::print(&statement));
    }
}

/// Each form of the page stands above the text that it is the form of.
#[test]
fn the_forms_of_the_page_are_those_of_its_texts() {
    let page = read("docs/json.md");
    let pieces = pieces(&page);
    let mut blocks = pieces.iter().filter_map(|piece| match piece {
        Piece::Block(kind, text) => Some((*kind, text)),
        Piece::Prose(_) => None,
    });
    let mut n_pairs = 0;
    while let Some((kind, form)) = blocks.next() {
        if kind != "json" {
            continue;
        }
        let Some(("who", text)) = blocks.next() else { panic!("{form} has no text below") };
        let form: serde_json::Value = serde_json::from_str(form).unwrap();
        let statement = lang::json::from_json(&form).unwrap_or_else(|wrong| panic!("{wrong}"));
        assert_eq!(lang::print(&statement), text.trim_end());
        let own = lang::json::to_json(&statement);
        assert_eq!(own, form, "{own:#}");
        n_pairs += 1;
    }
    assert!(n_pairs > 4, "{n_pairs} pairs of blocks");
}
