//! A word that a filter asks for: rows are parted by it once for all who ask of
//! the same column, and each of them looks at its own part. Elements of arrays are
//! told by it first even where one alone asks.

use super::gather::Named;
use super::tree::{Check, Expr, Filter, Read, Test};
use crate::model::{Step, Text, Value};
use crate::query::predicate::{Comparison, Tree, Type};

/// One of the tests of a filter that all must pass: a text that is the same as another.
#[derive(Clone, Debug)]
pub struct Switch {
    pub column: usize,
    /// The key under which a row or an element has the text.
    pub key: Text,
    pub word: Text,
    /// What else the filter asks.
    pub rest: Option<Filter>,
    /// Whether the key is that of the innermost element.
    pub inner: bool,
}

impl Switch {
    /// The first such test, if one filter alone lets rows through.
    pub fn of(filters: &[Named]) -> Option<Switch> {
        let [Named { name: None, filter: Some(filter) }] = filters else { return None };
        let whole = std::slice::from_ref(filter);
        let parts = if let Tree::All(parts) = filter { parts } else { whole };
        let (place, found) = parts.iter().enumerate().find_map(|(place, part)| match part {
            Tree::Leaf(test) => Some((place, Switch::of_test(test)?)),
            _ => None,
        })?;
        let others = parts.iter().enumerate().filter(|(other, _)| *other != place);
        let rest: Vec<Filter> = others.map(|(_, part)| part.clone()).collect();
        Some(Switch { rest: (!rest.is_empty()).then_some(Tree::All(rest)), ..found })
    }

    fn of_test(test: &Test) -> Option<Switch> {
        let Expr::Read(Read::Cell { column, path, inner, declared }) = &test.subject else {
            return None;
        };
        let Check::Compare(Comparison::Equal, Expr::Literal(Value::Text(word))) = &test.check
        else {
            return None;
        };
        let (column, word, inner) = (*column, word.clone(), *inner);
        match (path.steps(), declared) {
            ([Step::Key(key)], None | Some(Type::Text | Type::Id)) => {
                Some(Switch { column, key: key.clone(), word, rest: None, inner })
            }
            _ => None,
        }
    }

    /// Whether both ask the same column.
    pub fn is_beside(&self, other: &Switch) -> bool {
        (self.column, self.inner) == (other.column, other.inner)
    }
}
