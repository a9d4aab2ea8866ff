//! Several definitions taken in as one.
//!
//! On the way from the first to the last, definitions may fit together no
//! more: a trait has another type already, and the audience that reads it is
//! still as it was. So whoever is to be said anew is not asked before its turn.

use super::Catalog;
use super::change::Key;
use super::define::{Defined, key_of};
use crate::lang::tree::{Kind, Name, Statement, StatementKind};
use crate::lang::{Code, Diagnostic};
use crate::model::{Text, Timestamp};
use crate::query::resolve::Names;
use std::collections::BTreeSet;

/// What is wrong with one statement of a program: its place among them, and why.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// Which statement; none if it is about all of them.
    pub statement: Option<usize>,
    /// What is wrong.
    pub diagnostic: Diagnostic,
}

impl Catalog {
    /// Takes several definitions in as one: all of them, or on an error none.
    /// Each stands after those that it uses, and drops come last.
    ///
    /// ```
    /// use throng::lang::parse;
    /// use throng::model::Timestamp;
    /// use throng::query::catalog::Catalog;
    ///
    /// let mut catalog = Catalog::default();
    /// let text = "declare event order; create audience buyers is people who did order";
    /// let defined = catalog.define_all(&parse(text).statements, Timestamp::EPOCH).unwrap();
    /// assert_eq!(defined.len(), 2);
    /// ```
    ///
    /// # Errors
    /// The first statement that cannot be, with why.
    pub fn define_all(
        &mut self,
        statements: &[Statement],
        at: Timestamp,
    ) -> Result<Vec<Defined>, Vec<Wrong>> {
        self.define_all_with(statements, at, Names::Checked)
    }

    /// The same for definitions that were accepted before.
    pub fn define_all_again(
        &mut self,
        statements: &[Statement],
        at: Timestamp,
    ) -> Result<Vec<Defined>, Vec<Wrong>> {
        self.define_all_with(statements, at, Names::Assumed)
    }

    fn define_all_with(
        &mut self,
        statements: &[Statement],
        at: Timestamp,
        names: Names,
    ) -> Result<Vec<Defined>, Vec<Wrong>> {
        let mut next = self.clone();
        if statements.len() > 1 {
            next.awaited = statements.iter().flat_map(|it| next.keys_of(it)).collect();
        }
        let mut all = Vec::new();
        for (place, statement) in statements.iter().enumerate() {
            for key in next.keys_of(statement) {
                next.awaited.remove(&key);
            }
            let defined = next.apply(statement, at, names);
            all.push(defined.map_err(|found| wrong_at(place, found))?);
        }
        next.awaited = BTreeSet::new();
        *self = next;
        Ok(all)
    }

    /// The definitions that a statement makes or ends.
    fn keys_of(&self, statement: &Statement) -> Vec<Key> {
        match &statement.kind {
            StatementKind::Drop(Kind::Model, name) => self.versions_of(&name.node),
            StatementKind::Drop(kind, name) => key_of(*kind, name).into_iter().collect(),
            kind => created(kind).map(|(key, _)| key).into_iter().collect(),
        }
    }

    /// Every version of a model.
    pub(super) fn versions_of(&self, model: &Text) -> Vec<Key> {
        let known = self.definitions.models.keys().filter(|(name, _)| name == model);
        known.map(|(name, version)| Key::Model(name.clone(), *version)).collect()
    }
}

pub(super) fn wrong_at(place: usize, found: Vec<Diagnostic>) -> Vec<Wrong> {
    let wrong = |diagnostic| Wrong { statement: Some(place), diagnostic };
    found.into_iter().map(wrong).collect()
}

/// Whether a name is unknown only because the statement that would have
/// defined it is wrong itself: that says nothing new.
pub(crate) fn follows(found: &Diagnostic, lost: &BTreeSet<&Text>) -> bool {
    let is_unknown = matches!(
        found.code,
        Code::UnknownAudience
            | Code::UnknownName
            | Code::UnknownEvent
            | Code::UnknownAttribute
            | Code::UnknownCondition
            | Code::UnknownFunction
            | Code::UnknownList
            | Code::UnknownExperiment
            | Code::UnknownHoldout
            | Code::Model
    );
    let names_one = |name: &&Text| found.message.contains(&format!("`{name}`"));
    is_unknown && lost.iter().any(names_one)
}

/// What a `create` makes, and where its name stands.
pub(super) fn created(kind: &StatementKind) -> Option<(Key, &Name)> {
    let (of, name): (fn(Text) -> Key, _) = match kind {
        StatementKind::CreateAudience { name, .. } => (Key::Audience, name),
        StatementKind::CreateTrait { name, .. } => (Key::Trait, name),
        StatementKind::CreateCondition { name, .. } => (Key::Condition, name),
        StatementKind::CreateList { name, .. } => (Key::List, name),
        StatementKind::CreateExperiment { name, .. } => (Key::Experiment, name),
        StatementKind::CreateModel { name, version, .. } => {
            return Some((Key::Model(name.node.clone(), version.node), name));
        }
        _ => return None,
    };
    Some((of(name.node.clone()), name))
}

/// The same `create`, which may or may not take the place of what is there.
pub(super) fn replacing(statement: &Statement, replaces: bool) -> Statement {
    let mut statement = statement.clone();
    match &mut statement.kind {
        StatementKind::CreateAudience { replace, .. }
        | StatementKind::CreateTrait { replace, .. }
        | StatementKind::CreateCondition { replace, .. }
        | StatementKind::CreateList { replace, .. }
        | StatementKind::CreateExperiment { replace, .. }
        | StatementKind::CreateModel { replace, .. } => *replace = replaces,
        _ => {}
    }
    statement
}
