//! What in a condition depends on now: windows of events, consents, and tests
//! of values that move.

use super::super::predicate::{
    Aggregate, Asked, Check, Choice, Condition, Expr, Form, Function, Gap, Local, Matcher, Pattern,
    PersonLeaf, Point, Predicate, RowLeaf, Scalar, Sequence, Test, Window,
};
use crate::model::{Path, Unit, Zone};

/// Everything that may change as time passes, the inner before the outer.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    /// Events that enter and leave a window.
    pub(super) windows: Vec<(&'a Matcher, &'a Window<PersonLeaf>)>,
    /// Events behind which, after that gap, the time of a tail is over or begins.
    pub(super) tails: Vec<(&'a Matcher, &'a Gap)>,
    /// Purposes whose grants may expire.
    pub(super) purposes: Vec<&'a str>,
    /// Where models are asked: the zones whose midnights they are asked at.
    pub(super) midnights: Vec<&'a Zone>,
    /// Tests of values that move, or against windows that do; days that recur.
    pub(super) moving: Vec<Moving<'a>>,
    /// The events of which what is being looked at is read.
    around: Option<Around<'a>>,
}

/// Events of some names, and the way into them.
pub(super) type Around<'a> = (&'a Matcher, Option<&'a Path>);

/// What may come out otherwise as time passes.
pub(super) enum Moving<'a> {
    /// Of the person.
    Person(Moves<'a, PersonLeaf>),
    /// Of each event of those names, at each place that the way leads to.
    Row(Around<'a>, Moves<'a, RowLeaf>),
}

/// A test, or the anniversary of a day.
pub(super) enum Moves<'a, L> {
    Test(&'a Test<L>),
    Anniversary(&'a Expr<L>, &'a Local),
}

/// A leaf that may read the person.
pub(super) trait Leaf: Sized {
    fn of_person(&self) -> Option<&PersonLeaf>;

    /// What moves, with where it is read.
    fn moving<'a>(moves: Moves<'a, Self>, around: Option<Around<'a>>) -> Option<Moving<'a>>;
}

impl Leaf for PersonLeaf {
    fn of_person(&self) -> Option<&PersonLeaf> {
        Some(self)
    }

    fn moving<'a>(moves: Moves<'a, Self>, _: Option<Around<'a>>) -> Option<Moving<'a>> {
        Some(Moving::Person(moves))
    }
}

impl Leaf for RowLeaf {
    fn of_person(&self) -> Option<&PersonLeaf> {
        match self {
            RowLeaf::Person(leaf) => Some(leaf),
            _ => None,
        }
    }

    fn moving<'a>(moves: Moves<'a, Self>, around: Option<Around<'a>>) -> Option<Moving<'a>> {
        around.map(|around| Moving::Row(around, moves))
    }
}

impl<'a> Gathered<'a> {
    pub(super) fn condition(&mut self, condition: &'a Condition) {
        condition.leaves().into_iter().for_each(|predicate| self.predicate(predicate));
    }

    fn predicate(&mut self, predicate: &'a Predicate) {
        match predicate {
            Predicate::Did(occurrence) => {
                self.matcher(&occurrence.matcher, None);
                self.event_windows(&occurrence.matcher, &occurrence.windows);
            }
            Predicate::Pattern(pattern) => self.pattern(pattern),
            Predicate::Is(test) => self.asked(test),
            Predicate::InAudience(audience) => self.condition(&audience.condition),
            // Others move the person too, so no instant is looked for.
            Predicate::Ranked(_) => {}
            Predicate::Consent { purpose } => self.purposes.push(purpose),
            // A draw and a list stay as they are while nothing happens.
            Predicate::Drawn(_) | Predicate::Listed(_) => {}
        }
    }

    fn pattern(&mut self, pattern: &'a Pattern) {
        pattern.matchers().into_iter().for_each(|matcher| self.matcher(matcher, None));
        for window in pattern.bare_windows() {
            self.window(window);
            self.windows.extend(pattern.matchers().into_iter().map(|matcher| (matcher, window)));
        }
        let Form::Sequence(Sequence { steps, tails, .. }) = &pattern.form else { return };
        for gap in tails.iter().flat_map(|tail| &tail.gaps) {
            self.tails.extend(steps.last().map(|step| (&step.matcher, gap)));
        }
    }

    fn matcher(&mut self, matcher: &'a Matcher, items: Option<&'a Path>) {
        let outer = self.around.replace((matcher, items));
        let filters = matcher.0.iter().filter_map(|one| one.filter.as_ref());
        for test in filters.flat_map(|filter| filter.leaves()) {
            self.asked(test);
        }
        self.around = outer;
    }

    fn asked<L: Leaf>(&mut self, test: &'a Test<L>) {
        self.test(test);
        if moves(test) {
            self.moves(Moves::Test(test));
        }
    }

    fn moves<L: Leaf>(&mut self, moves: Moves<'a, L>) {
        self.moving.extend(L::moving(moves, self.around));
    }

    fn event_windows(&mut self, matcher: &'a Matcher, windows: &'a [Window<PersonLeaf>]) {
        for window in windows {
            self.window(window);
            self.windows.push((matcher, window));
        }
    }

    fn aggregate(&mut self, aggregate: &'a Aggregate) {
        self.matcher(&aggregate.matcher, aggregate.items.as_ref());
        self.event_windows(&aggregate.matcher, &aggregate.windows);
        let outer = self.around.replace((&aggregate.matcher, aggregate.items.as_ref()));
        aggregate.value.iter().for_each(|value| self.expr(value));
        self.around = outer;
    }

    fn test<L: Leaf>(&mut self, test: &'a Test<L>) {
        exprs(test).into_iter().for_each(|expr| self.expr(expr));
        if let Check::During(window, _) = &test.check {
            self.window(window);
        }
    }

    fn window<L: Leaf>(&mut self, window: &'a Window<L>) {
        window.points().into_iter().for_each(|point| self.point(point));
    }

    fn point<L: Leaf>(&mut self, point: &'a Point<L>) {
        match point {
            Point::Instant(_) | Point::Day { .. } => {}
            Point::Anchor(_, matcher) => self.matcher(matcher, None),
            Point::Value(expr, _) => self.expr(expr),
        }
    }

    fn expr<L: Leaf>(&mut self, expr: &'a Expr<L>) {
        match expr {
            Expr::Literal(_) => {}
            Expr::Leaf(leaf) => match leaf.of_person() {
                Some(PersonLeaf::Aggregate(aggregate)) => self.aggregate(aggregate),
                Some(PersonLeaf::Score(score)) => self.midnights.push(&score.zone),
                _ => {}
            },
            Expr::Arithmetic { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            Expr::Negative(inner) => self.expr(inner),
            Expr::Coalesce(parts) => parts.iter().for_each(|part| self.expr(part)),
            Expr::Elapsed { point, .. } => self.point(point),
            Expr::Call { function, of, zone } => {
                self.expr(of);
                if *function == Scalar::Anniversary {
                    self.moves(Moves::Anniversary(of, zone));
                }
            }
            Expr::Choice(choice) => self.choice(choice),
        }
    }

    fn choice<L: Leaf>(&mut self, choice: &'a Choice<L>) {
        for asked in choice.condition.leaves() {
            match asked {
                Asked::Is(test) => self.asked(test),
                Asked::Person(predicate) => self.predicate(predicate),
            }
        }
        self.expr(&choice.then);
        self.expr(&choice.otherwise);
    }
}

/// The values that a test names.
pub(super) fn exprs<L>(test: &Test<L>) -> Vec<&Expr<L>> {
    let mut exprs = vec![&test.subject];
    match &test.check {
        Check::Compare(_, other) | Check::Text { part: other, .. } => exprs.push(other),
        Check::Between(low, high) => exprs.extend([low, high]),
        Check::Has { elements, .. } => exprs.extend(elements),
        Check::Version(all) => exprs.extend(all.iter().map(|(_, other)| other)),
        Check::InList(_)
        | Check::Known(_)
        | Check::OneOf { .. }
        | Check::During(..)
        | Check::Matches(_)
        | Check::InNetwork(_)
        | Check::Near { .. } => {}
    }
    exprs
}

/// Whether a test may come out otherwise although no value that it reads jumps.
fn moves<L: Leaf>(test: &Test<L>) -> bool {
    matches!(test.check, Check::During(..)) || !lengths(test).is_empty() || decays(test)
}

/// Whether something that a test reads decays.
pub(super) fn decays<L: Leaf>(test: &Test<L>) -> bool {
    exprs(test).into_iter().any(decays_in)
}

fn decays_in<L: Leaf>(expr: &Expr<L>) -> bool {
    match expr {
        Expr::Literal(_) | Expr::Elapsed { .. } => false,
        Expr::Leaf(leaf) => match leaf.of_person() {
            Some(PersonLeaf::Aggregate(of)) => {
                matches!(of.function, Function::Decayed { .. })
                    || of.value.as_ref().is_some_and(decays_in)
            }
            _ => false,
        },
        Expr::Arithmetic { left, right, .. } => decays_in(left) || decays_in(right),
        Expr::Negative(inner) => decays_in(inner),
        Expr::Coalesce(parts) => parts.iter().any(decays_in),
        Expr::Call { of, .. } => decays_in(of),
        Expr::Choice(choice) => decays_in(&choice.then) || decays_in(&choice.otherwise),
    }
}

/// A length of time to some point: how it grows.
#[derive(Clone, Copy)]
pub(super) struct Length<'a> {
    /// It may grow by whole days, or months, of this zone.
    pub(super) by_days: Option<&'a Local>,
    /// It may grow by the millisecond.
    pub(super) by_ms: bool,
}

/// The lengths of time that a test reads; one read of many events counts twice.
pub(super) fn lengths<L: Leaf>(test: &Test<L>) -> Vec<Length<'_>> {
    exprs(test).into_iter().flat_map(lengths_of).collect()
}

pub(super) fn lengths_of<L: Leaf>(expr: &Expr<L>) -> Vec<Length<'_>> {
    match expr {
        Expr::Elapsed { unit, point, zone, .. } => vec![length(*unit, point, zone)],
        Expr::Literal(_) => Vec::new(),
        Expr::Leaf(leaf) => match leaf.of_person() {
            Some(PersonLeaf::Aggregate(of)) => {
                of.value.iter().flat_map(|value| lengths_of(value).repeat(2)).collect()
            }
            _ => Vec::new(),
        },
        Expr::Arithmetic { left, right, .. } => [lengths_of(left), lengths_of(right)].concat(),
        Expr::Negative(inner) => lengths_of(inner),
        Expr::Coalesce(parts) => parts.iter().flat_map(lengths_of).collect(),
        Expr::Call { of, .. } => lengths_of(of),
        Expr::Choice(choice) => [lengths_of(&choice.then), lengths_of(&choice.otherwise)].concat(),
    }
}

/// A date, and a unit of the calendar, move by days; a computed point may be either.
fn length<'a, L>(unit: Unit, point: &Point<L>, zone: &'a Local) -> Length<'a> {
    let is_fixed = matches!(unit, Unit::Fixed(_));
    let by_days = !is_fixed || matches!(point, Point::Day { .. } | Point::Value(..));
    Length {
        by_days: by_days.then_some(zone),
        by_ms: is_fixed && !matches!(point, Point::Day { .. }),
    }
}

/// The points that lengths of time are measured to.
pub(super) fn elapsed_points<L>(expr: &Expr<L>) -> Vec<&Point<L>> {
    match expr {
        Expr::Elapsed { point, .. } => vec![point],
        Expr::Leaf(_) | Expr::Literal(_) => Vec::new(),
        Expr::Arithmetic { left, right, .. } => {
            [elapsed_points(left), elapsed_points(right)].concat()
        }
        Expr::Negative(inner) => elapsed_points(inner),
        Expr::Coalesce(parts) => parts.iter().flat_map(elapsed_points).collect(),
        Expr::Call { of, .. } => elapsed_points(of),
        Expr::Choice(choice) => {
            [elapsed_points(&choice.then), elapsed_points(&choice.otherwise)].concat()
        }
    }
}
