//! A test with other leaves.

use crate::query::predicate::{
    Asked, Check, Choice, Edge, Expr, Local, Matcher, Point, Test, Tree, Which, Window,
};

/// What takes the place of leaves and anchors; `None` if nothing can.
pub(super) trait Exchange<L, M> {
    fn leaf(&mut self, leaf: &L) -> Option<M>;
    fn anchor(&mut self, which: Which, matcher: &Matcher) -> Option<M>;
}

pub(super) fn test<L, M>(test: &Test<L>, to: &mut impl Exchange<L, M>) -> Option<Test<M>> {
    let subject = expr(&test.subject, to)?;
    let check = match &test.check {
        Check::Compare(comparison, other) => Check::Compare(*comparison, expr(other, to)?),
        Check::Known(wanted) => Check::Known(*wanted),
        Check::OneOf { values, negated } => {
            Check::OneOf { values: values.clone(), negated: *negated }
        }
        Check::Between(low, high) => Check::Between(expr(low, to)?, expr(high, to)?),
        Check::Text { place, part, ignoring_case } => {
            Check::Text { place: *place, part: expr(part, to)?, ignoring_case: *ignoring_case }
        }
        Check::Has { elements, all } => Check::Has { elements: exprs(elements, to)?, all: *all },
        Check::InList(list) => Check::InList(list.clone()),
        Check::During(inside, zone) => Check::During(window(inside, to)?, common(zone)?),
        Check::Matches(pattern) => Check::Matches(pattern.clone()),
        Check::InNetwork(network) => Check::InNetwork(*network),
        Check::Near { km, of } => Check::Near { km: *km, of: *of },
        Check::Version(all) => {
            let mut each = |(how, other): &(_, Expr<L>)| Some((*how, expr(other, to)?));
            Check::Version(all.iter().map(&mut each).collect::<Option<_>>()?)
        }
    };
    Some(Test { subject, check })
}

fn exprs<L, M>(of: &[Expr<L>], to: &mut impl Exchange<L, M>) -> Option<Vec<Expr<M>>> {
    of.iter().map(|one| expr(one, to)).collect()
}

pub(super) fn expr<L, M>(of: &Expr<L>, to: &mut impl Exchange<L, M>) -> Option<Expr<M>> {
    Some(match of {
        Expr::Leaf(leaf) => Expr::Leaf(to.leaf(leaf)?),
        Expr::Literal(value) => Expr::Literal(value.clone()),
        Expr::Arithmetic { operator, left, right } => Expr::Arithmetic {
            operator: *operator,
            left: Box::new(expr(left, to)?),
            right: Box::new(expr(right, to)?),
        },
        Expr::Negative(inner) => Expr::Negative(Box::new(expr(inner, to)?)),
        Expr::Coalesce(parts) => Expr::Coalesce(exprs(parts, to)?),
        Expr::Elapsed { unit, direction, point: of, zone } => Expr::Elapsed {
            unit: *unit,
            direction: *direction,
            point: Box::new(point(of, to)?),
            zone: common(zone)?,
        },
        Expr::Call { function, of, zone } => {
            Expr::Call { function: *function, of: Box::new(expr(of, to)?), zone: common(zone)? }
        }
        Expr::Choice(choice) => Expr::Choice(Box::new(Choice {
            condition: asked(&choice.condition, to)?,
            then: expr(&choice.then, to)?,
            otherwise: expr(&choice.otherwise, to)?,
        })),
    })
}

/// What is asked of the person as a whole has nothing that could take its place.
fn asked<L, M>(of: &Tree<Asked<L>>, to: &mut impl Exchange<L, M>) -> Option<Tree<Asked<M>>> {
    let mut all = |parts: &[Tree<Asked<L>>]| -> Option<Vec<_>> {
        parts.iter().map(|part| asked(part, to)).collect()
    };
    Some(match of {
        Tree::All(parts) => Tree::All(all(parts)?),
        Tree::Any(parts) => Tree::Any(all(parts)?),
        Tree::Not(inner) => Tree::Not(Box::new(asked(inner, to)?)),
        Tree::Leaf(Asked::Is(of)) => Tree::Leaf(Asked::Is(test(of, to)?)),
        Tree::Leaf(Asked::Person(_)) => return None,
    })
}

fn window<L, M>(of: &Window<L>, to: &mut impl Exchange<L, M>) -> Option<Window<M>> {
    Some(match of {
        Window::Last { ms } => Window::Last { ms: *ms },
        Window::Next { ms } => Window::Next { ms: *ms },
        Window::Ago { from_ms, to_ms } => Window::Ago { from_ms: *from_ms, to_ms: *to_ms },
        Window::Calendar(of, zone) => Window::Calendar(*of, common(zone)?),
        Window::Range { from, to: until } => {
            Window::Range { from: edge(from, to)?, to: edge(until, to)? }
        }
        Window::Within { ms, side, point: of, zone } => {
            Window::Within { ms: *ms, side: *side, point: point(of, to)?, zone: common(zone)? }
        }
        Window::WithinMonths { months, side, point: of, zone } => Window::WithinMonths {
            months: *months,
            side: *side,
            point: point(of, to)?,
            zone: common(zone)?,
        },
    })
}

/// Outer `None`: no exchange; inner: an open edge stays open.
#[expect(clippy::option_option, reason = "an open edge is an edge of its own kind")]
fn edge<L, M>(of: &Option<Edge<L>>, to: &mut impl Exchange<L, M>) -> Option<Option<Edge<M>>> {
    match of {
        None => Some(None),
        Some(edge) => Some(Some(Edge { point: point(&edge.point, to)?, included: edge.included })),
    }
}

fn point<L, M>(of: &Point<L>, to: &mut impl Exchange<L, M>) -> Option<Point<M>> {
    Some(match of {
        Point::Instant(at) => Point::Instant(*at),
        Point::Day { date, start, end } => Point::Day { date: *date, start: *start, end: *end },
        // An anchor is an instant; no zone is asked for it.
        Point::Anchor(which, matcher) => {
            Point::Value(Expr::Leaf(to.anchor(*which, matcher)?), Local::UTC)
        }
        Point::Value(value, zone) => Point::Value(expr(value, to)?, common(zone)?),
    })
}

/// Whose days they are is read of rows; what is kept knows one zone.
fn common(local: &Local) -> Option<Local> {
    (!local.is_theirs()).then(|| local.clone())
}
