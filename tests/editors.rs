//! The grammars for editors are what the table of keywords makes of them, and
//! read every sample. `UPDATE_EXPECT=1` writes them anew.
#![allow(clippy::disallowed_methods, reason = "grammars and samples are files")]

#[path = "support/document.rs"]
#[allow(dead_code, reason = "each test takes what it needs")]
mod document;
#[path = "support/editors/mod.rs"]
mod editors;
#[path = "support/grammar/mod.rs"]
mod grammar;

use document::{Piece, pieces, read};
use editors::{grammar_js, grammar_json, highlights, matches, textmate};
use grammar::{Word, places};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use throng::lang;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/editors")
}

const PACKAGE: &str = r#"{
  "name": "tree-sitter-who",
  "version": "0.1.0",
  "description": "WhoQL, the language of Throng",
  "license": "MIT OR Apache-2.0",
  "private": true
}
"#;

const CONFIGURATION: &str = r#"{
  "grammars": [
    {
      "name": "who",
      "scope": "source.who",
      "file-types": ["who"],
      "highlights": "queries/highlights.scm"
    }
  ],
  "metadata": { "version": "0.1.0", "license": "MIT OR Apache-2.0" }
}
"#;

/// Every file, and what is in it.
fn files() -> Vec<(&'static str, String)> {
    vec![
        ("who.tmLanguage.json", textmate()),
        ("tree-sitter-who/grammar.js", grammar_js()),
        ("tree-sitter-who/package.json", PACKAGE.to_owned()),
        ("tree-sitter-who/tree-sitter.json", CONFIGURATION.to_owned()),
        ("tree-sitter-who/queries/highlights.scm", highlights()),
    ]
}

#[test]
fn the_files_are_those_that_the_table_makes() {
    for (name, now) in files() {
        let path = root().join(name);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, now).unwrap();
            continue;
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(written == now, "{name} is old: UPDATE_EXPECT=1 cargo test --test editors");
    }
}

/// Every accepted sample, and every block of the manual that is right.
fn texts() -> Vec<String> {
    let samples = fs::read_dir(root().join("../accept")).unwrap();
    let samples = samples.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    let mut texts: Vec<String> = samples
        .flat_map(|text| text.split("\n\n").map(str::to_owned).collect::<Vec<_>>())
        .filter_map(|case| Some(case.split_once("\n----")?.0.to_owned()))
        .collect();
    for name in ["docs/language.md", "docs/semantics.md", "docs/json.md"] {
        texts.extend(pieces(&read(name)).into_iter().filter_map(|piece| match piece {
            Piece::Block("who", text) if lang::parse(&text).diagnostics.is_empty() => Some(text),
            _ => None,
        }));
    }
    texts
}

/// The scope that a word must have, by how it begins.
fn expected(word: &Word) -> &'static [&'static str] {
    match word {
        Word::Text => &["string.quoted", "entity.name"],
        Word::Ticked => &["variable.other.quoted", "entity.name"],
        Word::Number(_) | Word::Percent | Word::Short => &["constant.numeric"],
        Word::Date | Word::Timestamp => &["constant.other.date"],
        Word::Parameter => &["variable.parameter"],
        Word::Regex => &["string.regexp"],
        Word::Sign(sign) if "()[],;:.".contains(&**sign) => &["punctuation", ""],
        Word::Sign(_) => &["keyword.operator"],
        Word::Bare(_, true) => &["variable.other.property"],
        Word::Bare(word, false) if lang::keywords().contains(&&*word.to_lowercase()) => {
            &["keyword", "constant.language", "storage.type", "entity.name"]
        }
        Word::Bare(..) => &["variable.other", "support.function", "entity.name"],
    }
}

#[test]
fn every_word_of_every_sample_has_its_scope() {
    let grammar: serde_json::Value = serde_json::from_str(&textmate()).unwrap();
    let mut n_words = 0;
    for text in texts() {
        let scopes = matches(&grammar, &text);
        for (word, start, end) in places(&text) {
            let of = scopes.iter().filter(|(from, to, _)| *from <= start && end <= *to);
            let found: Vec<&str> = of.map(|(.., scope)| scope.as_str()).collect();
            let right = expected(&word).iter().any(|wanted| match *wanted {
                "" => true,
                wanted => found.iter().any(|scope| scope.starts_with(wanted)),
            });
            assert!(right, "{text}\n{word:?} at {start} has {found:?}");
            n_words += 1;
        }
    }
    assert!(n_words > 3_000, "{n_words}");
}

#[test]
fn every_keyword_is_in_both_grammars() {
    let (textmate, tree_sitter) = (textmate(), grammar_json());
    for keyword in lang::keywords() {
        let any_case: String = keyword
            .chars()
            .map(|c| match c.is_ascii_alphabetic() {
                true => format!("[{c}{}]", c.to_ascii_uppercase()),
                false => c.to_string(),
            })
            .collect();
        let listed = ["(?:", "|"].iter().any(|before| {
            ["|", ")"].iter().any(|behind| textmate.contains(&format!("{before}{keyword}{behind}")))
        });
        assert!(listed && tree_sitter.contains(&any_case), "{keyword}");
    }
}

/// The program that makes a parser of the grammar, if it is there.
fn tree_sitter() -> Option<PathBuf> {
    let named = std::env::var_os("TREE_SITTER").map(PathBuf::from);
    let path = std::env::var_os("PATH")?;
    let on_path = || {
        std::env::split_paths(&path).map(|at| at.join("tree-sitter")).find(|file| file.is_file())
    };
    named.or_else(on_path)
}

#[test]
fn tree_sitter_reads_every_sample() {
    let directory = match std::env::var_os("THRONG_EDITORS_KEEP") {
        Some(kept) => PathBuf::from(kept),
        None => std::env::temp_dir().join(format!("throng-editors-{}", std::process::id())),
    };
    fs::create_dir_all(directory.join("queries")).unwrap();
    for (name, now) in files() {
        if let Some(name) = name.strip_prefix("tree-sitter-who/") {
            fs::write(directory.join(name), now).unwrap();
        }
    }
    fs::write(directory.join("grammar.json"), grammar_json()).unwrap();
    let texts = texts();
    for (place, text) in texts.iter().enumerate() {
        fs::write(directory.join(format!("{place}.who")), text).unwrap();
    }
    let Some(program) = tree_sitter() else {
        println!("skipped: there is no `tree-sitter`; `cargo install tree-sitter-cli` makes one");
        if std::env::var_os("THRONG_EDITORS_KEEP").is_none() {
            fs::remove_dir_all(&directory).unwrap();
        }
        return;
    };
    let run = |arguments: &[&str]| {
        let done = Command::new(&program).args(arguments).current_dir(&directory).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{arguments:?}: {said}");
    };
    run(&["generate", "grammar.json"]);
    run(&["parse", "--quiet", "*.who"]);
    fs::remove_dir_all(&directory).unwrap();
}
