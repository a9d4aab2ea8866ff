//! What was known at an instant of the past: facts received by then, and who was
//! who by the links and the policy of then.
//!
//! Who is who is derived again from the log, for claims that a later one has
//! made needless are not kept. Rows say when they were received.

use super::again::Again;
use super::apply::namespace_of;
use super::view::Shown;
use super::{ApplyError, View};
use crate::identity::{Namespace, Policy};
use crate::lang;
use crate::lang::tree::{Declare, StatementKind};
use crate::model::{Blocked, IdentifierNumber, Input, Pattern, Record, Text, Timestamp};
use crate::query::catalog::Catalog;
use std::sync::Arc;

/// The past being read again. All records up to its instant are taken in once,
/// in order; then [`Past::end`] gives a place to read from.
pub struct Past {
    again: Again,
    view: View,
    at: Timestamp,
    /// Whether identifiers lay under other anchors then, so that rows are made anew.
    is_other_policy: bool,
    /// The lists as they stood, and nothing else.
    lists: Catalog,
}

impl View {
    /// Begins to read what was known at an instant before the view's own.
    pub fn begin_past(&self, at: Timestamp) -> Past {
        let policy = Arc::new(self.policy_at(at));
        let is_other_policy = *policy != *self.policy;
        let new = (policy, Text::from(""));
        let mut again = Again::of(self.policy.clone(), &self.identity, &self.ledger, new);
        again.keeps_rows = is_other_policy;
        Past { again, view: self.clone(), at, is_other_policy, lists: Catalog::default() }
    }

    /// How names were read at an instant.
    fn policy_at(&self, at: Timestamp) -> Policy {
        let mut policy = Policy::standard();
        for told in self.told.iter().filter(|told| told.at <= at.millis()) {
            let (parsed, at) = (lang::parse(&told.text), Timestamp::from_millis(told.at));
            for statement in &parsed.statements {
                let StatementKind::Declare(Declare::Identifier { .. }) = &statement.kind else {
                    continue;
                };
                let defined = Catalog::default().define(statement, at.unwrap_or(Timestamp::MIN));
                let declared = defined.ok().and_then(|defined| defined.identifier);
                declared.into_iter().for_each(|it| policy.declare(namespace_of(it)));
            }
        }
        // What is declared by now keeps its place, and nothing was called by it.
        let known: Vec<Text> = policy.namespaces().map(|it| it.name.clone()).collect();
        for later in self.policy.namespaces().filter(|later| !known.contains(&later.name)) {
            let blocked = Blocked { values: Vec::new(), pattern: Pattern::new("/^/").ok() };
            policy.declare(Namespace { blocked, from: Vec::new(), ..later.clone() });
        }
        policy
    }

    /// What was defined after an instant, each as it was told.
    pub fn told_after(&self, at: Timestamp) -> impl Iterator<Item = &Text> {
        self.told.iter().filter(move |told| told.at > at.millis()).map(|told| &told.text)
    }

    /// Whether somebody was forgotten after an instant.
    pub fn forgets_after(&self, at: Timestamp) -> bool {
        self.ledger.forgets_after(at)
    }
}

impl Past {
    /// Takes a record in; gives whether more are to follow.
    ///
    /// # Errors
    /// If the record cannot be read: it was damaged.
    pub fn take(&mut self, record: Record) -> Result<bool, ApplyError> {
        if record.at > self.at || record.lsn > self.view.lsn {
            return Ok(false);
        }
        self.tell_lists(&record);
        self.again.take(record).map(|()| true)
    }

    fn tell_lists(&mut self, record: &Record) {
        match &record.input {
            Input::Define(text) => self.lists.tell_lists(text, record.at),
            Input::Freeze { list, members } => {
                let identity = &self.view.identity;
                let numbers = members.iter().map(|number| IdentifierNumber(*number));
                let ids = numbers.filter_map(|number| identity.identifier(number).cloned());
                drop(self.lists.freeze(list, &ids.collect::<Vec<_>>(), record.at));
            }
            // Names that were born again name somebody else.
            Input::Forget { .. } => {
                let ledger = &self.view.ledger;
                self.lists.forget_listed(|name| ledger.died_of(name, record.lsn), record.at);
            }
            _ => {}
        }
    }

    /// What was known then, and lists as they stood; a list that was renamed since
    /// is that list. All other definitions, and who was forgotten, are today's.
    pub fn end(mut self) -> View {
        for told in self.view.told_after(self.at) {
            self.lists.rename_lists(told, self.at);
        }
        let catalog = self.view.catalog.with_lists_of(&self.lists, self.at);
        let mut next = self.again.next;
        next.identity.end_again(&next.policy, self.at);
        let mut shown = Shown {
            lsn: next.lsn,
            at: self.at,
            policy: next.policy,
            identity: next.identity,
            known: Some(self.at),
            catalog,
            segments: Default::default(),
            ..Shown::clone(&self.view)
        };
        if self.is_other_policy {
            shown.timeline = next.timeline;
        }
        View::of(shown)
    }
}
