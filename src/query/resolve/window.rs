//! Windows and the points that they hang on.

use super::leaf::{Leaf, edge, range};
use super::value::is_whole_days;
use super::{Kinds, Resolver};
use crate::lang::tree::{self, Bound, Instant, Length, WindowKind};
use crate::lang::{Code, Diagnostic, Span};
use crate::model::{Date, Timestamp, Unit};
use crate::query::predicate::{Edge, Point, Which, Window};

/// Milliseconds of the longest length: all time that the language knows.
const LENGTH_MS_MAX: i64 = 10_000 * 366 * 86_400_000;

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
                let ms = resolver.length(length, subject)?;
                Some(Window::Last { ms })
            }
            WindowKind::Next(length) => {
                let ms = resolver.length(length, subject)?;
                Some(Window::Next { ms })
            }
            WindowKind::Ago { from, to, unit } => {
                resolver.band(*from, *to, *unit, subject, window.span)
            }
            WindowKind::Range(from, to) => resolver.between_instants(*from, *to, window.span),
            WindowKind::On(date) => {
                let day = |resolver: &Self| resolver.day(date.node);
                Some(range(edge(day(resolver), true), edge(day(resolver), true)))
            }
            WindowKind::Since(bound) => Some(range(resolver.edge_at(scope, bound, true)?, None)),
            WindowKind::After(bound) => Some(range(resolver.edge_at(scope, bound, false)?, None)),
            WindowKind::Until(bound) => Some(range(None, resolver.edge_at(scope, bound, true)?)),
            WindowKind::Before(bound) => Some(range(None, resolver.edge_at(scope, bound, false)?)),
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
        }
    }

    fn anchor<L>(
        &mut self,
        which: Which,
        matcher: &tree::Matcher,
        span: Span,
    ) -> Option<(Point<L>, Kinds)> {
        let matcher = self.inside(span, |resolver| resolver.matcher(matcher))?;
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

    fn day<L>(&self, date: Date) -> Point<L> {
        let start = self.zone.start_of(date);
        let end =
            if date == Date::MAX { Timestamp::MAX } else { self.zone.start_of(date.plus_days(1)) };
        Point::Day { date, start, end }
    }

    fn between_instants<L>(&mut self, from: Instant, to: Instant, span: Span) -> Option<Window<L>> {
        let start = |point: &Point<L>| match point {
            Point::Instant(at) => Some(*at),
            Point::Day { start, .. } => Some(*start),
            _ => None,
        };
        let ((from, _), (to, _)) = (self.instant(from), self.instant(to));
        if start(&from) > start(&to) {
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
        let to_ms = self.length(&to_length, subject)?;
        let from_ms = length_ms(&from_length)?;
        Some(Window::Ago { from_ms, to_ms })
    }

    /// Milliseconds of a length that measures what the window is asked of.
    fn length(&mut self, length: &Length, subject: Kinds) -> Option<i64> {
        if subject == Kinds::DATE && !is_whole_days(length.unit) {
            return self.refuse(
                Diagnostic::error(
                    Code::WindowKind,
                    length.span,
                    format!("a date is compared by whole days, not by {}s", length.unit.name()),
                )
                .help("use days or weeks"),
            );
        }
        if !matches!(length.unit, Unit::Fixed(_)) {
            let what = format!("a length in {}s", length.unit.name());
            return self.not_built(length.span, &what, &in_days(length));
        }
        match length_ms(length) {
            Some(0) => self.refuse(
                Diagnostic::error(Code::Range, length.span, "a window of no length holds nothing")
                    .help("a length is at least 1"),
            ),
            Some(ms) => Some(ms),
            None => self.refuse(
                Diagnostic::error(Code::Length, length.span, "longer than all time")
                    .label("at most 10,000 years"),
            ),
        }
    }

    fn hint_of_last_one(&mut self, length: &Length, span: Span) {
        if length.count == 1 && !matches!(length.unit, Unit::Fixed(_)) {
            let unit = length.unit.name();
            self.warn(
                Code::LastOneUnit,
                span,
                format!("`in last 1 {unit}` reaches from a {unit} ago to now"),
                Some(format!("did you mean `last {unit}`, the previous calendar {unit}?")),
            );
        }
    }
}

/// Milliseconds of a length in a fixed unit, if there are so many.
pub(super) fn length_ms(length: &Length) -> Option<i64> {
    let Unit::Fixed(unit) = length.unit else { return None };
    let count = i64::try_from(length.count).ok()?;
    count.checked_mul(unit.ms()).filter(|ms| *ms <= LENGTH_MS_MAX)
}

/// About the same length in days, as a way out while civil units are not built.
fn in_days(length: &Length) -> String {
    let days = match length.unit {
        Unit::Month => 30,
        Unit::Quarter => 91,
        _ => 365,
    };
    format!("in days it is about `{} days`", length.count.saturating_mul(days))
}
