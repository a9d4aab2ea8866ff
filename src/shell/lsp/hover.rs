//! What is known of a name: asked as it is shown.

use super::ask::Known;
use super::document::Document;
use super::rename::word_at;
use crate::lang::print_name;
use crate::model::Value as Cell;
use crate::query::Rows;
use crate::wire::json_of_value;
use serde_json::{Value, json};

/// Rows of a table that are shown.
const ROWS_MAX: usize = 12;

pub(super) fn hover(document: &Document, byte: usize, known: &Known) -> Value {
    let Some(word) = word_at(document, byte) else { return Value::Null };
    let name = print_name(&word.node);
    let kinds = [
        ("audience", "audiences"),
        ("trait", "traits"),
        ("event", "events"),
        ("attribute", "attributes"),
    ];
    let mut parts = Vec::new();
    for (kind, list) in kinds {
        let all = known.rows(&format!("show {list}"));
        let is_it = |row: &Vec<Cell>| row.first().and_then(Cell::as_text) == Some(&word.node);
        let Some(mut rows) = all.filter(|rows| rows.rows.iter().any(is_it)) else { continue };
        rows.rows.retain(is_it);
        parts.push(format!("**{kind}** `{name}`\n\n{}", sentence(&rows)));
        if kind == "event" || kind == "attribute" {
            let more = known.rows(&format!("describe {kind} {name}"));
            parts.extend(more.filter(|rows| !rows.rows.is_empty()).map(|rows| table(&rows)));
        }
        break;
    }
    match parts.is_empty() {
        true => Value::Null,
        false => json!({
            "contents": { "kind": "markdown", "value": parts.join("\n\n") },
            "range": document.range(word.span),
        }),
    }
}

/// A row as `column: value` lines.
fn sentence(rows: &Rows) -> String {
    let row = rows.rows.first().cloned().unwrap_or_default();
    let cells =
        rows.columns.iter().zip(&row).skip(1).filter(|(_, cell)| !matches!(cell, Cell::Null));
    cells
        .map(|(column, cell)| format!("- {column}: {}", shown(cell)))
        .collect::<Vec<_>>()
        .join("\n")
}

fn table(rows: &Rows) -> String {
    let line = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let mut lines = vec![line(rows.columns.iter().map(|it| it.to_string()).collect())];
    lines.push(line(rows.columns.iter().map(|_| "---".to_owned()).collect()));
    lines.extend(rows.rows.iter().take(ROWS_MAX).map(|row| line(row.iter().map(shown).collect())));
    if rows.rows.len() > ROWS_MAX {
        lines.push(format!("\n{} more", rows.rows.len() - ROWS_MAX));
    }
    lines.join("\n")
}

fn shown(cell: &Cell) -> String {
    let text = match cell {
        Cell::Null => String::new(),
        Cell::Text(text) => text.to_string(),
        other => json_of_value(other),
    };
    text.replace('|', "\\|").replace('\n', " ")
}
