//! What may stand where somebody writes.

use super::super::suggest::{self, Sort, suggestions};
use super::ask::Known;
use super::document::Document;
use crate::lang::print_name;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Kinds of completions, as editors number them.
const KEYWORD: u8 = 14;
const EVENT: u8 = 23;
const FIELD: u8 = 5;
const CLASS: u8 = 7;

/// The completions at a byte.
pub(super) fn completions(document: &Document, byte: usize, known: &Known) -> Vec<Value> {
    let before = &document.text[..byte];
    let start = start_of_word(before);
    let word = &before[start..];
    if let Some((owner, _)) = word.rsplit_once('.') {
        let properties = known.properties(owner.trim_matches(['"', '`'])).into_iter();
        let found = properties.map(|name| (print_name(&name), (FIELD, "property"))).collect();
        let at = start + owner.len() + 1;
        return items(document, at, byte, found);
    }
    let found = suggestions(&document.text[..byte], start, known);
    let found = found.into_iter().map(|(name, sort)| (name, shown(sort))).collect();
    items(document, start, byte, found)
}

/// A suggestion as editors number them, and in a word.
fn shown(sort: Sort) -> (u8, &'static str) {
    match sort {
        Sort::Event => (EVENT, "event"),
        Sort::Property => (FIELD, "property"),
        Sort::Value(what) => (FIELD, what),
        Sort::Defined(what) => (CLASS, what),
        Sort::Word => (KEYWORD, "word"),
    }
}

impl suggest::Known for Known {
    fn names(&self, question: &str) -> Vec<String> {
        Known::names(self, question)
    }

    fn properties(&self, event: &str) -> Vec<String> {
        Known::properties(self, event)
    }

    fn texts(&self, statements: &str) -> Vec<String> {
        Known::texts(self, statements)
    }
}

/// Where the word before the cursor begins; in quotes it begins at the quote.
fn start_of_word(before: &str) -> usize {
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    if before[line..].matches('"').count() % 2 == 1 {
        return before.rfind('"').unwrap_or(line);
    }
    let is_part = |letter: char| letter.is_alphanumeric() || "_.\"`$".contains(letter);
    let begin = before.char_indices().rev().take_while(|(_, letter)| is_part(*letter)).last();
    begin.map_or(before.len(), |(at, _)| at)
}

fn items(
    document: &Document,
    from: usize,
    to: usize,
    found: BTreeMap<String, (u8, &str)>,
) -> Vec<Value> {
    let range = json!({ "start": document.place(from), "end": document.place(to) });
    let wanted = document.text[from..to].trim_start_matches(['"', '`']).to_lowercase();
    let begins =
        |name: &String| name.trim_start_matches(['"', '`']).to_lowercase().starts_with(&wanted);
    let item = |(label, (kind, detail)): (String, (u8, &str))| {
        // Names come before words of the language.
        let rank = if kind == KEYWORD { "1" } else { "0" };
        json!({
            "label": label, "kind": kind, "detail": detail,
            "sortText": format!("{rank}{label}"),
            "textEdit": { "range": range, "newText": label },
        })
    };
    found.into_iter().filter(|(label, _)| begins(label)).map(item).collect()
}
