//! `if c then a else b` over a stretch of time.

use super::ask::ask;
use super::{Leaves, Moves, Over, Span, over};
use crate::query::predicate::{Asked, Choice, Tree};

/// The value: where the condition turns over inside the stretch, both may be.
pub(super) fn choose<'v, L: Moves>(
    choice: &'v Choice<L>,
    leaves: &'v impl Leaves<L>,
    span: Span,
) -> Over<'v> {
    match holds(&choice.condition, leaves, span) {
        Some(true) => over(&choice.then, leaves, span),
        Some(false) => over(&choice.otherwise, leaves, span),
        None => over(&choice.then, leaves, span).either(over(&choice.otherwise, leaves, span)),
    }
}

/// Whether a condition holds, if it does or does not all through a stretch.
pub(super) fn holds<L: Moves>(
    condition: &Tree<Asked<L>>,
    leaves: &impl Leaves<L>,
    span: Span,
) -> Option<bool> {
    let all = |parts: &[Tree<Asked<L>>], decisive: bool| {
        let mut answer = Some(!decisive);
        for part in parts {
            match holds(part, leaves, span) {
                Some(truth) if truth == decisive => return Some(decisive),
                Some(_) => {}
                None => answer = None,
            }
        }
        answer
    };
    match condition {
        Tree::All(parts) => all(parts, false),
        Tree::Any(parts) => all(parts, true),
        Tree::Not(inner) => holds(inner, leaves, span).map(|truth| !truth),
        Tree::Leaf(Asked::Is(test)) => ask(test, leaves, span),
        // Like a leaf: whoever answers notes until when the answer stays.
        Tree::Leaf(Asked::Person(predicate)) => Some(leaves.asked(predicate)),
    }
}
