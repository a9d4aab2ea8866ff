//! What a change of one definition does to those that use it.

use super::definition::{AudienceEntry, TraitEntry, Uses};
use super::{Catalog, Definition};
use crate::lang::tree::StatementKind;
use crate::lang::{Code, Diagnostic, Severity, Span};
use crate::model::{Text, Timestamp};
use crate::query::predicate::Audience;
use crate::query::resolve::{self, Names, Outcome};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A trait or an audience, by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Trait(Text),
    Model(Text, u64),
    Audience(Text),
}

/// What has changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    /// These definitions mean something else.
    pub(super) keys: BTreeSet<Key>,
    /// Properties of these events are declared differently.
    pub(super) events: BTreeSet<Text>,
    /// These attributes are declared differently.
    pub(super) attributes: BTreeSet<Text>,
    /// Local days of the workspace begin elsewhere.
    pub(super) zone: bool,
}

impl Change {
    fn touches(&self, uses: &Uses) -> bool {
        let events = &self.events;
        self.zone
            || uses.keys().any(|key| self.keys.contains(&key))
            || (uses.any_event && !events.is_empty())
            || uses.events.iter().any(|name| events.contains(name))
            || uses.attributes.iter().any(|name| self.attributes.contains(name))
    }
}

impl Uses {
    /// The definitions that are named.
    pub(super) fn keys(&self) -> impl Iterator<Item = Key> {
        let traits = self.traits.iter().cloned().map(Key::Trait);
        let models = self.models.iter().cloned().map(|(name, version)| Key::Model(name, version));
        traits.chain(models).chain(self.audiences.iter().cloned().map(Key::Audience))
    }
}

impl Key {
    /// The definition in words: "audience `vip`".
    pub(super) fn words(&self) -> String {
        match self {
            Key::Trait(name) => format!("trait `{name}`"),
            Key::Model(name, version) => format!("model `{name}` version {version}"),
            Key::Audience(name) => format!("audience `{name}`"),
        }
    }
}

impl Catalog {
    /// Every definition, each after those that it uses.
    fn in_order(&self) -> Vec<Key> {
        let traits = self.definitions.traits.keys().cloned().map(Key::Trait);
        let audiences = self.definitions.audiences.keys().cloned().map(Key::Audience);
        let models = self.definitions.models.keys().cloned();
        let models = models.map(|(name, version)| Key::Model(name, version));
        let (mut order, mut seen) = (Vec::new(), BTreeSet::new());
        traits
            .chain(models)
            .chain(audiences)
            .for_each(|key| self.visit(key, &mut seen, &mut order));
        order
    }

    fn visit(&self, key: Key, seen: &mut BTreeSet<Key>, order: &mut Vec<Key>) {
        if !seen.insert(key.clone()) {
            return;
        }
        if let Some(definition) = self.definition(&key) {
            definition.uses.keys().for_each(|used| self.visit(used, seen, order));
            order.push(key);
        }
    }

    pub(super) fn definition(&self, key: &Key) -> Option<&Definition> {
        match key {
            Key::Trait(name) => self.definitions.traits.get(name).map(|entry| &entry.definition),
            Key::Model(name, version) => self.model(name, *version).map(|entry| &entry.definition),
            Key::Audience(name) => {
                self.definitions.audiences.get(name).map(|entry| &entry.definition)
            }
        }
    }

    /// The definitions that name this one themselves.
    pub(super) fn users_of(&self, key: &Key) -> Vec<Key> {
        let uses = |user: &Key| {
            self.definition(user).is_some_and(|found| found.uses.keys().any(|used| used == *key))
        };
        self.in_order().into_iter().filter(uses).collect()
    }

    /// The way from what a definition uses back to itself, if there is one.
    pub(super) fn cycle(&self, key: &Key, uses: &Uses) -> Option<Vec<Key>> {
        let mut seen = BTreeSet::new();
        let mut path = vec![key.clone()];
        uses.keys().any(|used| self.leads_to(&used, key, &mut seen, &mut path)).then_some(path)
    }

    fn leads_to(
        &self,
        from: &Key,
        goal: &Key,
        seen: &mut BTreeSet<Key>,
        path: &mut Vec<Key>,
    ) -> bool {
        path.push(from.clone());
        if from == goal {
            return true;
        }
        let unseen = seen.insert(from.clone());
        let found = unseen
            && self.definition(from).is_some_and(|definition| {
                definition.uses.keys().any(|used| self.leads_to(&used, goal, seen, path))
            });
        if !found {
            path.pop();
        }
        found
    }

    /// Derives again what the change touches, and gives the audiences that now
    /// mean something else, each after those that it uses.
    pub(super) fn derive_again(
        &mut self,
        mut change: Change,
        span: Span,
        at: Timestamp,
    ) -> Result<Vec<Arc<Audience>>, Vec<Diagnostic>> {
        let mut changed = Vec::new();
        for key in self.in_order() {
            let is_touched = !change.keys.contains(&key)
                && self.definition(&key).is_some_and(|found| change.touches(&found.uses));
            if !is_touched {
                continue;
            }
            let differs = match &key {
                Key::Trait(name) => self.derive_trait(name, span, at)?,
                Key::Model(name, version) => self.derive_model((name, *version), span, at)?,
                Key::Audience(name) => match self.derive_audience(name, span, at)? {
                    Some(audience) => {
                        changed.push(audience);
                        true
                    }
                    None => false,
                },
            };
            if differs {
                change.keys.insert(key);
            }
        }
        Ok(changed)
    }

    fn derive_trait(
        &mut self,
        name: &Text,
        span: Span,
        at: Timestamp,
    ) -> Result<bool, Vec<Diagnostic>> {
        let Some(entry) = self.definitions.traits.get(name) else { return Ok(false) };
        let statement = entry.definition.statement.clone();
        let StatementKind::CreateTrait { declared, options, value, .. } = &statement.kind else {
            return Ok(false);
        };
        let outcome =
            resolve::trait_value(self, declared.as_ref(), options, value, at, Names::Assumed);
        let (found, uses, size) = sound(outcome, &Key::Trait(name.clone()), span)?;
        let same = entry.value == found.expr && entry.kinds == found.kinds;
        let mut next = TraitEntry {
            value: found.expr,
            kinds: found.kinds,
            elements: found.elements,
            motion: found.motion,
            size,
            ..entry.clone()
        };
        next.definition.uses = uses;
        if !same {
            step(&mut next.definition, at);
        }
        Arc::make_mut(&mut self.definitions).traits.insert(name.clone(), next);
        Ok(!same)
    }

    fn derive_audience(
        &mut self,
        name: &Text,
        span: Span,
        at: Timestamp,
    ) -> Result<Option<Arc<Audience>>, Vec<Diagnostic>> {
        let Some(entry) = self.definitions.audiences.get(name) else { return Ok(None) };
        let statement = entry.definition.statement.clone();
        let StatementKind::CreateAudience { options, people, .. } = &statement.kind else {
            return Ok(None);
        };
        let outcome = resolve::audience(self, options, people, at, Names::Assumed);
        let (found, uses, size) = sound(outcome, &Key::Audience(name.clone()), span)?;
        let earlier = &entry.audience;
        let same = earlier.condition == found.condition && earlier.zone == found.zone;
        let mut next = AudienceEntry { size, ..entry.clone() };
        next.definition.uses = uses;
        if !same {
            step(&mut next.definition, at);
            next.audience = Arc::new(Audience {
                name: name.clone(),
                version: next.definition.version,
                condition: found.condition,
                zone: found.zone,
            });
        }
        let audience = next.audience.clone();
        Arc::make_mut(&mut self.definitions).audiences.insert(name.clone(), next);
        Ok((!same).then_some(audience))
    }
}

/// The next version of a definition, from `at` on.
pub(super) fn step(definition: &mut Definition, at: Timestamp) {
    definition.version = definition.version.saturating_add(1);
    definition.changed = at;
}

/// What was resolved, or why the change cannot be: a definition that uses it would break.
pub(super) fn sound<T>(
    outcome: Outcome<T>,
    key: &Key,
    span: Span,
) -> Result<(T, Uses, super::Size), Vec<Diagnostic>> {
    let Outcome { result, diagnostics, uses, size } = outcome;
    match result {
        Some(found) => Ok((found, uses, size)),
        None => Err(diagnostics
            .into_iter()
            .filter(|found| found.severity == Severity::Error)
            .map(|found| {
                Diagnostic::error(
                    Code::InUse,
                    span,
                    format!("{} uses this and would no longer make sense", key.words()),
                )
                .help(format!("why: {} ({})", found.message, found.code))
                .help(format!("change or drop {} first", key.words()))
            })
            .collect()),
    }
}
