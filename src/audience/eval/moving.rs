//! What moves while nothing happens.

use super::super::plan::Kept;
use super::choice::choice_moves;
use crate::query::predicate::{
    Calendar, Check, Expr, PersonLeaf, Point, RowLeaf, Scalar, Test, Window,
};

/// A leaf, of which most stay while nothing happens.
pub(crate) trait Moves {
    /// Whether it may change by itself before what was noted of it does.
    fn moves(&self) -> bool;
}

impl Moves for PersonLeaf {
    /// What events say may depend on now: `sum(order: days since when)`.
    fn moves(&self) -> bool {
        match self {
            PersonLeaf::Aggregate(aggregate) => aggregate.value.as_ref().is_some_and(expr_moves),
            _ => false,
        }
    }
}

impl Moves for RowLeaf {
    fn moves(&self) -> bool {
        matches!(self, RowLeaf::Person(leaf) if leaf.moves())
    }
}

impl Moves for Kept {
    /// What moves is not kept.
    fn moves(&self) -> bool {
        false
    }
}

/// Whether the answer of a test may change though no leaf does.
pub(crate) fn test_moves<L: Moves>(test: &Test<L>) -> bool {
    expr_moves(&test.subject)
        || match &test.check {
            Check::Compare(_, other) => expr_moves(other),
            Check::Known(_)
            | Check::OneOf { .. }
            | Check::Matches(_)
            | Check::InNetwork(_)
            | Check::Near { .. } => false,
            Check::Version(all) => all.iter().any(|(_, other)| expr_moves(other)),
            Check::Between(low, high) => expr_moves(low) || expr_moves(high),
            Check::Text { part, .. } => expr_moves(part),
            Check::Has { elements, .. } => elements.iter().any(expr_moves),
            Check::During(window, _) => window_moves(window),
        }
}

pub(crate) fn expr_moves<L: Moves>(expr: &Expr<L>) -> bool {
    match expr {
        Expr::Leaf(leaf) => leaf.moves(),
        Expr::Literal(_) => false,
        Expr::Arithmetic { left, right, .. } => expr_moves(left) || expr_moves(right),
        Expr::Negative(inner) => expr_moves(inner),
        Expr::Coalesce(parts) => parts.iter().any(expr_moves),
        Expr::Elapsed { .. } => true,
        Expr::Call { function, of, .. } => *function == Scalar::Anniversary || expr_moves(of),
        Expr::Choice(choice) => choice_moves(choice),
    }
}

/// Whether a point may lie elsewhere though no leaf changes.
pub(crate) fn point_moves<L: Moves>(point: &Point<L>) -> bool {
    match point {
        Point::Value(expr, _) => expr_moves(expr),
        _ => false,
    }
}

fn window_moves<L: Moves>(window: &Window<L>) -> bool {
    match window {
        Window::Last { .. } | Window::Next { .. } | Window::Ago { .. } => true,
        Window::Calendar(of, _) => !matches!(of, Calendar::AnyMonth { .. }),
        Window::Range { from, to } => {
            [from, to].into_iter().flatten().any(|edge| point_moves(&edge.point))
        }
        Window::Within { point, .. } => point_moves(point),
    }
}
