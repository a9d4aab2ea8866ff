//! Every leaf, every anchor, every question to the person and every zone of theirs inside a test.

use crate::query::predicate::{
    Asked, Check, Edge, Expr, Local, Matcher, Point, Predicate, Test, Window,
};

/// What is read somewhere inside.
pub(super) enum Item<'a, L> {
    Leaf(&'a L),
    Anchor(&'a Matcher),
    Person(&'a Predicate),
    /// The zone of the person.
    Zone,
}

type Visit<'v, L> = &'v mut dyn FnMut(Item<'_, L>);

pub(super) fn test<L>(test: &Test<L>, visit: Visit<'_, L>) {
    expr(&test.subject, visit);
    match &test.check {
        Check::Compare(_, other) => expr(other, visit),
        Check::Known(_)
        | Check::OneOf { .. }
        | Check::InList(_)
        | Check::Matches(_)
        | Check::InNetwork(_)
        | Check::Near { .. } => {}
        Check::Version(all) => all.iter().for_each(|(_, one)| expr(one, visit)),
        Check::Between(low, high) => [low, high].into_iter().for_each(|one| expr(one, visit)),
        Check::Text { part, .. } => expr(part, visit),
        Check::Has { elements, .. } => elements.iter().for_each(|one| expr(one, visit)),
        Check::During(inside, local) => {
            window(inside, visit);
            zone(local, visit);
        }
    }
}

pub(super) fn expr<L>(of: &Expr<L>, visit: Visit<'_, L>) {
    match of {
        Expr::Leaf(leaf) => visit(Item::Leaf(leaf)),
        Expr::Literal(_) => {}
        Expr::Arithmetic { left, right, .. } => {
            expr(left, visit);
            expr(right, visit);
        }
        Expr::Negative(inner) => expr(inner, visit),
        Expr::Coalesce(parts) => parts.iter().for_each(|part| expr(part, visit)),
        Expr::Elapsed { point: of, zone: local, .. } => {
            point(of, visit);
            zone(local, visit);
        }
        Expr::Call { of, zone: local, .. } => {
            expr(of, visit);
            zone(local, visit);
        }
        Expr::Choice(choice) => {
            for asked in choice.condition.leaves() {
                match asked {
                    Asked::Is(one) => test(one, visit),
                    Asked::Person(predicate) => visit(Item::Person(predicate)),
                }
            }
            expr(&choice.then, visit);
            expr(&choice.otherwise, visit);
        }
    }
}

pub(super) fn window<L>(of: &Window<L>, visit: Visit<'_, L>) {
    match of {
        Window::Last { .. } | Window::Next { .. } | Window::Ago { .. } => {}
        Window::Calendar(_, local) => zone(local, visit),
        Window::Range { from, to } => {
            let edges: [&Option<Edge<L>>; 2] = [from, to];
            edges.into_iter().flatten().for_each(|edge| point(&edge.point, visit));
        }
        Window::Within { point: of, zone: local, .. }
        | Window::WithinMonths { point: of, zone: local, .. } => {
            point(of, visit);
            zone(local, visit);
        }
    }
}

fn point<L>(of: &Point<L>, visit: Visit<'_, L>) {
    match of {
        Point::Instant(_) | Point::Day { .. } => {}
        Point::Anchor(_, matcher) => visit(Item::Anchor(matcher)),
        Point::Value(value, local) => {
            expr(value, visit);
            zone(local, visit);
        }
    }
}

fn zone<L>(local: &Local, visit: Visit<'_, L>) {
    if local.is_theirs() {
        visit(Item::Zone);
    }
}
