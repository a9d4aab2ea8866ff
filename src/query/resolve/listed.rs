//! Lists: values in them, people named in them.

use super::leaf::Leaf;
use super::{Kinds, Resolver, Typed};
use crate::lang::tree;
use crate::lang::{Code, Diagnostic};
use crate::query::catalog::{Key, ListEntry};
use crate::query::predicate::{Check, Condition, Predicate, Tree, Type};

impl<'a> Resolver<'a> {
    /// `people in list NAME`.
    pub(super) fn people_in_list(&mut self, name: &tree::Name) -> Option<Condition> {
        let entry = self.known_list(name)?;
        if entry.list.of != Type::Id {
            let of = super::written(entry.of);
            let message = format!("`{}` is a list of {of}, and people are named by ids", name.node);
            return self.refuse(
                Diagnostic::error(Code::TypeMismatch, name.span, message)
                    .help(format!("test a value: `email in list {}`", name.node)),
            );
        }
        Some(Tree::Leaf(Predicate::Listed(entry.list.clone())))
    }

    /// `VALUE in list NAME`.
    pub(super) fn value_in_list<L: Leaf>(
        &mut self,
        subject: &Typed<L>,
        name: &tree::Name,
    ) -> Option<Check<L>> {
        let entry = self.known_list(name)?;
        if entry.list.of == Type::Id {
            let message = format!("`{}` is a list of ids, which name people", name.node);
            return self.refuse(
                Diagnostic::error(Code::TypeMismatch, name.span, message)
                    .help(format!("write `people in list {}`", name.node)),
            );
        }
        let rule = format!("`{}` is a list of {}", name.node, super::written(entry.of));
        self.must_be(subject, Kinds::of(entry.of), &rule)?;
        Some(Check::InList(entry.list.clone()))
    }

    fn known_list(&mut self, name: &tree::Name) -> Option<&'a ListEntry> {
        let catalog = self.catalog;
        match catalog.list(&name.node) {
            Some(entry) => {
                self.uses.lists.insert(name.node.clone());
                self.names_key(Key::List(name.node.clone()), name.span);
                Some(entry)
            }
            None => self.unknown_list(name),
        }
    }

    /// Nothing of that name is there, and what may have been meant.
    pub(super) fn unknown_list<T>(&mut self, name: &tree::Name) -> Option<T> {
        let known: Vec<&str> = self.catalog.value_lists().map(|found| &*found.list.name).collect();
        let message = format!("unknown list `{}`", name.node);
        let found = Diagnostic::error(Code::UnknownList, name.span, message)
            .label(format!("no such list ({} known)", known.len()));
        let meant = crate::lang::nearest(&name.node, known.iter().map(|known| (*known, 0)));
        self.refuse(match meant {
            Some(meant) => found.help(format!("did you mean `{meant}`?")),
            None => found.help(format!("make it: `create list {} of text`", name.node)),
        })
    }
}
