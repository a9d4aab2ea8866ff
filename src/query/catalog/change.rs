//! What a change of one definition does to those that use it.

use super::definition::{AudienceEntry, TraitEntry, Uses};
use super::{Catalog, Definition, Lists};
use crate::lang::{Code, Diagnostic, Severity, Span};
use crate::model::{Text, Timestamp};
use crate::query::predicate::Audience;
use crate::query::resolve::{self, AudienceParts, ConditionParts, Names, Outcome, TraitParts};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What definitions name of one another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::query) enum Key {
    Trait(Text),
    Model(Text, u64),
    Condition(Text),
    Audience(Text),
    List(Text),
    Experiment(Text),
    /// A share that audiences hold out; it has no definition of its own.
    Holdout(Text),
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
    /// Local days, or weeks, of the workspace begin elsewhere.
    pub(super) zone: bool,
    /// Definitions say what they said; what they are answered by is another.
    pub(super) is_same_text: bool,
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
        let conditions = self.conditions.iter().cloned().map(Key::Condition);
        let audiences = self.audiences.iter().cloned().map(Key::Audience);
        let lists = self.lists.iter().cloned().map(Key::List);
        let experiments = self.experiments.iter().cloned().map(Key::Experiment);
        let holdouts = self.holdouts.iter().cloned().map(Key::Holdout);
        let of_people = conditions.chain(audiences).chain(lists).chain(experiments).chain(holdouts);
        traits.chain(models).chain(of_people)
    }
}

impl Key {
    /// The definition in words: "audience `vip`".
    pub(super) fn words(&self) -> String {
        match self {
            Key::Model(name, version) => format!("model `{name}` version {version}"),
            _ => format!("{} `{}`", self.kind(), self.name()),
        }
    }

    /// What sort of definition it is.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Key::Trait(_) => "trait",
            Key::Model(..) => "model",
            Key::Condition(_) => "condition",
            Key::Audience(_) => "audience",
            Key::List(_) => "list",
            Key::Experiment(_) => "experiment",
            Key::Holdout(_) => "holdout",
        }
    }

    /// Its name.
    pub(super) fn name(&self) -> &Text {
        match self {
            Key::Trait(name)
            | Key::Model(name, _)
            | Key::Condition(name)
            | Key::Audience(name)
            | Key::List(name)
            | Key::Experiment(name)
            | Key::Holdout(name) => name,
        }
    }
}

impl Catalog {
    /// Every definition, each after those that it uses.
    pub(super) fn in_order(&self) -> Vec<Key> {
        let all = &self.definitions;
        let traits = all.traits.keys().cloned().map(Key::Trait);
        let conditions = all.conditions.keys().cloned().map(Key::Condition);
        let audiences = all.audiences.keys().cloned().map(Key::Audience);
        let models = all.models.keys().cloned();
        let models = models.map(|(name, version)| Key::Model(name, version));
        let (mut order, mut seen) = (Vec::new(), BTreeSet::new());
        let keys = traits.chain(models).chain(conditions).chain(audiences);
        keys.for_each(|key| self.visit(key, &mut seen, &mut order));
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
        let all = &self.definitions;
        match key {
            Key::Trait(name) => all.traits.get(name).map(|entry| &entry.definition),
            Key::Model(name, version) => self.model(name, *version).map(|entry| &entry.definition),
            Key::Condition(name) => all.conditions.get(name).map(|entry| &entry.definition),
            Key::Audience(name) => all.audiences.get(name).map(|entry| &entry.definition),
            Key::List(name) => all.lists.get(name).map(|entry| &entry.definition),
            Key::Experiment(name) => all.experiments.get(name).map(|entry| &entry.definition),
            Key::Holdout(_) => None,
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
                && !self.awaited.contains(&key)
                && self.definition(&key).is_some_and(|found| change.touches(&found.uses));
            if !is_touched {
                continue;
            }
            let is_same_text = change.is_same_text;
            let differs = match &key {
                Key::Trait(name) => self.derive_trait(name, span, at, is_same_text)?,
                Key::Model(name, version) => self.derive_model((name, *version), span, at)?,
                // Whoever uses it says whether it comes to something else there.
                Key::Condition(name) => self.derive_condition(name, span, at, is_same_text)?,
                Key::Audience(name) => match self.derive_audience(name, span, at, is_same_text)? {
                    Some(audience) => {
                        changed.extend(self.stands(name).then_some(audience));
                        true
                    }
                    None => false,
                },
                Key::List(_) | Key::Experiment(_) | Key::Holdout(_) => false,
            };
            if differs {
                change.keys.insert(key);
            }
        }
        Ok(changed)
    }

    /// What a definition is read with: a change that leaves its text as it is
    /// does not teach it what has become known since.
    fn known_to(&self, definition: &Definition, is_same_text: bool) -> (Catalog, Arc<Lists>) {
        let mut known = self.clone();
        if is_same_text {
            known.assume_lists(&definition.basis);
            return (known, definition.basis.clone());
        }
        let basis = Arc::new(known.lists());
        (known, basis)
    }

    fn derive_trait(
        &mut self,
        name: &Text,
        span: Span,
        at: Timestamp,
        is_same_text: bool,
    ) -> Result<bool, Vec<Diagnostic>> {
        let Some(entry) = self.definitions.traits.get(name) else { return Ok(false) };
        let statement = entry.definition.statement.clone();
        let Some(parts) = TraitParts::of(&statement.kind) else { return Ok(false) };
        let (known, basis) = self.known_to(&entry.definition, is_same_text);
        let outcome = resolve::trait_value(&known, &parts, at, Names::Assumed);
        let (found, uses, size) = sound(outcome, &Key::Trait(name.clone()), span)?;
        // What it comes to with other arguments is for its users to say.
        let same = entry.value == found.expr && entry.kinds == found.kinds;
        let differs = !same || !parts.params.is_empty();
        let mut next = TraitEntry {
            value: found.expr,
            kinds: found.kinds,
            elements: found.elements,
            motion: found.motion,
            size,
            ..entry.clone()
        };
        (next.definition.uses, next.definition.basis) = (uses, basis);
        if !same && !is_same_text {
            step(&mut next.definition, at);
        }
        Arc::make_mut(&mut self.definitions).traits.insert(name.clone(), next);
        Ok(differs)
    }

    fn derive_condition(
        &mut self,
        name: &Text,
        span: Span,
        at: Timestamp,
        is_same_text: bool,
    ) -> Result<bool, Vec<Diagnostic>> {
        let Some(entry) = self.definitions.conditions.get(name) else { return Ok(false) };
        let statement = entry.definition.statement.clone();
        let Some(parts) = ConditionParts::of(&statement.kind) else { return Ok(false) };
        let (known, basis) = self.known_to(&entry.definition, is_same_text);
        let outcome = resolve::condition(&known, &parts, at, Names::Assumed);
        let (_, uses, _) = sound(outcome, &Key::Condition(name.clone()), span)?;
        let definitions = Arc::make_mut(&mut self.definitions);
        if let Some(entry) = definitions.conditions.get_mut(name) {
            (entry.definition.uses, entry.definition.basis) = (uses, basis);
        }
        Ok(true)
    }

    fn derive_audience(
        &mut self,
        name: &Text,
        span: Span,
        at: Timestamp,
        is_same_text: bool,
    ) -> Result<Option<Arc<Audience>>, Vec<Diagnostic>> {
        let Some(entry) = self.definitions.audiences.get(name) else { return Ok(None) };
        let statement = entry.definition.statement.clone();
        let Some(parts) = AudienceParts::of(&statement.kind) else { return Ok(None) };
        let (known, basis) = self.known_to(&entry.definition, is_same_text);
        let outcome = resolve::audience(&known, &parts, at, Names::Assumed);
        let (found, uses, size) = sound(outcome, &Key::Audience(name.clone()), span)?;
        let earlier = &entry.audience;
        let same = earlier.condition == found.condition && earlier.zone == found.zone;
        let differs = !same || !parts.params.is_empty();
        let mut next = AudienceEntry { size, ..entry.clone() };
        (next.definition.uses, next.definition.basis) = (uses, basis);
        if !same {
            if !is_same_text {
                step(&mut next.definition, at);
            }
            next.audience = Arc::new(Audience {
                name: name.clone(),
                version: next.definition.version,
                condition: found.condition,
                zone: found.zone,
            });
        }
        let audience = next.audience.clone();
        Arc::make_mut(&mut self.definitions).audiences.insert(name.clone(), next);
        Ok(differs.then_some(audience))
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
    let Outcome { result, diagnostics, uses, size, .. } = outcome;
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
