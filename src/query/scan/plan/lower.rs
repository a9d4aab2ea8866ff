//! Expressions, tests and windows with their leaves put in place.

use super::Plan;
use super::calendar::by_calendar;
use super::days::Days;
use super::gather::column;
use super::sole::Sole;
use super::tree::{Check, Expr, Filter, Point, Read, Test, Window};
use super::wish::Wish;
use crate::model::{Path, Step};
use crate::query::predicate::{self as given, PersonLeaf, RowLeaf, Tree, Type};
use crate::timeline::ColumnKey;

/// A leaf that has a place.
pub trait Lower {
    /// Where it is read; columns that it needs are added.
    fn lower<'c>(&'c self, plan: &mut Plan<'c>, columns: &mut Vec<ColumnKey>) -> Read;

    /// Where a value of several leaves is read, if it has a place of its own.
    fn lower_together<'c>(_: &'c given::Expr<Self>, _: &mut Plan<'c>) -> Option<Read>
    where
        Self: Sized,
    {
        None
    }
}

impl Lower for PersonLeaf {
    fn lower<'c>(&'c self, plan: &mut Plan<'c>, _: &mut Vec<ColumnKey>) -> Read {
        let (wish, steps, declared) = match self {
            PersonLeaf::UserId => return Read::UserId,
            PersonLeaf::Score(score) => return Read::Score(plan.score(score)),
            PersonLeaf::Attribute { path, declared } => match path.steps().split_first() {
                Some((Step::Key(key), rest)) => (Wish::Attribute(key), rest, *declared),
                _ => return Read::Element { declared: None },
            },
            PersonLeaf::GroupId => (Wish::GroupId, [].as_slice(), None),
            PersonLeaf::FirstSeen => (Wish::Seen(given::Which::First), [].as_slice(), None),
            PersonLeaf::LastSeen => (Wish::Seen(given::Which::Last), [].as_slice(), None),
            PersonLeaf::Aggregate(of) => (Wish::Events((&**of).into()), [].as_slice(), None),
        };
        Read::Slot { slot: plan.slot(wish), steps: steps.to_vec(), declared }
    }

    fn lower_together<'c>(of: &'c given::Expr<Self>, plan: &mut Plan<'c>) -> Option<Read> {
        plan.sum_of_counts(of)
    }
}

impl Lower for RowLeaf {
    fn lower<'c>(&'c self, plan: &mut Plan<'c>, columns: &mut Vec<ColumnKey>) -> Read {
        let plain =
            |key, columns: &mut Vec<ColumnKey>| Read::Plain { column: column(columns, key) };
        match self {
            RowLeaf::Property { path, declared } => cell(path, true, *declared, columns),
            RowLeaf::Enclosing { path, declared } => cell(path, false, *declared, columns),
            RowLeaf::Element { declared } => Read::Element { declared: *declared },
            RowLeaf::Context { path } => Read::Context {
                hiding: column(columns, ColumnKey::Property(Path::key("context"))),
                column: column(columns, ColumnKey::Context(top(path))),
                path: path.clone(),
            },
            RowLeaf::When => Read::When,
            RowLeaf::Local { of, first_day, zone } => {
                Read::Local { of: *of, first_day: *first_day, zone: plan.days(zone) }
            }
            RowLeaf::Received => plain(ColumnKey::Received, columns),
            RowLeaf::Channel => plain(ColumnKey::Channel, columns),
            RowLeaf::Source => plain(ColumnKey::Source, columns),
            RowLeaf::CallType => plain(ColumnKey::Kind, columns),
            RowLeaf::Person(leaf) => leaf.lower(plan, columns),
        }
    }
}

/// What lies behind a list on the way is part of the list, so the column of the
/// first key is the one that holds everything.
fn cell(path: &Path, inner: bool, declared: Option<Type>, columns: &mut Vec<ColumnKey>) -> Read {
    let column = column(columns, ColumnKey::Property(top(path)));
    Read::Cell { column, path: path.clone(), inner, declared }
}

/// The path of the first key alone.
pub fn top(path: &Path) -> Path {
    match path.steps().first() {
        Some(Step::Key(key)) => Path::key(key.clone()),
        _ => path.clone(),
    }
}

impl<'c> Plan<'c> {
    pub fn expr<L: Lower>(
        &mut self,
        expr: &'c given::Expr<L>,
        columns: &mut Vec<ColumnKey>,
    ) -> Expr {
        if let Some(read) = L::lower_together(expr, self) {
            return Expr::Read(read);
        }
        match expr {
            given::Expr::Leaf(leaf) => Expr::Read(leaf.lower(self, columns)),
            given::Expr::Literal(value) => Expr::Literal(value.clone()),
            given::Expr::Arithmetic { operator, left, right } => Expr::Arithmetic {
                operator: *operator,
                left: Box::new(self.expr(left, columns)),
                right: Box::new(self.expr(right, columns)),
            },
            given::Expr::Negative(inner) => Expr::Negative(Box::new(self.expr(inner, columns))),
            given::Expr::Coalesce(parts) => Expr::Coalesce(self.exprs(parts, columns)),
            given::Expr::Elapsed { unit, direction, point, zone } => Expr::Elapsed {
                unit: *unit,
                direction: *direction,
                point: Box::new(self.point(point, columns, false)),
                zone: self.days(zone),
            },
            given::Expr::Call { function, of, zone } => Expr::Call {
                function: *function,
                of: Box::new(self.expr(of, columns)),
                zone: self.days(zone),
            },
            given::Expr::Choice(choice) => Expr::Choice(Box::new(self.choice(choice, columns))),
        }
    }

    fn exprs<L: Lower>(
        &mut self,
        parts: &'c [given::Expr<L>],
        columns: &mut Vec<ColumnKey>,
    ) -> Vec<Expr> {
        parts.iter().map(|part| self.expr(part, columns)).collect()
    }

    fn point<L: Lower>(
        &mut self,
        point: &'c given::Point<L>,
        columns: &mut Vec<ColumnKey>,
        named: bool,
    ) -> Point {
        match point {
            given::Point::Instant(at) => Point::Instant(*at),
            given::Point::Day { date, start, end } => {
                Point::Day { date: *date, start: *start, end: *end }
            }
            given::Point::Anchor(which, matcher) => {
                Point::Anchor(self.slot(Wish::Anchor { which: *which, matcher, named }))
            }
            given::Point::Value(expr, zone) => {
                Point::Value(self.expr(expr, columns), self.days(zone))
            }
        }
    }

    /// A window; `named` if its anchors are events that may not count themselves.
    pub fn window<L: Lower>(
        &mut self,
        window: &'c given::Window<L>,
        columns: &mut Vec<ColumnKey>,
        named: bool,
    ) -> Window {
        match window {
            given::Window::Last { ms } => Window::Ages { from_ms: 0, to_ms: *ms },
            given::Window::Ago { from_ms, to_ms } => {
                Window::Ages { from_ms: *from_ms, to_ms: *to_ms }
            }
            given::Window::Next { ms } => Window::Next { ms: *ms },
            given::Window::Calendar(of, local) => match self.days(local) {
                Days::In(zone) => by_calendar(*of, &zone, self.now),
                zone => Window::Theirs { of: *of, zone },
            },
            given::Window::Range { from, to } => {
                let mut edge = |edge: &'c Option<given::Edge<L>>| {
                    let edge = edge.as_ref()?;
                    Some((self.point(&edge.point, columns, named), edge.included))
                };
                Window::Range { from: edge(from), to: edge(to) }
            }
            given::Window::Within { ms, side, point, zone } => Window::Within {
                ms: *ms,
                side: *side,
                point: self.point(point, columns, named),
                zone: self.days(zone),
            },
            given::Window::WithinMonths { months, side, point, zone } => Window::WithinMonths {
                months: *months,
                side: *side,
                point: self.point(point, columns, named),
                zone: self.days(zone),
            },
        }
    }

    pub fn test<L: Lower>(
        &mut self,
        test: &'c given::Test<L>,
        columns: &mut Vec<ColumnKey>,
    ) -> Test {
        let subject = self.expr(&test.subject, columns);
        let check = self.check(&test.check, columns);
        let column = match &subject {
            Expr::Read(Read::Cell { column, .. } | Read::Plain { column })
                if check.is_constant() =>
            {
                Some(*column)
            }
            _ => None,
        };
        let test = Test { subject, check, column, sole: None };
        Test { sole: Sole::of(&test), ..test }
    }

    fn check<L: Lower>(
        &mut self,
        check: &'c given::Check<L>,
        columns: &mut Vec<ColumnKey>,
    ) -> Check {
        match check {
            given::Check::Compare(how, other) => Check::Compare(*how, self.expr(other, columns)),
            given::Check::Known(wanted) => Check::Known(*wanted),
            given::Check::OneOf { values, negated } => {
                Check::OneOf { values: values.clone(), negated: *negated }
            }
            given::Check::Between(low, high) => {
                Check::Between(self.expr(low, columns), self.expr(high, columns))
            }
            given::Check::Text { place, part, ignoring_case } => Check::Text {
                place: *place,
                part: self.expr(part, columns),
                ignoring_case: *ignoring_case,
            },
            given::Check::Has { elements, all } => {
                Check::Has { elements: self.exprs(elements, columns), all: *all }
            }
            given::Check::InList(list) => Check::InList(list.clone()),
            given::Check::During(window, zone) => {
                Check::During(self.window(window, columns, false), self.days(zone))
            }
            given::Check::Matches(pattern) => Check::Matches(pattern.clone()),
            given::Check::InNetwork(network) => Check::InNetwork(*network),
            given::Check::Near { km, of } => Check::Near { km: *km, of: *of },
            given::Check::Version(all) => {
                let each = all.iter().map(|(how, other)| (*how, self.expr(other, columns)));
                Check::Version(each.collect())
            }
        }
    }

    pub fn filter(&mut self, filter: &'c given::Filter, columns: &mut Vec<ColumnKey>) -> Filter {
        let mut each = |parts: &'c [given::Filter]| {
            parts.iter().map(|part| self.filter(part, columns)).collect()
        };
        match filter {
            Tree::All(parts) => Tree::All(each(parts)),
            Tree::Any(parts) => Tree::Any(each(parts)),
            Tree::Not(inner) => Tree::Not(Box::new(self.filter(inner, columns))),
            Tree::Leaf(test) => Tree::Leaf(self.test(test, columns)),
        }
    }
}
