//! What a text defines, and where.

use super::document::Document;
use crate::lang::tree::{Name, Statement, StatementKind};
use crate::lang::{Span, names, parse};
use serde_json::{Value, json};

/// The kind and the name of what a statement defines.
pub(super) fn defined(statement: &Statement) -> Option<(&'static str, Name)> {
    match &statement.kind {
        StatementKind::CreateAudience { name, .. } => Some(("audience", name.clone())),
        StatementKind::CreateTrait { name, .. } => Some(("trait", name.clone())),
        _ => None,
    }
}

/// Every definition of a text, with those in statements that have errors.
pub(super) fn definitions(text: &str) -> Vec<(&'static str, Name)> {
    let words = names(text);
    let kinds = ["audience", "trait", "condition", "list", "model", "experiment"];
    let is = |place: usize, word: &str| {
        words.get(place).is_some_and(|found| found.node.eq_ignore_ascii_case(word))
    };
    let mut found = Vec::new();
    for place in 0..words.len() {
        if !is(place, "create") {
            continue;
        }
        let behind = if is(place + 1, "or") && is(place + 2, "replace") { 3 } else { 1 };
        let kind = kinds.iter().find(|kind| is(place + behind, kind));
        if let (Some(kind), Some(name)) = (kind, words.get(place + behind + 1)) {
            found.push((*kind, name.clone()));
        }
    }
    found
}

/// The outline of a document.
pub(super) fn symbols(document: &Document) -> Vec<Value> {
    let statements = parse(&document.text).statements;
    let whole = |name: &Name| {
        let around =
            |it: &&Statement| it.span.start <= name.span.start && name.span.end <= it.span.end;
        statements.iter().find(around).map_or(name.span, |it| it.span)
    };
    let symbol = |(kind, name): &(&'static str, Name)| {
        let span: Span = whole(name);
        json!({
            "name": &*name.node,
            "detail": kind,
            "kind": if *kind == "audience" { 5 } else { 13 },
            "range": document.range(span),
            "selectionRange": document.range(name.span),
        })
    };
    definitions(&document.text)
        .iter()
        .filter(|(_, name)| !name.node.is_empty())
        .map(symbol)
        .collect()
}
