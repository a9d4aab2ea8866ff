//! What is to be computed, with every leaf a place: a slot of the person or a
//! column of the row.

use super::days::Days;
use super::sole::Sole;
use crate::index::Seats;
use crate::model::{self, Date, Decimal, Path, Period, Position, Step, Timestamp, Unit, Value};
use crate::query::predicate::{
    Calendar, Comparison, CountRange, Direction, Draw, List, Network, Operator, Place, Scalar,
    Side, Tree, Type,
};
use crate::query::scan::tally::Tally;
use std::sync::Arc;

/// Where a value is read.
#[derive(Clone, Debug)]
pub enum Read {
    /// What was accumulated for the person, and a way into it.
    Slot { slot: usize, steps: Vec<Step>, declared: Option<Type> },
    /// The person's user id.
    UserId,
    /// What a model says of the person, by the place of the score.
    Score(usize),
    /// A property: of the innermost array element if `inner`, else of the row.
    Cell { column: usize, path: Path, inner: bool, declared: Option<Type> },
    /// What the walk through the arrays led to.
    Element { declared: Option<Type> },
    /// A value of the context, unless a property of that name hides it.
    Context { hiding: usize, column: usize, path: Path },
    /// When the row happened.
    When,
    /// The first day of the local period in which it did.
    Local { of: Period, first_day: u8, zone: Days },
    /// A column that is no path.
    Plain { column: usize },
}

#[derive(Clone, Debug)]
pub enum Expr {
    Read(Read),
    Literal(Value),
    Arithmetic { operator: Operator, left: Box<Expr>, right: Box<Expr> },
    Negative(Box<Expr>),
    Coalesce(Vec<Expr>),
    Elapsed { unit: Unit, direction: Direction, point: Box<Point>, zone: Days },
    Call { function: Scalar, of: Box<Expr>, zone: Days },
    Choice(Box<Choice>),
}

/// One of two values, as a condition says.
#[derive(Clone, Debug)]
pub struct Choice {
    pub condition: Tree<Asked>,
    pub then: Expr,
    pub otherwise: Expr,
}

/// What a condition inside a value asks: of the place, or of the person.
#[derive(Clone, Debug)]
pub enum Asked {
    Is(Box<Test>),
    Person(Leaf),
}

#[derive(Clone, Debug)]
pub enum Point {
    Instant(Timestamp),
    Day {
        date: Date,
        start: Timestamp,
        end: Timestamp,
    },
    /// The instant in that slot.
    Anchor(usize),
    Value(Expr, Days),
}

#[derive(Clone, Debug)]
pub enum Window {
    /// `from <= now - t < to`.
    Ages {
        from_ms: i64,
        to_ms: i64,
    },
    Next {
        ms: i64,
    },
    /// By the calendar: from the first to before the second, of instants and of local days.
    Calendar {
        ms: (i64, i64),
        days: (i64, i64),
        is_ahead: bool,
    },
    /// By the calendar of each person.
    Theirs {
        of: Calendar,
        zone: Days,
    },
    /// A month of every year.
    Month {
        month: u32,
        zone: Days,
    },
    /// From an edge to an edge; whether each belongs to it.
    Range {
        from: Option<(Point, bool)>,
        to: Option<(Point, bool)>,
    },
    Within {
        ms: i64,
        side: Side,
        point: Point,
        zone: Days,
    },
    WithinMonths {
        months: i32,
        side: Side,
        point: Point,
        zone: Days,
    },
}

#[derive(Clone, Debug)]
pub struct Test {
    pub subject: Expr,
    pub check: Check,
    /// The one column whose cell alone decides, if there is one.
    pub column: Option<usize>,
    /// The one slot that alone decides, if there is one.
    pub sole: Option<Sole>,
}

#[derive(Clone, Debug)]
pub enum Check {
    Compare(Comparison, Expr),
    Known(bool),
    OneOf { values: Vec<Value>, negated: bool },
    Between(Expr, Expr),
    Text { place: Place, part: Expr, ignoring_case: bool },
    Has { elements: Vec<Expr>, all: bool },
    During(Window, Days),
    InList(Arc<List>),
    Matches(model::Pattern),
    InNetwork(Network),
    Near { km: Decimal, of: Position },
    Version(Vec<(Comparison, Expr)>),
}

pub type Filter = Tree<Test>;

/// One thing that a person fulfils or not.
#[derive(Clone, Debug)]
pub enum Leaf {
    /// How often: of events, or of the matches of a pattern.
    Did {
        slot: usize,
        count: CountRange,
    },
    /// Whether there is an event, or none.
    Any {
        slot: usize,
        wanted: bool,
    },
    /// Whether somebody did something not before an instant, by when they last did, or else.
    Since {
        last: Arc<Tally>,
        from: i64,
        wanted: bool,
    },
    Is(Box<Test>),
    /// A slot that holds whether the purpose is allowed.
    Consent {
        slot: usize,
    },
    /// Who they are is known already.
    Members(Seats),
    /// The place of another condition.
    Audience(usize),
    /// A share that is drawn.
    Drawn(Draw),
    /// Whoever is named by an element.
    Listed(Arc<List>),
}

impl Leaf {
    /// Whether it is a set that is known: nobody is looked at alone.
    pub fn is_set(&self) -> bool {
        matches!(
            self,
            Leaf::Any { .. }
                | Leaf::Since { .. }
                | Leaf::Members(_)
                | Leaf::Listed(_)
                | Leaf::Audience(_)
        )
    }
}

/// A leaf, and how many levels of slots must be there before it can be decided.
#[derive(Clone, Debug)]
pub struct Decided {
    pub leaf: Leaf,
    pub reach: usize,
}

impl Expr {
    /// Whether it is the same for every row and person.
    pub fn is_constant(&self) -> bool {
        match self {
            Expr::Read(_) => false,
            Expr::Literal(_) => true,
            Expr::Arithmetic { left, right, .. } => left.is_constant() && right.is_constant(),
            Expr::Negative(inner) => inner.is_constant(),
            Expr::Coalesce(parts) => parts.iter().all(Expr::is_constant),
            Expr::Elapsed { point, zone, .. } => point.is_constant() && zone.is_constant(),
            Expr::Call { of, zone, .. } => of.is_constant() && zone.is_constant(),
            Expr::Choice(choice) => choice.is_constant(),
        }
    }

    /// Whether it gives numbers only.
    pub fn is_number(&self) -> bool {
        match self {
            Expr::Arithmetic { .. } | Expr::Negative(_) | Expr::Elapsed { .. } => true,
            Expr::Literal(value) => matches!(value, Value::Number(_)),
            Expr::Coalesce(parts) => parts.iter().all(Expr::is_number),
            Expr::Choice(choice) => choice.then.is_number() && choice.otherwise.is_number(),
            Expr::Read(_) | Expr::Call { .. } => false,
        }
    }
}

impl Choice {
    fn is_constant(&self) -> bool {
        let asks_the_same = |asked: &Asked| match asked {
            Asked::Is(test) => test.subject.is_constant() && test.check.is_constant(),
            Asked::Person(_) => false,
        };
        self.condition.leaves().into_iter().all(asks_the_same)
            && self.then.is_constant()
            && self.otherwise.is_constant()
    }
}

impl Point {
    pub fn is_constant(&self) -> bool {
        match self {
            Point::Instant(_) | Point::Day { .. } => true,
            Point::Anchor(_) => false,
            Point::Value(expr, zone) => expr.is_constant() && zone.is_constant(),
        }
    }
}

impl Window {
    pub fn points(&self) -> Vec<&Point> {
        match self {
            Window::Ages { .. }
            | Window::Next { .. }
            | Window::Calendar { .. }
            | Window::Theirs { .. }
            | Window::Month { .. } => Vec::new(),
            Window::Range { from, to } => from.iter().chain(to).map(|(point, _)| point).collect(),
            Window::Within { point, .. } | Window::WithinMonths { point, .. } => vec![point],
        }
    }

    pub fn is_constant(&self) -> bool {
        let is_common = match self {
            Window::Theirs { .. } => false,
            Window::Month { zone, .. }
            | Window::Within { zone, .. }
            | Window::WithinMonths { zone, .. } => zone.is_constant(),
            _ => true,
        };
        is_common && self.points().into_iter().all(Point::is_constant)
    }
}

impl Check {
    pub fn is_constant(&self) -> bool {
        match self {
            Check::InList(_)
            | Check::Known(_)
            | Check::OneOf { .. }
            | Check::Matches(_)
            | Check::InNetwork(_)
            | Check::Near { .. } => true,
            Check::Version(all) => all.iter().all(|(_, other)| other.is_constant()),
            Check::Compare(_, other) => other.is_constant(),
            Check::Between(low, high) => low.is_constant() && high.is_constant(),
            Check::Text { part, .. } => part.is_constant(),
            Check::Has { elements, .. } => elements.iter().all(Expr::is_constant),
            Check::During(window, zone) => window.is_constant() && zone.is_constant(),
        }
    }
}
