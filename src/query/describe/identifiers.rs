//! Namespaces of identifiers: those that every workspace has, and declared ones.

use super::number;
use crate::lang::tree::IdentifierKind;
use crate::model::{Text, Value};
use crate::query::Rows;
use crate::query::catalog::{Catalog, DeclaredIdentifier};
use std::collections::BTreeMap;

/// What every workspace knows: name, whether personal, and where calls carry it.
const BUILT_IN: [(&str, bool, &str); 7] = [
    ("user_id", true, "userId"),
    ("loyalty_id", true, "context.externalIds"),
    ("email", true, "traits.email, context.traits.email"),
    ("phone", true, "traits.phone, context.traits.phone"),
    ("anonymous_id", false, "anonymousId"),
    ("device_id", false, "context.device.id"),
    ("cookie", false, "context.externalIds"),
];

pub(super) fn names(catalog: &Catalog) -> Vec<(Text, u64)> {
    let built_in = BUILT_IN.iter().map(|(name, ..)| (Text::from(*name), 0));
    let declared = catalog.identifiers().map(|declared| (declared.name.clone(), 0));
    built_in.chain(declared).collect::<BTreeMap<_, _>>().into_iter().collect()
}

pub(super) fn table_rows(catalog: &Catalog) -> Vec<Vec<Value>> {
    let declared: BTreeMap<&str, &DeclaredIdentifier> =
        catalog.identifiers().map(|declared| (&*declared.name, declared)).collect();
    let built_in = BUILT_IN.iter().filter(|(name, ..)| !declared.contains_key(name));
    let built_in = built_in.map(|(name, personal, from)| {
        let limit = if *name == "user_id" { number(1) } else { Value::Null };
        vec![
            Value::text(name),
            kind(*personal),
            Value::Null,
            limit,
            Value::text(from),
            false.into(),
        ]
    });
    built_in.chain(declared.values().map(|declared| row(declared))).collect()
}

pub(super) fn table(catalog: &Catalog) -> Rows {
    super::table(&["name", "kind", "priority", "limit", "from", "declared"], table_rows(catalog))
}

fn row(declared: &DeclaredIdentifier) -> Vec<Value> {
    let maybe = |value: Option<u32>| value.map_or(Value::Null, |value| number(value.into()));
    let from: Vec<String> = declared.from.iter().map(ToString::to_string).collect();
    vec![
        Value::Text(declared.name.clone()),
        kind(declared.kind == IdentifierKind::Personal),
        maybe(declared.priority),
        maybe(declared.limit),
        super::text(&from.join(", ")),
        true.into(),
    ]
}

fn kind(personal: bool) -> Value {
    Value::text(if personal { "personal" } else { "carrier" })
}
