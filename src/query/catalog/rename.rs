//! Another name for a definition: those that name it are written anew and mean
//! what they meant.

use super::Catalog;
use super::change::{Change, Key};
use super::define::{Defined, Done, key_of};
use super::definition::Definition;
use crate::lang::tree::{Kind, Name, Statement, StatementKind};
use crate::lang::{Code, Diagnostic, Span, parse, print, print_name};
use crate::model::{Text, Timestamp};
use crate::query::predicate::{Audience, List};
use crate::query::resolve::{self, AudienceParts, ConditionParts, Names, TraitParts};
use std::sync::Arc;

impl Catalog {
    pub(super) fn rename(
        &mut self,
        kind: Kind,
        from: &Name,
        to: &Name,
        at: Timestamp,
        names: Names,
    ) -> Done {
        let (key, new) = (key_of(kind, from)?, key_of(kind, to)?);
        if self.definition(&key).is_none() {
            return Err(vec![self.nothing_there(&key, from)]);
        }
        if kind == Kind::Experiment {
            return Err(vec![redrawn(from)]);
        }
        if self.definition(&new).is_some() {
            return Err(vec![taken(&new, to)]);
        }
        self.may_create(&new, false, to)?;
        if kind == Kind::Trait {
            self.may_be_trait(to, names)?;
        }
        let users = self.users_of(&key);
        for user in &users {
            self.rewrite(user, &key, &new, at);
        }
        self.take_name(&key, &to.node);
        let keys = [new.clone()].into();
        let change = Change { keys, is_same_text: true, ..Change::default() };
        let mut defined = Defined {
            message: format!("{} is called `{}`", key.words(), to.node),
            ..Defined::default()
        };
        if let Key::Audience(name) = &key {
            let entry = self.definitions.audiences.get(&to.node);
            let stands = entry.filter(|entry| entry.stands);
            defined.renewed.extend(stands.map(|entry| entry.audience.clone()));
            defined.dropped.extend(stands.map(|_| name.clone()));
        }
        defined.renewed.extend(self.derive_again(change, from.span, at)?);
        Ok(defined)
    }

    /// Writes a definition anew with another name in it.
    fn rewrite(&mut self, user: &Key, from: &Key, to: &Key, at: Timestamp) {
        let Some(definition) = self.definition(user) else { return };
        let text = definition.text.clone();
        let Some(statement) = parse(&text).statements.pop() else { return };
        let mut places = self.places(&statement, from, at);
        places.sort_unstable();
        places.dedup();
        let mut written = text.to_string();
        for span in places.into_iter().rev() {
            let place = span.start as usize..span.end as usize;
            written.replace_range(place, &name_in(to, from));
        }
        let Some(statement) = parse(&written).statements.pop() else { return };
        let rewritten = |definition: &mut Definition| {
            definition.text = print(&statement).into();
            exchange(&mut definition.uses, from, to.name());
            definition.statement = Arc::new(statement.clone());
        };
        self.with_definition(user, rewritten);
    }

    /// Where a text names a definition.
    fn places(&self, statement: &Statement, key: &Key, at: Timestamp) -> Vec<Span> {
        let kind = &statement.kind;
        let named = match kind {
            StatementKind::CreateAudience { .. } => AudienceParts::of(kind)
                .map(|parts| resolve::audience(self, &parts, at, Names::Assumed).named),
            StatementKind::CreateTrait { .. } => TraitParts::of(kind)
                .map(|parts| resolve::trait_value(self, &parts, at, Names::Assumed).named),
            _ => ConditionParts::of(kind)
                .map(|parts| resolve::condition(self, &parts, at, Names::Assumed).named),
        };
        let named = named.unwrap_or_default().into_iter();
        named.filter(|(known, _)| known == key).map(|(_, span)| span).collect()
    }

    /// The definition itself is called otherwise from here on.
    fn take_name(&mut self, key: &Key, to: &Text) {
        self.with_definition(key, |definition| {
            let mut statement = (*definition.statement).clone();
            call(&mut statement.kind, to);
            definition.text = print(&statement).into();
            // Places in the statement are those of its own text.
            let again = parse(&definition.text).statements.pop();
            definition.statement = Arc::new(again.unwrap_or(statement));
        });
        let all = Arc::make_mut(&mut self.definitions);
        match key {
            Key::Audience(name) => {
                if let Some(mut entry) = all.audiences.remove(name) {
                    let audience = Audience { name: to.clone(), ..(*entry.audience).clone() };
                    entry.audience = Arc::new(audience);
                    all.audiences.insert(to.clone(), entry);
                }
            }
            Key::Trait(name) => {
                if let Some(mut entry) = all.traits.remove(name) {
                    entry.name = to.clone();
                    all.traits.insert(to.clone(), entry);
                }
            }
            Key::Condition(name) => {
                if let Some(mut entry) = all.conditions.remove(name) {
                    entry.name = to.clone();
                    all.conditions.insert(to.clone(), entry);
                }
            }
            Key::List(name) => {
                if let Some(mut entry) = all.lists.remove(name) {
                    entry.list = Arc::new(List { name: to.clone(), ..(*entry.list).clone() });
                    all.lists.insert(to.clone(), entry);
                }
            }
            Key::Model(..) | Key::Experiment(_) | Key::Holdout(_) => {}
        }
    }

    fn with_definition(&mut self, key: &Key, change: impl FnOnce(&mut Definition)) {
        let all = Arc::make_mut(&mut self.definitions);
        let found = match key {
            Key::Trait(name) => all.traits.get_mut(name).map(|entry| &mut entry.definition),
            Key::Condition(name) => all.conditions.get_mut(name).map(|entry| &mut entry.definition),
            Key::Audience(name) => all.audiences.get_mut(name).map(|entry| &mut entry.definition),
            Key::List(name) => all.lists.get_mut(name).map(|entry| &mut entry.definition),
            Key::Experiment(name) => {
                all.experiments.get_mut(name).map(|entry| &mut entry.definition)
            }
            Key::Model(..) | Key::Holdout(_) => None,
        };
        if let Some(definition) = found {
            change(definition);
        }
    }
}

/// The name as it is written where the other one stood.
fn name_in(to: &Key, from: &Key) -> String {
    match from {
        // Only words name traits and conditions.
        Key::Trait(_) | Key::Condition(_) => {
            let printed = print_name(to.name());
            if printed.starts_with('"') { format!("`{}`", to.name()) } else { printed }
        }
        _ => print_name(to.name()),
    }
}

fn exchange(uses: &mut super::Uses, from: &Key, to: &Text) {
    let names = match from {
        Key::Trait(_) => &mut uses.traits,
        Key::Condition(_) => &mut uses.conditions,
        Key::Audience(_) => &mut uses.audiences,
        Key::List(_) => &mut uses.lists,
        Key::Model(..) | Key::Experiment(_) | Key::Holdout(_) => return,
    };
    if names.remove(from.name()) {
        names.insert(to.clone());
    }
}

/// Puts another name at the head of a definition.
fn call(kind: &mut StatementKind, to: &Text) {
    match kind {
        StatementKind::CreateAudience { name, .. }
        | StatementKind::CreateTrait { name, .. }
        | StatementKind::CreateCondition { name, .. }
        | StatementKind::CreateList { name, .. } => name.node = to.clone(),
        _ => {}
    }
}

/// Scores name a model in a text of their own, which no name is put into.
pub(super) fn keeps_its_name(name: &Name) -> Diagnostic {
    Diagnostic::error(Code::Renamed, name.span, "a model keeps its name")
        .help("why: `score(\"...\", 1)` names it by a text")
        .help("create it under the other name, and drop this one")
}

/// A renaming takes no other's place.
fn taken(key: &Key, to: &Name) -> Diagnostic {
    let message = format!("{} is there already", key.words());
    let (kind, drop) = (key.kind(), print_name(&to.node));
    Diagnostic::error(Code::NameTaken, to.span, message)
        .help(format!("choose another name, or take that one away: `drop {kind} {drop}`"))
}

fn redrawn(name: &Name) -> Diagnostic {
    Diagnostic::error(Code::Renamed, name.span, "an experiment keeps its name")
        .help("why: people are drawn by it, and everybody would be drawn again")
        .help("create another experiment, and drop this one")
}
