//! What is known of one name.

use super::{PATH_COLUMNS, definitions, history, identifiers, path_row, table, text};
use crate::lang::tree::{Kind, TypeName};
use crate::model::{Step, Value};
use crate::query::Rows;
use crate::query::catalog::{Catalog, Currency, Definition, Seen, Shape};
use crate::query::resolve::written;
use std::collections::BTreeMap;

/// A table on one name: a row per path of an event or an attribute, one row of
/// anything else. Empty if there is none of that name.
pub fn describe(catalog: &Catalog, kind: Kind, name: &str) -> Rows {
    match kind {
        Kind::Event => event(catalog, name),
        Kind::Attribute => attribute(catalog, name),
        Kind::Audience => {
            let entry = catalog.audience_entry(name);
            definition(name, entry.map(|entry| &entry.definition))
        }
        Kind::Trait => {
            let entry = catalog.trait_named(name);
            definition(name, entry.map(|entry| &entry.definition))
        }
        Kind::Model => super::models(catalog.models().filter(|entry| *entry.score.model == *name)),
        Kind::Condition => {
            let entry = catalog.condition(name);
            definition(name, entry.map(|entry| &entry.definition))
        }
        Kind::Experiment => {
            let entry = catalog.experiment(name);
            definition(name, entry.map(|entry| &entry.definition))
        }
        Kind::List => definitions::list(catalog, name),
        Kind::Identifier => {
            let mut rows = identifiers::table(catalog);
            rows.rows.retain(|row| row.first() == Some(&Value::text(name)));
            rows
        }
    }
}

fn event(catalog: &Catalog, name: &str) -> Rows {
    let declared = catalog.declared_of_event(name).into_iter();
    let mut paths: BTreeMap<String, (Option<&Seen>, Option<String>)> =
        declared.map(|(path, kind, currency)| (path, (None, Some(said(kind, currency))))).collect();
    let shape = catalog.facts().event(name).map(|facts| &facts.properties);
    for (path, seen) in shape.into_iter().flat_map(Shape::paths) {
        paths.entry(path).or_default().0 = Some(seen);
    }
    let rows = paths.into_iter().map(|(path, (seen, declared))| path_row(&path, seen, declared));
    table(&PATH_COLUMNS, rows.collect())
}

fn attribute(catalog: &Catalog, name: &str) -> Rows {
    let inner = format!("{name}.");
    let currency = catalog.currency_of_attribute(&[Step::Key(name.into())]);
    let declared = catalog.declared_attribute(name).map(|kind| said(kind, currency));
    let seen = catalog.facts().attributes().paths();
    let mut rows: Vec<Vec<Value>> = seen
        .into_iter()
        .filter(|(path, _)| path == name || path.starts_with(&inner))
        .map(|(path, seen)| {
            let declared = declared.clone().filter(|_| path == name);
            path_row(&path, Some(seen), declared)
        })
        .collect();
    if rows.is_empty() && declared.is_some() {
        rows.push(path_row(name, None, declared));
    }
    table(&PATH_COLUMNS, rows)
}

/// A type as a declaration says it, with its currency.
pub(super) fn said(kind: TypeName, currency: Option<&Currency>) -> String {
    match currency {
        Some(currency) => format!("{} {currency}", written(kind)),
        None => written(kind),
    }
}

fn definition(name: &str, definition: Option<&Definition>) -> Rows {
    let rows = definition.map(|definition| {
        let mut row = vec![Value::text(name)];
        row.extend(history(definition));
        row.extend([text(&definition.description), text(&definition.text)]);
        row
    });
    table(
        &["name", "version", "created", "changed", "description", "text"],
        rows.into_iter().collect(),
    )
}
