//! W205 of lists: asked as if they were one value, or for elements that they
//! do not have.

use super::lint::noun;
use super::typed::Lists;
use super::{Resolver, Typed};
use crate::lang::tree::{self, Comparison, Literal, Place, ValueKind};
use crate::lang::{Code, Span, print_condition, print_value};
use crate::model::{Kind, agreeing, counted};
use crate::query::catalog::KINDS;

impl Resolver<'_> {
    /// A list equals no text and contains none: its elements are asked for by `has`.
    pub(super) fn warn_of_lists<L>(
        &mut self,
        shown: &tree::Value,
        subject: &Typed<L>,
        test: &tree::Test,
    ) {
        let Some(stored) = subject.stored.as_ref().filter(|stored| !stored.declared) else {
            return;
        };
        let (Some(n), true) = (stored.n_lists(), reads_one(test)) else { return };
        let values = counted(n, "value", "values");
        let message = format!("{values} of `{}` {}", stored.name, are_lists(n));
        let help = match asked_of_elements(shown, test) {
            Some(instead) => format!("to ask for an element write `{instead}`"),
            None => format!("to ask for an element write `{} has ...`", print_value(shown)),
        };
        self.warn(Code::OtherKind, subject.span, message, Some(help));
    }

    /// `items has "shoes"` finds nothing where the elements are objects.
    pub(super) fn warn_of_elements<L>(&mut self, subject: &Typed<L>, element: &Typed<L>) {
        let Some(stored) = subject.stored.as_ref().filter(|stored| !stored.declared) else {
            return;
        };
        let Some(seen) = stored.seen.as_ref().filter(|_| stored.lists == Lists::AsSeen) else {
            return;
        };
        let is_other = |kind: &Kind| !element.kinds.reads(*kind);
        let others = KINDS.into_iter().filter(is_other);
        let others: Vec<(Kind, u64)> = others
            .map(|kind| (kind, seen.elements_of_kind(kind)))
            .filter(|(_, n)| *n > 0)
            .collect();
        let n: u64 = others.iter().map(|(_, n)| n).sum();
        let Some((most, _)) = others.into_iter().max_by_key(|(_, n)| *n) else { return };
        let message = format!(
            "{} of `{}` {} {}",
            counted(n, "element", "elements"),
            stored.name,
            agreeing(n, "is", "are"),
            noun(n, most)
        );
        let help = match most {
            Kind::Object => {
                "name the field that is meant, as in `items.category has \"shoes\"`".into()
            }
            _ => format!("this looks for {}", element.kinds.words()),
        };
        self.warn(Code::OtherKind, subject.span, message, Some(help));
    }
}

fn are_lists(n: u64) -> String {
    format!("{} {}", agreeing(n, "is", "are"), if n == 1 { "a list" } else { "lists" })
}

/// Whether a test reads one value, as no list is; one that is compared with
/// another name may be compared with a list.
fn reads_one(test: &tree::Test) -> bool {
    match test {
        tree::Test::Compare(_, other) => {
            matches!(&other.kind, ValueKind::Literal(literal) if *literal != Literal::Missing)
        }
        tree::Test::OneOf { .. }
        | tree::Test::Between(..)
        | tree::Test::Text { .. }
        | tree::Test::InList(_)
        | tree::Test::Matches(_) => true,
        _ => false,
    }
}

/// The same asked of the elements.
fn asked_of_elements(shown: &tree::Value, test: &tree::Test) -> Option<String> {
    let (negated, instead) = match test {
        tree::Test::Compare(Comparison::Equal, other) => (false, tree::Test::Has(other.clone())),
        tree::Test::Compare(Comparison::NotEqual, other) => (true, tree::Test::Has(other.clone())),
        tree::Test::OneOf { negated, values } => {
            (*negated, tree::Test::HasOf { all: false, values: values.clone() })
        }
        tree::Test::Text { place: Place::Anywhere, part, .. } => {
            (false, tree::Test::Has(part.clone()))
        }
        _ => return None,
    };
    let span = Span::default();
    let is = tree::Predicate::Is(shown.clone(), instead);
    let asked = tree::Condition::Predicate(is, span);
    let asked = if negated { tree::Condition::Not(Box::new(asked), span) } else { asked };
    Some(print_condition(&asked))
}
