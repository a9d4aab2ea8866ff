//! Models: each version a definition of its own.

use super::Catalog;
use super::change::Key;
use super::define::{Defined, Done, change_of, done, succeed};
use super::definition::{Definition, ModelEntry};
use crate::lang::tree::{ModelSource, Statement, StatementKind};
use crate::lang::{Code, Diagnostic, Span};
use crate::model::{Text, Timestamp};
use crate::query::resolve::{self, Names};
use std::sync::Arc;

impl Catalog {
    /// A version of a model.
    pub fn model(&self, name: &str, version: u64) -> Option<&ModelEntry> {
        let models = &self.definitions.models;
        models.iter().find(|((known, n), _)| **known == *name && *n == version).map(|(_, it)| it)
    }

    /// Every version of every model, by name.
    pub fn models(&self) -> impl Iterator<Item = &ModelEntry> {
        self.definitions.models.values()
    }

    pub(super) fn create_model(
        &mut self,
        statement: &Statement,
        at: Timestamp,
        names: Names,
    ) -> Done {
        let StatementKind::CreateModel { replace, name, version, source } = &statement.kind else {
            return Ok(Defined::default());
        };
        let source = match source {
            ModelSource::Text(text) => text,
            ModelSource::File(path) => return Err(vec![unread(path.span)]),
        };
        let key = Key::Model(name.node.clone(), version.node);
        self.may_create(&key, *replace, name)?;
        let of = (&name.node, version.node);
        let outcome = resolve::model(self, of, source, at, names);
        let Some(score) = outcome.result else { return Err(outcome.diagnostics) };
        self.may_not_cycle(&key, &outcome.uses, name)?;
        let fresh = Definition::new(statement, outcome.uses, at);
        let earlier = self.model(&name.node, version.node);
        let same = earlier.is_some_and(|earlier| earlier.score == score);
        let definition = succeed(fresh, earlier.map(|entry| &entry.definition), same);
        let message = done(&key, &definition, earlier.is_some(), same);
        let entry = ModelEntry { score, definition, size: outcome.size };
        let place = (name.node.clone(), version.node);
        Arc::make_mut(&mut self.definitions).models.insert(place, entry);
        let changed =
            if same { Vec::new() } else { self.derive_again(change_of(key), name.span, at)? };
        Ok(Defined { changed, message, warnings: outcome.diagnostics, ..Defined::default() })
    }

    /// Every version of a model goes, if nothing asks for one.
    pub(super) fn drop_model(&mut self, name: &Text, span: Span) -> Done {
        let versions: Vec<Key> = self
            .definitions
            .models
            .keys()
            .filter(|(known, _)| known == name)
            .map(|(name, version)| Key::Model(name.clone(), *version))
            .collect();
        if versions.is_empty() {
            let message = format!("model `{name}` does not exist");
            return Err(vec![Diagnostic::error(Code::Model, span, message)]);
        }
        for key in &versions {
            self.may_drop(key, span)?;
        }
        Arc::make_mut(&mut self.definitions).models.retain(|(known, _), _| known != name);
        Ok(Defined { message: format!("model `{name}` dropped"), ..Defined::default() })
    }

    pub(super) fn derive_model(
        &mut self,
        (name, version): (&Text, u64),
        span: Span,
        at: Timestamp,
    ) -> Result<bool, Vec<Diagnostic>> {
        let Some(entry) = self.model(name, version) else { return Ok(false) };
        let statement = entry.definition.statement.clone();
        let StatementKind::CreateModel { source: ModelSource::Text(source), .. } = &statement.kind
        else {
            return Ok(false);
        };
        let outcome = resolve::model(self, (name, version), source, at, Names::Assumed);
        let key = Key::Model(name.clone(), version);
        let (score, uses, size) = super::change::sound(outcome, &key, span)?;
        let same = entry.score == score;
        let mut next = ModelEntry { score, size, ..entry.clone() };
        next.definition.uses = uses;
        if !same {
            super::change::step(&mut next.definition, at);
        }
        let place = (name.clone(), version);
        Arc::make_mut(&mut self.definitions).models.insert(place, next);
        Ok(!same)
    }
}

/// A file is read where the text is written, so that nothing but the text says what it holds.
fn unread(span: Span) -> Diagnostic {
    Diagnostic::error(Code::Model, span, "this file was not read").help(
        "files are read by `throng query`, `throng shell` and scripts; elsewhere give what it \
         holds: `create model \"m\" version 1 is \"{...}\"`, or a parameter",
    )
}
