//! The two places a value may be read from: a person, or one event of theirs.

use super::person::PersonScope;
use super::row::RowScope;
use super::{Resolver, Typed};
use crate::lang::tree;
use crate::lang::{Code, Diagnostic, Span};
use crate::query::predicate::moving::Moves;
use crate::query::predicate::{
    Asked, Check, Choice, Edge, Expr, PersonLeaf, Point, Predicate, RowLeaf, Score, Test, Tree,
    Window,
};
use std::sync::Arc;

/// What a value is made of, and what bare names mean there.
pub(super) trait Leaf: Sized + Clone + Moves {
    /// What bare names mean.
    type Scope;

    /// What a path reads.
    fn path(
        resolver: &mut Resolver<'_>,
        scope: &Self::Scope,
        path: &tree::ValuePath,
    ) -> Option<Typed<Self>>;

    /// What a model says of the person.
    fn score(resolver: &mut Resolver<'_>, score: Arc<Score>, span: Span) -> Option<Expr<Self>>;

    /// What a condition inside a value asks there.
    fn asked(
        resolver: &mut Resolver<'_>,
        scope: &Self::Scope,
        condition: &tree::Condition,
    ) -> Option<Tree<Asked<Self>>>;

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

    /// The value as one of the person, if it is that.
    fn of_whom(expr: &Expr<Self>) -> Option<Expr<PersonLeaf>>;

    /// A value of the person as it is read here.
    fn of_person(
        resolver: &mut Resolver<'_>,
        expr: Expr<PersonLeaf>,
        span: Span,
    ) -> Option<Expr<Self>>;
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

    fn score(_: &mut Resolver<'_>, score: Arc<Score>, _: Span) -> Option<Expr<PersonLeaf>> {
        Some(Expr::Leaf(PersonLeaf::Score(score)))
    }

    fn asked(
        resolver: &mut Resolver<'_>,
        _: &PersonScope,
        condition: &tree::Condition,
    ) -> Option<Tree<Asked<PersonLeaf>>> {
        let mut asked = |predicate| match predicate {
            Predicate::Is(test) => Asked::Is(test),
            other => Asked::Person(Box::new(other)),
        };
        resolver.condition(condition).map(|condition| condition.map(&mut asked))
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

    fn of_whom(expr: &Expr<PersonLeaf>) -> Option<Expr<PersonLeaf>> {
        matches!(expr, Expr::Leaf(PersonLeaf::Attribute { .. })).then(|| expr.clone())
    }

    fn of_person(
        _: &mut Resolver<'_>,
        expr: Expr<PersonLeaf>,
        _: Span,
    ) -> Option<Expr<PersonLeaf>> {
        Some(expr)
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

    fn score(resolver: &mut Resolver<'_>, _: Arc<Score>, span: Span) -> Option<Expr<RowLeaf>> {
        resolver.refuse(
            Diagnostic::error(
                Code::NotInWhere,
                span,
                "a score is a person's, and this place looks at one event",
            )
            .help("define it by `create trait NAME is ...` and read it as `profile.NAME`"),
        )
    }

    fn asked(
        resolver: &mut Resolver<'_>,
        scope: &RowScope,
        condition: &tree::Condition,
    ) -> Option<Tree<Asked<RowLeaf>>> {
        resolver.filter(scope, condition).map(|filter| filter.map(&mut Asked::Is))
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

    fn of_whom(expr: &Expr<RowLeaf>) -> Option<Expr<PersonLeaf>> {
        match expr {
            Expr::Leaf(RowLeaf::Person(leaf)) => PersonLeaf::of_whom(&Expr::Leaf(leaf.clone())),
            _ => None,
        }
    }

    fn of_person(
        resolver: &mut Resolver<'_>,
        expr: Expr<PersonLeaf>,
        span: Span,
    ) -> Option<Expr<RowLeaf>> {
        if expr.ranks().is_empty() {
            return Some(lift(expr));
        }
        let help =
            "ask the person for it: `people whose TRAIT ...`, joined by `and` to what they did";
        resolver.no_rank(span, "no part of what one event is asked", &[help])
    }
}

/// The value of a person as one event's filter reads it: `profile.x`.
fn lift(expr: Expr<PersonLeaf>) -> Expr<RowLeaf> {
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
        Expr::Call { function, of, zone } => Expr::Call { function, of: Box::new(lift(*of)), zone },
        Expr::Choice(choice) => Expr::Choice(Box::new(lift_choice(*choice))),
    }
}

/// What is asked of the person stays so.
fn lift_choice(choice: Choice<PersonLeaf>) -> Choice<RowLeaf> {
    let mut lift_asked = |asked| match asked {
        Asked::Is(test) => Asked::Is(lift_test(test)),
        Asked::Person(predicate) => Asked::Person(predicate),
    };
    Choice {
        condition: choice.condition.map(&mut lift_asked),
        then: lift(choice.then),
        otherwise: lift(choice.otherwise),
    }
}

fn lift_test(test: Test<PersonLeaf>) -> Test<RowLeaf> {
    let all = |parts: Vec<Expr<PersonLeaf>>| parts.into_iter().map(lift).collect();
    let check = match test.check {
        Check::Compare(comparison, other) => Check::Compare(comparison, lift(other)),
        Check::Known(known) => Check::Known(known),
        Check::OneOf { values, negated } => Check::OneOf { values, negated },
        Check::Between(low, high) => Check::Between(lift(low), lift(high)),
        Check::Text { place, part, ignoring_case } => {
            Check::Text { place, part: lift(part), ignoring_case }
        }
        Check::Has { elements, all: each } => Check::Has { elements: all(elements), all: each },
        Check::During(window, zone) => Check::During(lift_window(window), zone),
        Check::InList(list) => Check::InList(list),
        Check::Matches(pattern) => Check::Matches(pattern),
        Check::InNetwork(network) => Check::InNetwork(network),
        Check::Near { km, of } => Check::Near { km, of },
        Check::Version(each) => {
            Check::Version(each.into_iter().map(|(how, other)| (how, lift(other))).collect())
        }
    };
    Test { subject: lift(test.subject), check }
}

fn lift_window(window: Window<PersonLeaf>) -> Window<RowLeaf> {
    let edge = |edge: Option<Edge<PersonLeaf>>| {
        edge.map(|edge| Edge { point: lift_point(edge.point), included: edge.included })
    };
    match window {
        Window::Last { ms } => Window::Last { ms },
        Window::Next { ms } => Window::Next { ms },
        Window::Ago { from_ms, to_ms } => Window::Ago { from_ms, to_ms },
        Window::Calendar(of, zone) => Window::Calendar(of, zone),
        Window::Range { from, to } => Window::Range { from: edge(from), to: edge(to) },
        Window::Within { ms, side, point, zone } => {
            Window::Within { ms, side, point: lift_point(point), zone }
        }
        Window::WithinMonths { months, side, point, zone } => {
            Window::WithinMonths { months, side, point: lift_point(point), zone }
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
