//! Definitions and their uses in the open files: going to one, renaming all.

use super::document::Document;
use super::symbols::definitions;
use crate::lang::tree::Name;
use crate::lang::{Span, names, print_name};

/// The word that stands at a byte.
pub(super) fn word_at(document: &Document, byte: usize) -> Option<Name> {
    let at = byte as u32;
    names(&document.text).into_iter().find(|name| name.span.start <= at && at <= name.span.end)
}

/// The kind of what a word names there, among what open files define: the
/// first fits what stands before it.
pub(super) fn kind_of(document: &Document, word: &Name) -> Option<&'static str> {
    let before = before(document, word.span);
    match &*before.to_lowercase() {
        "audience" | "of" | "," if before != "trait" => Some("audience"),
        "meets" | "condition" => Some("condition"),
        "list" => Some("list"),
        "model" => Some("model"),
        "experiment" => Some("experiment"),
        _ => Some("trait"),
    }
}

/// The word directly before a place.
fn before(document: &Document, span: Span) -> String {
    let text = document.text[..span.start as usize].trim_end();
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let begin = text.char_indices().rev().take_while(|(_, letter)| is_part(*letter)).last();
    begin.map_or_else(
        || text.chars().next_back().map(String::from).unwrap_or_default(),
        |(at, _)| text[at..].to_owned(),
    )
}

/// Where a name of a kind is defined in a document.
pub(super) fn definition(document: &Document, kind: Option<&str>, name: &str) -> Option<Span> {
    let all = definitions(&document.text);
    let same = |found: &&(&str, Name)| *found.1.node == *name;
    let fits = |found: &&(&str, Name)| same(found) && kind.is_none_or(|kind| kind == found.0);
    all.iter().find(fits).or_else(|| all.iter().find(same)).map(|(_, name)| name.span)
}

/// Where something is named in a document: what an event, a property or a
/// keyword of the same letters is called stays.
pub(super) fn uses(document: &Document, kind: &str, name: &str) -> Vec<Span> {
    let found = names(&document.text).into_iter().filter(|word| *word.node == *name);
    let is_use = |word: &Name| {
        let before = before(document, word.span).to_lowercase();
        match kind {
            "trait" => is_value(document, word.span, &before),
            "condition" => before == "meets" || before == "condition",
            kind => before == kind,
        }
    };
    found.filter(is_use).map(|word| word.span).collect()
}

/// Whether a bare name there is read as a value.
fn is_value(document: &Document, span: Span, before: &str) -> bool {
    let written = &document.text[span.start as usize..span.end as usize];
    let of_profile = before == "."
        && document.text[..span.start as usize].trim_end_matches('.').ends_with("profile");
    let called = document.text[span.end as usize..].trim_start().starts_with('(');
    let named = ["did", "audience", "event", "attribute", "first", "last", "then", "as", "in"];
    !written.starts_with('"')
        && (before != "." || of_profile)
        && !called
        && !named.contains(&before)
}

/// The new name as it is written there.
pub(super) fn written(document: &Document, span: Span, kind: &str, name: &str) -> String {
    let quoted = document.text[span.start as usize..].starts_with('"');
    let printed = print_name(name);
    match kind {
        // Only a word, or one in backticks, names a trait.
        "trait" if printed.starts_with('"') => format!("`{name}`"),
        _ if quoted && !printed.starts_with(['"', '`']) => printed,
        _ => printed,
    }
}
