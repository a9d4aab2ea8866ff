//! Where in a comparison that cannot be kept live the trouble stands.

use super::Typed;
use super::motion::Motion;
use crate::lang::Span;
use crate::lang::tree::{self, ValueKind};
use crate::model::Value;
use crate::query::predicate::{Expr, Moves, Unsolved, unsolved};

/// One side of a comparison, as it is resolved and, where it is a value, as it is written.
pub(super) struct Side<'a, L> {
    pub(super) typed: &'a Typed<L>,
    pub(super) shown: Option<&'a tree::Value>,
}

impl<'a, L> Side<'a, L> {
    pub(super) fn new(typed: &'a Typed<L>, shown: &'a tree::Value) -> Side<'a, L> {
        Side { typed, shown: Some(shown) }
    }

    /// What goes by days and months stays from midnight to midnight.
    fn expr(&self) -> Expr<L>
    where
        L: Clone,
    {
        match self.typed.motion {
            Motion::Still => Expr::Literal(Value::Null),
            _ => self.typed.expr.clone(),
        }
    }

    /// The least part of the side of which it cannot be told how it moves.
    pub(super) fn part(&self) -> Span
    where
        L: Moves,
    {
        self.shown.map_or(self.typed.span, |shown| part(shown, &self.typed.expr))
    }
}

/// Why it cannot be told when the first of these changes sides with any other, and
/// where that stands: in one of them, or in two together.
pub(super) fn trouble<L: Moves + Clone>(sides: &[Side<'_, L>]) -> Option<(Unsolved, Span)> {
    let alone = |side: &Side<'_, L>| Some((unsolved(&side.expr(), None)?, side.part()));
    let [one, others @ ..] = sides else { return None };
    let together = |other: &Side<'_, L>| {
        let why = unsolved(&one.expr(), Some(&other.expr()))?;
        Some((why, one.typed.span.to(other.typed.span)))
    };
    sides.iter().find_map(alone).or_else(|| others.iter().find_map(together))
}

fn part<L: Moves>(shown: &tree::Value, expr: &Expr<L>) -> Span {
    let parts: Vec<(&tree::Value, &Expr<L>)> = match (&shown.kind, expr) {
        (ValueKind::Arithmetic(_, a, b), Expr::Arithmetic { left, right, .. }) => {
            vec![(a, left), (b, right)]
        }
        (ValueKind::Negative(shown), Expr::Negative(inner)) => vec![(shown, inner)],
        (ValueKind::Call(_, shown), Expr::Coalesce(parts)) => shown.iter().zip(parts).collect(),
        (ValueKind::Choice(shown), Expr::Choice(choice)) => {
            vec![(&shown.then, &choice.then), (&shown.otherwise, &choice.otherwise)]
        }
        _ => Vec::new(),
    };
    let mut bent = parts.into_iter().filter(|(_, part)| unsolved(part, None).is_some());
    bent.next().map_or(shown.span, |(shown, expr)| part(shown, expr))
}
