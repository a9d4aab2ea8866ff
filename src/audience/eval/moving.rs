//! What moves while nothing happens.

use super::choice::choice_moves;
use crate::query::predicate::{Calendar, Check, Expr, Point, Scalar, Test, Window};

/// Whether the answer of a test may change though no leaf does.
pub(crate) fn test_moves<L>(test: &Test<L>) -> bool {
    expr_moves(&test.subject)
        || match &test.check {
            Check::Compare(_, other) => expr_moves(other),
            Check::Known(_)
            | Check::OneOf { .. }
            | Check::InList(_)
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

pub(crate) fn expr_moves<L>(expr: &Expr<L>) -> bool {
    match expr {
        Expr::Leaf(_) | Expr::Literal(_) => false,
        Expr::Arithmetic { left, right, .. } => expr_moves(left) || expr_moves(right),
        Expr::Negative(inner) => expr_moves(inner),
        Expr::Coalesce(parts) => parts.iter().any(expr_moves),
        Expr::Elapsed { .. } => true,
        Expr::Call { function, of, .. } => *function == Scalar::Anniversary || expr_moves(of),
        Expr::Choice(choice) => choice_moves(choice),
    }
}

/// Whether a point may lie elsewhere though no leaf changes.
pub(super) fn point_moves<L>(point: &Point<L>) -> bool {
    match point {
        Point::Value(expr, _) => expr_moves(expr),
        _ => false,
    }
}

fn window_moves<L>(window: &Window<L>) -> bool {
    match window {
        Window::Last { .. } | Window::Next { .. } | Window::Ago { .. } => true,
        Window::Calendar(of, _) => !matches!(of, Calendar::AnyMonth { .. }),
        Window::Range { from, to } => {
            [from, to].into_iter().flatten().any(|edge| point_moves(&edge.point))
        }
        Window::Within { point, .. } => point_moves(point),
    }
}
