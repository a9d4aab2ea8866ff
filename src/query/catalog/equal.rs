//! W208: two audiences of one meaning.

use super::Catalog;
use crate::lang::{Code, Diagnostic, Span};
use crate::query::predicate::{Audience, Condition, CountRange, Occurrence, Predicate, Tree};

impl Catalog {
    /// What to say of an audience that means what another one means.
    pub(super) fn warn_of_equal(&self, audience: &Audience, span: Span) -> Option<Diagnostic> {
        let meant = canonical(&audience.condition, true);
        let is_equal = |other: &&std::sync::Arc<Audience>| {
            other.name != audience.name
                && other.zone == audience.zone
                && canonical(&other.condition, true) == meant
        };
        let other = self.audiences().find(is_equal)?;
        let message = format!("audience `{}` has the same meaning", other.name);
        Some(
            Diagnostic::warning(Code::EqualAudience, span, message)
                .help(format!("one is enough: `in audience {}` stands for both", other.name)),
        )
    }
}

/// A condition as a text that is the same for all orders of its parts and all
/// ways to deny them. Nothing of a leaf is left out.
fn canonical(condition: &Condition, holds: bool) -> String {
    match (condition, holds) {
        (Tree::Not(inner), _) => canonical(inner, !holds),
        (Tree::All(_) | Tree::Any(_), _) => {
            let is_all = matches!(condition, Tree::All(_)) == holds;
            let mut parts = Vec::new();
            flatten(condition, holds, is_all, &mut parts);
            parts.sort();
            parts.dedup();
            if parts.len() == 1 {
                return parts.remove(0);
            }
            format!("{}({})", if is_all { "all" } else { "any" }, parts.join(","))
        }
        (Tree::Leaf(leaf), holds) => match complement(leaf) {
            Some(other) => canonical(&Tree::Leaf(other), !holds),
            None if holds => leaf_text(leaf),
            None => format!("not({})", leaf_text(leaf)),
        },
    }
}

/// The parts of a conjunction or a disjunction, with those of its kind inside it.
fn flatten(condition: &Condition, holds: bool, is_all: bool, found: &mut Vec<String>) {
    match condition {
        Tree::Not(inner) => flatten(inner, !holds, is_all, found),
        Tree::All(parts) if holds == is_all => {
            parts.iter().for_each(|part| flatten(part, holds, is_all, found));
        }
        Tree::Any(parts) if holds != is_all => {
            parts.iter().for_each(|part| flatten(part, holds, is_all, found));
        }
        other => found.push(canonical(other, holds)),
    }
}

/// `at most 2 times` is the complement of `at least 3 times`.
fn complement(leaf: &Predicate) -> Option<Predicate> {
    let Predicate::Did(found) = leaf else { return None };
    let (0, Some(most)) = (found.count.least, found.count.most) else { return None };
    let count = CountRange { least: most.checked_add(1)?, most: None };
    Some(Predicate::Did(Occurrence { count, ..found.clone() }))
}

fn leaf_text(leaf: &Predicate) -> String {
    match leaf {
        Predicate::InAudience(audience) => {
            format!("in({}, {})", audience.name, canonical(&audience.condition, true))
        }
        other => format!("{other:?}"),
    }
}
