//! Conditions, lists and experiments, as tables.

use super::{history, number, table, text};
use crate::model::Value;
use crate::query::Rows;
use crate::query::catalog::Catalog;
use crate::query::resolve::written;

pub(super) fn conditions(catalog: &Catalog) -> Rows {
    let rows = catalog.conditions().map(|entry| {
        let mut row = vec![Value::Text(entry.name.clone())];
        row.extend(history(&entry.definition));
        row.push(text(&entry.definition.description));
        row
    });
    table(&["name", "version", "created", "changed", "description"], rows.collect())
}

pub(super) fn lists(catalog: &Catalog) -> Rows {
    let rows = catalog.value_lists().map(|entry| {
        vec![
            Value::Text(entry.list.name.clone()),
            text(&written(entry.of)),
            number(entry.list.elements.len() as u64),
            Value::Instant(entry.definition.created),
            Value::Instant(entry.definition.changed),
            text(&entry.definition.description),
        ]
    });
    let columns = ["name", "of", "elements", "created", "changed", "description"];
    table(&columns, rows.collect())
}

/// One row per element, in order.
pub(super) fn list(catalog: &Catalog, name: &str) -> Rows {
    let elements = catalog.list(name).into_iter().flat_map(|entry| entry.list.elements.values());
    table(&["element"], elements.map(|element| vec![element.clone()]).collect())
}

pub(super) fn experiments(catalog: &Catalog) -> Rows {
    let rows = catalog.experiments().map(|entry| {
        let variants = entry.variants.iter().map(|(name, _)| Value::Text(name.clone())).collect();
        let mut row = vec![Value::Text(entry.name.clone()), Value::List(variants)];
        row.extend(history(&entry.definition));
        row.push(text(&entry.definition.description));
        row
    });
    let columns = ["name", "variants", "version", "created", "changed", "description"];
    table(&columns, rows.collect())
}
