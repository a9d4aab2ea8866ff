//! The grammar file is the grammar: what the parser accepts it accepts, every
//! production has a sample, and every code of a diagnostic has one.
#![allow(clippy::disallowed_methods, reason = "samples are files")]

#[path = "support/grammar/mod.rs"]
mod grammar;

use grammar::Grammar;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use throng::lang::{self, Code};

fn texts(folder: &str, end: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let paths = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|found| found == end));
    paths.map(|path| (path.display().to_string(), fs::read_to_string(path).unwrap())).collect()
}

/// The accepted samples; those with values given beside them are another text then.
fn accepted() -> Vec<String> {
    let files = texts("grammar/accept", "who");
    let cases = files.iter().flat_map(|(_, text)| text.trim_end().split("\n\n"));
    let cases = cases.filter_map(|case| Some(case.split_once("\n----")?.0.to_owned()));
    cases.filter(|text| !text.contains("-- --param")).collect()
}

#[test]
fn every_accepted_sample_is_a_program_of_the_grammar_and_every_production_has_one() {
    let grammar = Grammar::read();
    let (mut used, mut wrong) = (BTreeSet::new(), Vec::new());
    for text in accepted() {
        match grammar.used("program", &text) {
            Some(productions) => used.extend(productions),
            None => wrong.push(text),
        }
    }
    assert!(wrong.is_empty(), "the grammar file has no place for\n{}", wrong.join("\n\n"));
    let missing: Vec<&String> = grammar.names.iter().filter(|name| !used.contains(*name)).collect();
    assert!(missing.is_empty(), "no accepted sample uses {missing:?}");
}

/// The productions that the parser's functions say they read, above themselves.
fn said_by_the_parser() -> Vec<String> {
    let files = texts("src/lang/parser", "rs");
    let lines = files.iter().flat_map(|(_, text)| text.lines());
    let said = lines.filter_map(|line| line.strip_prefix("// ")?.split_once(" = "));
    let is_name = |name: &&str| name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    said.map(|(name, _)| name).filter(is_name).map(str::to_owned).collect()
}

#[test]
fn a_function_of_the_parser_reads_no_production_that_the_file_has_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = fs::read_to_string(root.join("grammar/whoql.ebnf")).unwrap();
    let said = said_by_the_parser();
    assert!(said.len() > 60, "{said:?}");
    let begins = |name: &str| {
        file.lines().any(|line| line.split_once('=').is_some_and(|(it, _)| it.trim() == name))
    };
    let unknown: Vec<&String> = said.iter().filter(|name| !begins(name)).collect();
    assert!(unknown.is_empty(), "the grammar file has no {unknown:?}");
}

#[test]
fn every_production_can_stand_in_a_program() {
    let grammar = Grammar::read();
    let inside = grammar.inside("program");
    let lonely: Vec<&String> =
        grammar.names.iter().filter(|name| !inside.contains(*name)).collect();
    assert!(lonely.is_empty(), "{lonely:?}");
}

#[test]
fn what_is_refused_for_its_words_is_no_program_of_the_grammar() {
    let grammar = Grammar::read();
    let mut n_checked = 0;
    for (file, text) in texts("grammar/reject", "who") {
        for case in text.trim_end().split("\n\n") {
            let Some((text, told)) = case.split_once("\n----") else { continue };
            // Other codes are of what the grammar leaves to later checks.
            let syntactic = told.lines().filter(|line| line.starts_with("error[")).count() == 1
                && told.contains("error[E0001]")
                && text.is_ascii()
                && !text.contains(['\'', '#', '%', '&', '!', '|', '{', '$']);
            if syntactic && !LEFT.iter().any(|left| told.contains(left)) {
                assert_eq!(grammar.used("program", text), None, "{file}: {text}");
                n_checked += 1;
            }
        }
    }
    assert!(n_checked > 30, "{n_checked}");
}

/// What the grammar leaves to later checks, with the code of a syntax error all the same.
const LEFT: [&str; 3] =
    ["is given twice", "a name has at most", "expected a length of time like `90 days`"];

/// Codes of texts too long for a sample: the last test raises those.
const WITHOUT_SAMPLE: [&str; 2] = ["E0013", "E0019"];

#[test]
fn every_code_has_a_sample() {
    let mut told = String::new();
    for (folder, end) in [("grammar/reject", "who"), ("tests/scripts", "txt"), ("docs", "md")] {
        texts(folder, end).iter().for_each(|(_, text)| told += text);
    }
    let missing: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| !told.contains(&format!("[{code}]")) && !WITHOUT_SAMPLE.contains(code))
        .collect();
    assert!(missing.is_empty(), "no sample shows {missing:?}");
}

#[test]
fn every_code_is_explained_at_length() {
    for code in Code::ALL {
        let text = lang::explanation(code.as_str()).unwrap();
        assert!(text.len() > 60 && text.ends_with('.'), "{code}: {text}");
    }
}

#[test]
fn codes_of_long_texts_are_raised_by_them() {
    let code = |text: &str| lang::parse(text).diagnostics.last().unwrap().code.as_str();
    assert_eq!(code(&" ".repeat(2 << 20)), "E0013");
    assert_eq!(code(&format!("count people {}x = 1", "(a = ) and ".repeat(150))), "E0019");
}
