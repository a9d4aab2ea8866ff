//! What is known of names, as tables: `show` and `describe`.
//!
//! It knows no people; how many are in an audience is added by whoever does.

mod definitions;
mod identifiers;
mod of_name;

use super::Rows;
use super::catalog::{Catalog, Definition, KINDS, ModelEntry, Seen};
use super::predicate::{ModelForm, ModelLink};
use crate::lang::tree::{Kind, Shown};
use crate::model::{Text, Value};

pub use of_name::describe;

/// A table of known names, of those only that hold `like`.
///
/// ```
/// use throng::lang::tree::Shown;
/// use throng::query::{catalog::Catalog, describe::show};
/// let rows = show(&Catalog::default(), Shown::Identifiers, Some("device"));
/// assert_eq!(rows.rows[0][0], "device_id".into());
/// ```
pub fn show(catalog: &Catalog, shown: Shown, like: Option<&str>) -> Rows {
    let mut rows = match shown {
        Shown::Audiences => audiences(catalog),
        Shown::Traits => traits(catalog),
        Shown::Models => models(catalog.models()),
        Shown::Events => events(catalog),
        Shown::Attributes => attributes(catalog),
        Shown::Identifiers => identifiers::table(catalog),
        Shown::Conditions => definitions::conditions(catalog),
        Shown::Lists => definitions::lists(catalog),
        Shown::Experiments => definitions::experiments(catalog),
    };
    rows.rows.retain(|row| match (row.first(), like) {
        (Some(Value::Text(name)), Some(like)) => name.contains(like),
        _ => true,
    });
    rows
}

/// Every known name of a kind, with its use.
pub fn known(catalog: &Catalog, kind: Kind) -> Vec<(Text, u64)> {
    match kind {
        Kind::Audience => catalog.audiences().map(|found| (found.name.clone(), 0)).collect(),
        Kind::Trait => catalog.traits().map(|found| (found.name.clone(), 0)).collect(),
        Kind::Model => catalog.models().map(|found| (found.score.model.clone(), 0)).collect(),
        Kind::Event => catalog.events(),
        Kind::Attribute => catalog.attributes(),
        Kind::Identifier => identifiers::names(catalog),
        Kind::Condition => catalog.conditions().map(|found| (found.name.clone(), 0)).collect(),
        Kind::List => catalog.value_lists().map(|found| (found.list.name.clone(), 0)).collect(),
        Kind::Experiment => catalog.experiments().map(|found| (found.name.clone(), 0)).collect(),
    }
}

/// Whether there is one of that name.
pub(in crate::query) fn knows(catalog: &Catalog, kind: Kind, name: &str) -> bool {
    known(catalog, kind).iter().any(|(known, _)| **known == *name)
}

fn audiences(catalog: &Catalog) -> Rows {
    let rows = catalog.audience_entries().map(|entry| {
        let mut row = vec![Value::Text(entry.audience.name.clone())];
        row.extend(history(&entry.definition));
        row.extend([Value::Bool(entry.paused), text(&entry.definition.description)]);
        row
    });
    table(&["name", "version", "created", "changed", "paused", "description"], rows.collect())
}

fn traits(catalog: &Catalog) -> Rows {
    let rows = catalog.traits().map(|entry| {
        let mut row = vec![Value::Text(entry.name.clone()), text(&entry.kinds.words())];
        row.extend(history(&entry.definition));
        row.push(text(&entry.definition.description));
        row
    });
    table(&["name", "gives", "version", "created", "changed", "description"], rows.collect())
}

/// A row for each version: what it computes, and of how many features.
fn models<'a>(models: impl Iterator<Item = &'a ModelEntry>) -> Rows {
    let rows = models.map(|ModelEntry { score, definition, .. }| {
        let kind = match &score.form {
            ModelForm::Linear { .. } => "linear".to_owned(),
            ModelForm::Trees { trees, .. } => format!("{} trees", trees.len()),
        };
        let link = match score.link {
            ModelLink::Identity => "identity",
            ModelLink::Logistic => "logistic",
        };
        vec![
            Value::Text(score.model.clone()),
            number(score.version),
            text(&kind),
            text(link),
            number(score.features.len() as u64),
            Value::Instant(definition.created),
            text(&definition.description),
        ]
    });
    let columns = ["name", "version", "kind", "link", "features", "created", "description"];
    table(&columns, rows.collect())
}

fn events(catalog: &Catalog) -> Rows {
    let rows = catalog.events().into_iter().map(|(name, count)| {
        let facts = catalog.facts().event(&name);
        let seen = facts.map(|facts| &facts.seen);
        vec![
            Value::Text(name.clone()),
            number(count),
            number(catalog.properties_below(&name, &[]).len() as u64),
            seen.map_or(Value::Null, |seen| Value::Instant(seen.first)),
            seen.map_or(Value::Null, |seen| Value::Instant(seen.last)),
        ]
    });
    table(&["name", "events", "properties", "first_seen", "last_seen"], rows.collect())
}

fn attributes(catalog: &Catalog) -> Rows {
    let rows = catalog.attributes().into_iter().map(|(name, _)| {
        let steps = [crate::model::Step::Key(name.clone())];
        let seen = catalog.facts().attributes().at(&steps);
        let currency = catalog.currency_of_attribute(&steps);
        let declared = catalog.declared_attribute(&name).map(|kind| of_name::said(kind, currency));
        path_row(&name, seen, declared)
    });
    table(&PATH_COLUMNS, rows.collect())
}

/// The columns of a table with a path in each row.
const PATH_COLUMNS: [&str; 7] =
    ["path", "kinds", "declared", "values", "examples", "first_seen", "last_seen"];

fn path_row(path: &str, seen: Option<&Seen>, declared: Option<String>) -> Vec<Value> {
    vec![
        Value::text(path),
        seen.map_or(Value::Null, |seen| text(&kinds(seen))),
        declared.map_or(Value::Null, |declared| text(&declared)),
        number(seen.map_or(0, Seen::count)),
        Value::List(seen.map_or(Vec::new(), |seen| seen.examples().to_vec())),
        seen.map_or(Value::Null, |seen| Value::Instant(seen.first)),
        seen.map_or(Value::Null, |seen| Value::Instant(seen.last)),
    ]
}

/// The kinds with their counts; a list says what its elements are.
fn kinds(seen: &Seen) -> String {
    let of_elements: Vec<String> = KINDS
        .iter()
        .filter(|kind| seen.elements_of_kind(**kind) > 0)
        .map(|kind| format!("{kind} {}", seen.elements_of_kind(*kind)))
        .collect();
    let counted = seen.kinds().into_iter().map(|(kind, n)| match kind {
        crate::model::Kind::List => format!("list {n} of ({})", of_elements.join(", ")),
        kind => format!("{kind} {n}"),
    });
    counted.collect::<Vec<_>>().join(", ")
}

fn history(definition: &Definition) -> [Value; 3] {
    [
        number(definition.version.into()),
        Value::Instant(definition.created),
        Value::Instant(definition.changed),
    ]
}

fn number(number: u64) -> Value {
    Value::from(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Text, or nothing where it is empty.
fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::text(text) }
}

fn table(columns: &[&str], rows: Vec<Vec<Value>>) -> Rows {
    Rows { columns: columns.iter().map(|name| (*name).to_owned()).collect(), rows }
}
