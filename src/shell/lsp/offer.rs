//! What may stand where somebody writes.

use super::ask::Known;
use super::document::Document;
use crate::lang::{offer, print_name};
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
    let mut found: BTreeMap<String, (u8, &str)> = BTreeMap::new();
    let mut add = |names: Vec<String>, kind: u8, what: &'static str| {
        for name in names {
            found.entry(print_name(&name)).or_insert((kind, what));
        }
    };
    if let Some((owner, _)) = word.rsplit_once('.') {
        add(known.properties(owner.trim_matches(['"', '`'])), FIELD, "property");
        let at = start + owner.len() + 1;
        return items(document, at, byte, found);
    }
    let may = offer(before, start);
    let may_be = |thing: &str| may.things.iter().any(|found| found.contains(thing));
    let named = named_kind(&before[..start]);
    if may_be("event") {
        add(known.names("show events"), EVENT, "event");
    }
    if may_be("a value") || may_be("a condition") {
        let event = event_around(&before[..start]);
        add(event.map(|event| known.properties(&event)).unwrap_or_default(), FIELD, "property");
        add(known.names("show attributes"), FIELD, "attribute");
        add(known.names("show traits"), FIELD, "trait");
    }
    if may_be("a name")
        && let Some((question, kind, what)) = named
    {
        add(known.names(question), kind, what);
    }
    for word in may.words {
        found.entry(word.to_owned()).or_insert((KEYWORD, "word"));
    }
    items(document, start, byte, found)
}

/// What a name behind the last word names.
fn named_kind(before: &str) -> Option<(&'static str, u8, &'static str)> {
    let last = before.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    match &*last {
        "audience" => Some(("show audiences", CLASS, "audience")),
        "trait" => Some(("show traits", FIELD, "trait")),
        "event" => Some(("show events", EVENT, "event")),
        "attribute" => Some(("show attributes", FIELD, "attribute")),
        "identifier" => Some(("show identifiers", FIELD, "identifier")),
        _ => None,
    }
}

/// The event whose `where ( )` or aggregate is open.
fn event_around(before: &str) -> Option<String> {
    let mut open = Vec::new();
    for (at, letter) in before.char_indices() {
        match letter {
            '(' => open.push(at),
            ')' => drop(open.pop()),
            ';' => open.clear(),
            _ => {}
        }
    }
    let at = *open.last()?;
    let head = before[..at].trim_end();
    let head = head.strip_suffix("where").unwrap_or(head).trim_end();
    let name = head.rsplit(|c: char| c.is_whitespace() || c == '(').next()?;
    Some(name.trim_matches(['"', '`']).to_owned()).filter(|name| !name.is_empty())
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
