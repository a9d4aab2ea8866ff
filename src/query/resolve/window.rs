//! Windows and the points that they hang on.

use super::bent::Side;
use super::given::Given;
use super::leaf::{Leaf, edge, range};
use super::length::{Measure, length_months, length_ms};
use super::{Kinds, Resolver};
use crate::lang::tree::{self, Bound, Instant, Length, Moment, WindowKind};
use crate::lang::{Code, Diagnostic, Span};
use crate::model::{Date, Timestamp, Unit, Value};
use crate::query::predicate::{Calendar, Edge, Expr, Local, Point, Which, Window};

impl Resolver<'_> {
    /// A window in which events or a value of these kinds must lie.
    pub(super) fn window<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        window: &tree::Window,
        subject: Kinds,
    ) -> Option<Window<L>> {
        self.inside(window.span, |resolver| match &window.kind {
            WindowKind::Last(length) => {
                resolver.hint_of_last_one(length, window.span);
                Some(match resolver.reach(length, subject)? {
                    Measure::Ms(ms) => Window::Last { ms },
                    Measure::Months(months) => resolver.calendar(Calendar::Last { months }),
                })
            }
            WindowKind::Next(length) => Some(match resolver.reach(length, subject)? {
                Measure::Ms(ms) => Window::Next { ms },
                Measure::Months(months) => resolver.calendar(Calendar::Next { months }),
            }),
            WindowKind::Period(turn, of) => Some(resolver.period(*turn, *of)),
            WindowKind::Month(month, year) => resolver.month((*month).into(), year),
            WindowKind::Ago { from, to, unit } => {
                resolver.band(*from, *to, *unit, subject, window.span)
            }
            WindowKind::Range(from, to) => resolver.between_moments(from, to, window.span),
            WindowKind::On(date) => {
                let day = |resolver: &Self| resolver.day(date.node);
                Some(range(edge(day(resolver), true), edge(day(resolver), true)))
            }
            WindowKind::Since(bound) => Some(range(resolver.edge_at(scope, bound, true)?, None)),
            WindowKind::After(bound) => Some(range(resolver.edge_at(scope, bound, false)?, None)),
            WindowKind::Until(bound) => Some(range(None, resolver.edge_at(scope, bound, true)?)),
            WindowKind::Before(bound) => Some(range(None, resolver.edge_at(scope, bound, false)?)),
            WindowKind::Within(length, side, bound) => {
                resolver.around(scope, length, *side, bound, subject)
            }
        })
    }

    fn edge_at<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        bound: &Bound,
        included: bool,
    ) -> Option<Option<Edge<L>>> {
        let (point, _) = self.bound(scope, bound)?;
        Some(edge(point, included))
    }

    /// A point in time, and whether it is a date or an instant.
    pub(super) fn bound<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        bound: &Bound,
    ) -> Option<(Point<L>, Kinds)> {
        match bound {
            Bound::Instant(instant) => Some(self.instant(*instant)),
            Bound::First(matcher, span) => self.anchor(Which::First, matcher, *span),
            Bound::Last(matcher, span) => self.anchor(Which::Last, matcher, *span),
            Bound::Path(path) => self.bound_path(scope, path),
            Bound::Parameter(name) => self.given_bound(name),
        }
    }

    fn anchor<L>(
        &mut self,
        which: Which,
        matcher: &tree::Matcher,
        span: Span,
    ) -> Option<(Point<L>, Kinds)> {
        let bears = std::mem::replace(&mut self.bears_silence, true);
        let matcher = self.inside(span, |resolver| resolver.matcher(matcher));
        self.bears_silence = bears;
        let matcher = matcher?;
        Some((Point::Anchor(which, matcher), Kinds::INSTANT))
    }

    fn bound_path<L: Leaf>(
        &mut self,
        scope: &L::Scope,
        path: &tree::ValuePath,
    ) -> Option<(Point<L>, Kinds)> {
        if self.is_event_only(path) {
            return self.event_as_bound(path);
        }
        let typed = L::path(self, scope, path)?;
        self.must_be(&typed, Kinds::TIME, "a window hangs on an instant or a date")?;
        self.must_stay_live(&[Side { typed: &typed, shown: None }])?;
        Some((Point::Value(typed.expr, self.zone.clone()), typed.kinds))
    }

    /// Whether a bare name is an event's and nothing else's: `since order`.
    fn is_event_only(&self, path: &tree::ValuePath) -> bool {
        let name = &path.first.node;
        let bare = path.rest.is_empty() && path.head == tree::PathHead::Bare;
        bare && self.catalog.knows_event(name)
            && self.catalog.trait_named(name).is_none()
            && !self.catalog.knows_attribute(&super::person::steps(name, &[]))
            && !super::person::BUILT_IN.contains(&&**name)
    }

    fn event_as_bound<T>(&mut self, path: &tree::ValuePath) -> Option<T> {
        let name = &path.first.node;
        self.refuse(
            Diagnostic::error(
                Code::TypeMismatch,
                path.span,
                format!("`{name}` is an event, and a person may have many of them"),
            )
            .help(format!("write `last {name}`"))
            .help(format!("or: `first {name}`")),
        )
    }

    /// An instant of the text; a date is its local day.
    pub(super) fn instant<L>(&self, instant: Instant) -> (Point<L>, Kinds) {
        match instant {
            Instant::Date(date, _) => (self.day(date), Kinds::DATE),
            Instant::Timestamp(at, _) => (Point::Instant(at), Kinds::INSTANT),
        }
    }

    pub(super) fn day<L>(&self, date: Date) -> Point<L> {
        let zone = match &self.zone {
            Local::In(zone) => zone,
            // Where the day lies is known once the person is.
            theirs => return Point::Value(Expr::Literal(Value::Date(date)), theirs.clone()),
        };
        let start = zone.start_of(date);
        let end = if date == Date::MAX { Timestamp::MAX } else { zone.start_of(date.plus_days(1)) };
        Point::Day { date, start, end }
    }

    /// What is given for a parameter, as a point in time.
    fn given_bound<L: Leaf>(&mut self, name: &tree::Name) -> Option<(Point<L>, Kinds)> {
        let Given::Value(typed) = self.given(name)? else {
            return self.refuse(
                Diagnostic::error(
                    Code::TypeMismatch,
                    name.span,
                    "a window hangs on an instant or a date, and this is a length of time",
                )
                .help(format!("declare it `${}: instant`", name.node)),
            );
        };
        self.must_be(&typed, Kinds::TIME, "a window hangs on an instant or a date")?;
        let point = match &typed.expr {
            Expr::Literal(Value::Date(date)) => self.day(*date),
            Expr::Literal(Value::Instant(at)) => Point::Instant(*at),
            expr => {
                let expr = L::of_person(self, expr.clone(), name.span)?;
                Point::Value(expr, self.zone.clone())
            }
        };
        Some((point, typed.kinds))
    }

    fn end_of_range<L: Leaf>(&mut self, moment: &Moment) -> Option<Point<L>> {
        match moment {
            Moment::Instant(instant) => Some(self.instant(*instant).0),
            Moment::Parameter(name) => self.given_bound(name).map(|(point, _)| point),
        }
    }

    fn between_moments<L: Leaf>(
        &mut self,
        from: &Moment,
        to: &Moment,
        span: Span,
    ) -> Option<Window<L>> {
        let start = |point: &Point<L>| match point {
            Point::Instant(at) => Some(*at),
            Point::Day { start, .. } => Some(*start),
            Point::Value(Expr::Literal(Value::Date(date)), zone) => {
                Some(zone.common().start_of(*date))
            }
            _ => None,
        };
        let (from, to) = (self.end_of_range(from), self.end_of_range(to));
        let (from, to) = (from?, to?);
        let comparable = matches!(from, Point::Value(..)) == matches!(to, Point::Value(..));
        if comparable && start(&from).zip(start(&to)).is_some_and(|(from, to)| from > to) {
            return self.refuse(
                Diagnostic::error(Code::Range, span, "this range ends before it begins")
                    .help("write the earlier one first"),
            );
        }
        Some(range(edge(from, true), edge(to, true)))
    }

    fn band<L>(
        &mut self,
        from: u64,
        to: u64,
        unit: Unit,
        subject: Kinds,
        span: Span,
    ) -> Option<Window<L>> {
        let [from_length, to_length] = [from, to].map(|count| Length { count, unit, span });
        if from >= to {
            let mut found =
                Diagnostic::error(Code::Range, span, "no age lies between these two bounds");
            if from > to {
                found = found.help(format!("write `between {to} and {from} {}s ago`", unit.name()));
            }
            return self.refuse(found);
        }
        match self.length(&to_length, subject)? {
            Measure::Ms(to_ms) => Some(Window::Ago { from_ms: length_ms(&from_length)?, to_ms }),
            Measure::Months(to) => {
                let from = length_months(&from_length)?;
                Some(self.calendar(Calendar::Ago { from, to }))
            }
        }
    }
}
