//! Lists as they stood at an instant of the past, told from the log once more.

use super::Catalog;
use crate::lang::tree::{Kind, Statement, StatementKind, TypeName};
use crate::model::{Identifier, Text, Timestamp};
use std::sync::Arc;

impl Catalog {
    /// Does what a text says of lists, and nothing else that it says. It was
    /// accepted once, so whatever is wrong with it here is of no account.
    pub fn tell_lists(&mut self, text: &str, at: Timestamp) {
        self.tell(text, at, |statement| {
            matches!(
                statement.kind,
                StatementKind::CreateList { .. }
                    | StatementKind::ChangeList { .. }
                    | StatementKind::Drop(Kind::List, _)
                    | StatementKind::Rename(Kind::List, ..)
            )
        });
    }

    /// Gives lists the names that a text gives them; a list whose name another one
    /// takes was dropped before.
    pub fn rename_lists(&mut self, text: &str, at: Timestamp) {
        for statement in &crate::lang::parse(text).statements {
            let StatementKind::Rename(Kind::List, from, to) = &statement.kind else { continue };
            if self.list(&from.node).is_some() {
                let lists = &mut Arc::make_mut(&mut self.definitions).lists;
                lists.remove(&to.node);
                drop(self.define_again(statement, at));
            }
        }
    }

    /// Takes names out of all lists of ids.
    pub fn forget_listed(&mut self, is_gone: impl Fn(&Identifier) -> bool, at: Timestamp) {
        let of_ids = self.value_lists().filter(|entry| entry.of == TypeName::Id);
        let ids = of_ids.flat_map(|entry| entry.list.elements.keys());
        let named = |id: &&Text| id.parse().is_ok_and(|name| is_gone(&name));
        let gone: Vec<Text> = ids.filter(named).cloned().collect();
        drop(self.forget_ids(&gone, at));
    }

    fn tell(&mut self, text: &str, at: Timestamp, is_told: impl Fn(&Statement) -> bool) {
        for statement in crate::lang::parse(text).statements.iter().filter(|it| is_told(it)) {
            drop(self.define_again(statement, at));
        }
    }

    /// These definitions over the lists of another: a list that it has under the
    /// same name and type holds what it holds there, any other one nothing.
    pub fn with_lists_of(&self, past: &Catalog, at: Timestamp) -> Catalog {
        let mut next = self.clone();
        for entry in self.value_lists() {
            let then = past.list(&entry.list.name).filter(|then| then.of == entry.of);
            let elements = then.map(|then| then.list.elements.clone()).unwrap_or_default();
            if elements != entry.list.elements {
                drop(next.put_elements(&entry.list.name, elements, at));
            }
        }
        next
    }
}
