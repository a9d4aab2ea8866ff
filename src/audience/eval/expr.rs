//! Expressions over a stretch of time.

use super::choice::choose;
use super::scalar::scalar;
use super::{Leaves, Moves, Over, Span, elapsed};
use crate::query::predicate::Expr;
use std::borrow::Cow;

/// The value of an expression all through a stretch in which no leaf changes.
pub(crate) fn over<'v, L: Moves>(
    expr: &'v Expr<L>,
    leaves: &'v impl Leaves<L>,
    span: Span,
) -> Over<'v> {
    match expr {
        Expr::Leaf(leaf) => leaves.over(leaf, span),
        Expr::Literal(value) => Over::Is(Cow::Borrowed(value)),
        Expr::Arithmetic { operator, left, right } => {
            over(left, leaves, span).joined(*operator, &over(right, leaves, span))
        }
        Expr::Negative(inner) => over(inner, leaves, span).negated(),
        Expr::Coalesce(parts) => parts
            .iter()
            .map(|part| over(part, leaves, span))
            .find(|value| !matches!(value, Over::Is(value) if value.is_null()))
            .unwrap_or(Over::MISSING),
        Expr::Elapsed { unit, direction, point, zone } => {
            match elapsed::spot(point, leaves, span) {
                Some(spot) => elapsed::elapsed(*unit, *direction, spot, leaves.zone(zone), span),
                None => Over::Unsure,
            }
        }
        Expr::Call { function, of, zone } => {
            let zone = leaves.zone(zone);
            scalar(*function, &over(of, leaves, span), zone, span, leaves.horizon())
        }
        Expr::Choice(choice) => choose(choice, leaves, span),
    }
}
