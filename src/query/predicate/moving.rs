//! What moves while nothing happens.

use super::{
    Aggregate, Asked, Calendar, Check, Choice, Expr, Function, PersonLeaf, Point, RowLeaf, Scalar,
    Test, Window,
};

/// What is read, and whether it moves.
pub trait Moves {
    /// Whether its value may change though no fact comes or goes.
    fn moves(&self) -> bool;

    /// What it gathers of events, if it does.
    fn gathers(&self) -> Option<&Aggregate> {
        None
    }
}

impl Moves for PersonLeaf {
    fn moves(&self) -> bool {
        match self {
            PersonLeaf::Aggregate(of) => {
                matches!(of.function, Function::Decayed { .. })
                    || of.value.as_ref().is_some_and(expr_moves)
            }
            _ => false,
        }
    }

    fn gathers(&self) -> Option<&Aggregate> {
        match self {
            PersonLeaf::Aggregate(of) => Some(of),
            _ => None,
        }
    }
}

impl Moves for RowLeaf {
    fn moves(&self) -> bool {
        matches!(self, RowLeaf::Person(leaf) if leaf.moves())
    }

    fn gathers(&self) -> Option<&Aggregate> {
        match self {
            RowLeaf::Person(leaf) => leaf.gathers(),
            _ => None,
        }
    }
}

/// Whether the answer of a test may change though no fact comes or goes.
pub(crate) fn test_moves<L: Moves>(test: &Test<L>) -> bool {
    test_moves_by(test, &Moves::moves)
}

pub(crate) fn expr_moves<L: Moves>(expr: &Expr<L>) -> bool {
    moves_by(expr, &Moves::moves)
}

/// Says which leaves move.
type ByLeaf<'m, L> = &'m dyn Fn(&L) -> bool;

/// The same where somebody else says which leaves move.
pub(crate) fn test_moves_by<L>(test: &Test<L>, by_leaf: ByLeaf<'_, L>) -> bool {
    let moves = |expr: &Expr<L>| moves_by(expr, by_leaf);
    moves(&test.subject)
        || match &test.check {
            Check::Compare(_, other) => moves(other),
            Check::Known(_)
            | Check::OneOf { .. }
            | Check::InList(_)
            | Check::Matches(_)
            | Check::InNetwork(_)
            | Check::Near { .. } => false,
            Check::Version(all) => all.iter().any(|(_, other)| moves(other)),
            Check::Between(low, high) => moves(low) || moves(high),
            Check::Text { part, .. } => moves(part),
            Check::Has { elements, .. } => elements.iter().any(moves),
            Check::During(window, _) => window_moves(window, by_leaf),
        }
}

/// The same of a value.
pub(crate) fn moves_by<L>(expr: &Expr<L>, by_leaf: ByLeaf<'_, L>) -> bool {
    let moves = |expr: &Expr<L>| moves_by(expr, by_leaf);
    match expr {
        Expr::Leaf(leaf) => by_leaf(leaf),
        Expr::Literal(_) => false,
        Expr::Arithmetic { left, right, .. } => moves(left) || moves(right),
        Expr::Negative(inner) => moves(inner),
        Expr::Coalesce(parts) => parts.iter().any(moves),
        Expr::Elapsed { .. } => true,
        Expr::Call { function, of, .. } => *function == Scalar::Anniversary || moves(of),
        Expr::Choice(choice) => choice_moves(choice, by_leaf),
    }
}

/// Whether a point may lie elsewhere though no fact comes or goes.
pub(crate) fn point_moves<L: Moves>(point: &Point<L>) -> bool {
    point_moves_by(point, &Moves::moves)
}

/// The same where somebody else says which leaves move.
pub(crate) fn point_moves_by<L>(point: &Point<L>, by_leaf: ByLeaf<'_, L>) -> bool {
    match point {
        Point::Value(expr, _) => moves_by(expr, by_leaf),
        _ => false,
    }
}

fn window_moves<L>(window: &Window<L>, by_leaf: ByLeaf<'_, L>) -> bool {
    match window {
        Window::Last { .. } | Window::Next { .. } | Window::Ago { .. } => true,
        Window::Calendar(of, _) => !matches!(of, Calendar::AnyMonth { .. }),
        Window::Range { from, to } => {
            [from, to].into_iter().flatten().any(|edge| point_moves_by(&edge.point, by_leaf))
        }
        Window::Within { point, .. } | Window::WithinMonths { point, .. } => {
            point_moves_by(point, by_leaf)
        }
    }
}

/// Whether it may change though no leaf does.
fn choice_moves<L>(choice: &Choice<L>, by_leaf: &dyn Fn(&L) -> bool) -> bool {
    let moves = |asked: &Asked<L>| match asked {
        Asked::Is(test) => test_moves_by(test, by_leaf),
        Asked::Person(_) => false,
    };
    choice.condition.leaves().into_iter().any(moves)
        || moves_by(&choice.then, by_leaf)
        || moves_by(&choice.otherwise, by_leaf)
}
