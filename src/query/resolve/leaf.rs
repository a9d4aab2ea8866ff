//! The two places a value may be read from: a person, or one event of theirs.

use super::person::PersonScope;
use super::row::RowScope;
use super::{Resolver, Typed};
use crate::lang::tree;
use crate::lang::{Code, Diagnostic, Span};
use crate::query::predicate::{Edge, Expr, PersonLeaf, Point, RowLeaf, Window};

/// What a value is made of, and what bare names mean there.
pub(super) trait Leaf: Sized + Clone {
    /// What bare names mean.
    type Scope;

    /// What a path reads.
    fn path(
        resolver: &mut Resolver<'_>,
        scope: &Self::Scope,
        path: &tree::ValuePath,
    ) -> Option<Typed<Self>>;

    /// What an aggregate computes, where one may stand.
    fn aggregate(
        resolver: &mut Resolver<'_>,
        aggregate: &tree::Aggregate,
        span: Span,
    ) -> Option<Typed<Self>>;

    /// What a trait with arguments computes, where one may stand.
    fn trait_call(
        resolver: &mut Resolver<'_>,
        name: &tree::Name,
        arguments: &[tree::Value],
    ) -> Option<Typed<Self>>;

    /// A value of the person as it is read here.
    fn of_person(expr: Expr<PersonLeaf>) -> Expr<Self>;
}

impl Leaf for PersonLeaf {
    type Scope = PersonScope;

    fn path(
        resolver: &mut Resolver<'_>,
        _: &PersonScope,
        path: &tree::ValuePath,
    ) -> Option<Typed<PersonLeaf>> {
        resolver.person_path(path)
    }

    fn aggregate(
        resolver: &mut Resolver<'_>,
        aggregate: &tree::Aggregate,
        span: Span,
    ) -> Option<Typed<PersonLeaf>> {
        let (resolved, typed) = resolver.aggregate(aggregate, span)?;
        Some(typed.with(Expr::Leaf(PersonLeaf::Aggregate(Box::new(resolved)))))
    }

    fn trait_call(
        resolver: &mut Resolver<'_>,
        name: &tree::Name,
        arguments: &[tree::Value],
    ) -> Option<Typed<PersonLeaf>> {
        resolver.trait_with(name, arguments)
    }

    fn of_person(expr: Expr<PersonLeaf>) -> Expr<PersonLeaf> {
        expr
    }
}

impl Leaf for RowLeaf {
    type Scope = RowScope;

    fn path(
        resolver: &mut Resolver<'_>,
        scope: &RowScope,
        path: &tree::ValuePath,
    ) -> Option<Typed<RowLeaf>> {
        resolver.row_path(scope, path)
    }

    fn aggregate(
        resolver: &mut Resolver<'_>,
        _: &tree::Aggregate,
        span: Span,
    ) -> Option<Typed<RowLeaf>> {
        resolver.refuse(
            Diagnostic::error(
                Code::NotInWhere,
                span,
                "an aggregate looks at many events, and this place looks at one",
            )
            .help("define it by `create trait NAME is ...` and read it as `profile.NAME`"),
        )
    }

    fn trait_call(
        resolver: &mut Resolver<'_>,
        name: &tree::Name,
        _: &[tree::Value],
    ) -> Option<Typed<RowLeaf>> {
        let message =
            format!("the trait `{}` looks at the person, and this at one event", name.node);
        resolver.refuse(
            Diagnostic::error(Code::NotInWhere, name.span, message)
                .help("give it a name by `let x = ...` and read it as `profile.x`"),
        )
    }

    fn of_person(expr: Expr<PersonLeaf>) -> Expr<RowLeaf> {
        lift(expr)
    }
}

/// The value of a person as one event's filter reads it: `profile.x`.
pub(super) fn lift(expr: Expr<PersonLeaf>) -> Expr<RowLeaf> {
    let all = |parts: Vec<Expr<PersonLeaf>>| parts.into_iter().map(lift).collect();
    match expr {
        Expr::Leaf(leaf) => Expr::Leaf(RowLeaf::Person(leaf)),
        Expr::Literal(value) => Expr::Literal(value),
        Expr::Arithmetic { operator, left, right } => Expr::Arithmetic {
            operator,
            left: Box::new(lift(*left)),
            right: Box::new(lift(*right)),
        },
        Expr::Negative(inner) => Expr::Negative(Box::new(lift(*inner))),
        Expr::Coalesce(parts) => Expr::Coalesce(all(parts)),
        Expr::Elapsed { unit, direction, point, zone } => {
            Expr::Elapsed { unit, direction, point: Box::new(lift_point(*point)), zone }
        }
    }
}

fn lift_point(point: Point<PersonLeaf>) -> Point<RowLeaf> {
    match point {
        Point::Instant(at) => Point::Instant(at),
        Point::Day { date, start, end } => Point::Day { date, start, end },
        Point::Anchor(which, matcher) => Point::Anchor(which, matcher),
        Point::Value(expr, zone) => Point::Value(lift(expr), zone),
    }
}

/// An edge at a point.
pub(super) fn edge<L>(point: Point<L>, included: bool) -> Option<Edge<L>> {
    Some(Edge { point, included })
}

/// Everything between two edges.
pub(super) fn range<L>(from: Option<Edge<L>>, to: Option<Edge<L>>) -> Window<L> {
    Window::Range { from, to }
}
