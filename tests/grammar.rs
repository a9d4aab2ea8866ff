//! The samples beside the grammar: what is accepted and how it is laid out, what
//! is refused and how that is drawn. `UPDATE_EXPECT=1` rewrites what follows
//! `----`, and a person reads the difference.
#![allow(clippy::disallowed_methods, reason = "samples are files")]

use std::fs;
use std::path::{Path, PathBuf};
use throng::lang::{self, Param, Params};

/// The samples of a folder: each file a list of cases, parted by empty lines.
fn samples(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar").join(folder);
    let entries = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|end| end == "who")).collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// Holds every case to what `answer` gives for the text above its `----`.
fn check(folder: &str, answer: impl Fn(&str) -> String) {
    let mut wrong = Vec::new();
    for path in samples(folder) {
        let written = fs::read_to_string(&path).unwrap();
        let cases: Vec<&str> = written.trim_end().split("\n\n").collect();
        let expected: Vec<String> = cases.iter().map(|case| answered(case, &answer)).collect();
        let rewritten = expected.join("\n\n") + "\n";
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, rewritten).unwrap();
            continue;
        }
        let different = cases.iter().zip(&expected).filter(|(case, now)| case.trim_end() != **now);
        wrong.extend(different.map(|(case, now)| {
            format!("{}\n--- written\n{case}\n--- now\n{now}\n", path.display())
        }));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The case with its answer; what has no `----` is a heading.
fn answered(case: &str, answer: impl Fn(&str) -> String) -> String {
    match case.split_once("\n----") {
        Some((text, _)) => format!("{text}\n----\n{}", answer(text).trim_end()),
        None => case.to_owned(),
    }
}

/// The values that a case gives in comments: `-- --param name=value`.
fn params(text: &str) -> Params {
    let given = text.lines().filter_map(|line| line.split_once("-- --param ")?.1.split_once('='));
    let read = |params: Params, (name, value)| params.with(name, Param::read(value).unwrap());
    given.fold(Params::new(), read)
}

fn pictures(text: &str, parsed: &lang::Parsed) -> String {
    parsed.diagnostics.iter().map(|diagnostic| diagnostic.render(text, None)).collect()
}

fn printed(parsed: &lang::Parsed) -> String {
    parsed.statements.iter().map(lang::print).collect::<Vec<_>>().join(";\n")
}

#[test]
fn accepted_samples_have_one_canonical_layout() {
    check("accept", |text| {
        let parsed = lang::parse_with(text, &params(text));
        if !parsed.diagnostics.is_empty() {
            return format!("REFUSED\n{}", pictures(text, &parsed));
        }
        let canonical = printed(&parsed);
        let again = printed(&lang::parse(&canonical));
        assert_eq!(again, canonical, "the layout of {text} is not settled");
        canonical
    });
}

#[test]
fn no_accepted_sample_is_refused() {
    for path in samples("accept") {
        let written = fs::read_to_string(&path).unwrap();
        assert!(!written.contains("REFUSED"), "{} holds a refusal", path.display());
    }
}

#[test]
fn refused_samples_are_drawn_as_written() {
    check("reject", |text| {
        let parsed = lang::parse_with(text, &params(text));
        let accepted = if parsed.diagnostics.is_empty() { "ACCEPTED" } else { "" };
        format!("{accepted}{}", pictures(text, &parsed))
    });
}

#[test]
fn no_refused_sample_is_accepted() {
    for path in samples("reject") {
        let written = fs::read_to_string(&path).unwrap();
        assert!(!written.contains("ACCEPTED"), "{} holds an acceptance", path.display());
    }
}

/// The productions of the grammar file, by name, up to the lexical ones.
fn productions() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let grammar = fs::read_to_string(root.join("grammar/whoql.ebnf")).unwrap();
    let syntactic = grammar.split("(* Lexical *)").next().unwrap();
    let heads = syntactic.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    heads.filter_map(|line| line.split_once(" =")).map(|(name, _)| name.trim().to_owned()).collect()
}

fn parser() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lang/parser");
    let files = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn each_production_is_a_function_of_its_name() {
    let code = parser();
    // Months are looked up in a table, and a program is what the door reads.
    let elsewhere = ["month", "program"];
    let missing: Vec<String> = productions()
        .into_iter()
        .filter(|name| !elsewhere.contains(&name.as_str()))
        .filter(|name| {
            let function = name.replace('-', "_");
            ["(", "<", "_(", "_<"].iter().all(|end| !code.contains(&format!("fn {function}{end}")))
        })
        .collect();
    assert!(missing.is_empty(), "no function for {missing:?}");
}

#[test]
fn every_quoted_word_of_the_grammar_is_a_keyword() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let grammar = fs::read_to_string(root.join("grammar/whoql.ebnf")).unwrap();
    let syntactic = grammar.split("(* Lexical *)").next().unwrap();
    let quoted = syntactic.split('"').skip(1).step_by(2);
    let words =
        quoted.filter(|word| word.chars().all(|c| c.is_ascii_lowercase()) && !word.is_empty());
    let unknown: Vec<&str> = words.filter(|word| !lang::keywords().contains(word)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
