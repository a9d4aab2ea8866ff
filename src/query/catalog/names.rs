//! Which names are known, and what declarations say of them.

use super::{Catalog, Currency};
use crate::lang::tree::TypeName;
use crate::model::{Step, Text};
use crate::query::predicate::Type;
use crate::query::resolve::{element_type, evaluated};
use std::collections::{BTreeMap, BTreeSet};

impl Catalog {
    /// Whether a fact or a declaration mentions an event of that name.
    pub fn knows_event(&self, name: &str) -> bool {
        self.facts.event(name).is_some() || self.definitions.events.contains_key(name)
    }

    /// Every known event and how often it was seen, by name.
    pub fn events(&self) -> Vec<(Text, u64)> {
        let declared = self.definitions.events.keys().map(|name| (name.clone(), 0));
        let seen = self.facts.events().map(|(name, facts)| (name.clone(), facts.seen.count));
        declared.chain(seen).collect::<BTreeMap<_, _>>().into_iter().collect()
    }

    /// Every known attribute and how many values of it were seen, by name.
    pub fn attributes(&self) -> Vec<(Text, u64)> {
        let declared = self.definitions.attributes.keys().map(|name| (name.clone(), 0));
        let seen = self.facts.attributes().keys_below(&[]);
        let seen = seen.into_iter().map(|(name, n)| (Text::from(name), n));
        declared.chain(seen).collect::<BTreeMap<_, _>>().into_iter().collect()
    }

    /// The declared type of an attribute.
    pub fn declared_attribute(&self, name: &str) -> Option<TypeName> {
        self.definitions.attributes.get(name).copied()
    }

    /// Whether a fact or a declaration mentions the attribute at this path.
    pub fn knows_attribute(&self, steps: &[Step]) -> bool {
        let seen = self.facts.attributes();
        let first = match steps.first() {
            Some(Step::Key(first)) => first,
            _ => return false,
        };
        seen.is_crowded() || seen.at(steps).is_some() || self.declared_attribute(first).is_some()
    }

    /// Whether a fact or a declaration mentions that property of that event.
    pub fn knows_property(&self, event: &str, steps: &[Step]) -> bool {
        let seen = self.facts.event(event).map(|facts| &facts.properties);
        let keys = keys(steps);
        seen.is_some_and(|shape| shape.is_crowded() || shape.at(steps).is_some())
            || self.definitions.events.get(event).is_some_and(|declared| {
                declared.keys().any(|path| path.starts_with(&keys) || keys.starts_with(path))
            })
    }

    /// Whether any event is known to have that property.
    pub fn knows_property_anywhere(&self, steps: &[Step]) -> bool {
        self.facts.events().any(|(name, _)| self.knows_property(name, steps))
            || self.definitions.events.keys().any(|name| self.knows_property(name, steps))
    }

    /// The types that declarations give that property: of one event, or of all.
    pub fn declared_properties(&self, event: Option<&str>, steps: &[Step]) -> Vec<TypeName> {
        let events = self.definitions.events.iter();
        events
            .filter(|(name, _)| event.is_none_or(|event| ***name == *event))
            .filter_map(|(_, declared)| declared_at(declared, steps))
            .collect()
    }

    /// The declared properties of an event and their types.
    pub fn declared_of_event(&self, event: &str) -> Vec<(String, TypeName, Option<&Currency>)> {
        let declared = self.definitions.events.get(event);
        let currency =
            |path: &Vec<Text>| self.definitions.currencies.get(&(Some(event.into()), path.clone()));
        let paths = declared.into_iter().flatten();
        paths.map(|(path, declared)| (path.join("."), *declared, currency(path))).collect()
    }

    /// Every declared path of an event, whatever its name, with its type.
    pub fn all_declared_properties(&self) -> BTreeSet<(Vec<Text>, Type)> {
        let of_all = self.definitions.events.values().flatten();
        of_all.map(|(keys, declared)| (keys.clone(), evaluated(*declared))).collect()
    }

    /// Every declared attribute with its type.
    pub fn all_declared_attributes(&self) -> BTreeSet<(Vec<Text>, Type)> {
        let all = self.definitions.attributes.iter();
        all.map(|(name, declared)| (vec![name.clone()], evaluated(*declared))).collect()
    }

    /// The keys of an event right below a path, with their use.
    pub fn properties_below(&self, event: &str, steps: &[Step]) -> Vec<(String, u64)> {
        let above = keys(steps);
        let declared = self.definitions.events.get(event).into_iter().flat_map(|declared| {
            declared
                .keys()
                .filter(|path| path.starts_with(&above))
                .filter_map(|path| path.get(above.len()).map(|key| (key.to_string(), 0)))
        });
        let shape = self.facts.event(event).map(|facts| &facts.properties);
        let seen = shape.into_iter().flat_map(|shape| shape.keys_below(steps));
        let seen = seen.map(|(key, n)| (key.to_owned(), n));
        declared.chain(seen).collect::<BTreeMap<_, _>>().into_iter().collect()
    }
}

/// The keys of a path; places in lists do not matter to names.
pub(super) fn keys(steps: &[Step]) -> Vec<Text> {
    steps
        .iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(key.clone()),
            Step::Index(_) => None,
        })
        .collect()
}

fn declared_at(declared: &BTreeMap<Vec<Text>, TypeName>, steps: &[Step]) -> Option<TypeName> {
    let declared = *declared.get(&keys(steps))?;
    match steps.last() {
        Some(Step::Index(_)) => element_type(declared),
        _ => Some(declared),
    }
}
