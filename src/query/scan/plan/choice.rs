//! Conditions inside values, with their leaves put in place.

use super::Plan;
use super::lower::Lower;
use super::tree::{Asked, Choice, Leaf};
use crate::query::predicate::{self as given, Predicate, Tree};
use crate::timeline::ColumnKey;

impl<'c> Plan<'c> {
    pub(super) fn choice<L: Lower>(
        &mut self,
        choice: &'c given::Choice<L>,
        columns: &mut Vec<ColumnKey>,
    ) -> Choice {
        Choice {
            condition: self.asked(&choice.condition, columns),
            then: self.expr(&choice.then, columns),
            otherwise: self.expr(&choice.otherwise, columns),
        }
    }

    fn asked<L: Lower>(
        &mut self,
        condition: &'c Tree<given::Asked<L>>,
        columns: &mut Vec<ColumnKey>,
    ) -> Tree<Asked> {
        let mut each = |parts: &'c [Tree<given::Asked<L>>]| {
            parts.iter().map(|part| self.asked(part, columns)).collect()
        };
        match condition {
            Tree::All(parts) => Tree::All(each(parts)),
            Tree::Any(parts) => Tree::Any(each(parts)),
            Tree::Not(inner) => Tree::Not(Box::new(self.asked(inner, columns))),
            Tree::Leaf(given::Asked::Is(test)) => {
                Tree::Leaf(Asked::Is(Box::new(self.test(test, columns))))
            }
            Tree::Leaf(given::Asked::Person(predicate)) => self.of_person(predicate),
        }
    }

    /// What is asked of the person. An audience is written out: what it needs must
    /// be there before the value is read, and its members are sets that come later.
    fn of_person(&mut self, predicate: &'c Predicate) -> Tree<Asked> {
        match predicate {
            Predicate::InAudience(audience) => self.written_out(&audience.condition),
            other => {
                let leaf: Leaf = self.predicate(other);
                Tree::Leaf(Asked::Person(leaf))
            }
        }
    }

    fn written_out(&mut self, condition: &'c given::Condition) -> Tree<Asked> {
        let mut each = |parts: &'c [given::Condition]| {
            parts.iter().map(|part| self.written_out(part)).collect()
        };
        match condition {
            Tree::All(parts) => Tree::All(each(parts)),
            Tree::Any(parts) => Tree::Any(each(parts)),
            Tree::Not(inner) => Tree::Not(Box::new(self.written_out(inner))),
            Tree::Leaf(predicate) => self.of_person(predicate),
        }
    }
}
