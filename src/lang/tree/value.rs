//! Values: what is computed of a person or of an event.

use super::super::{Span, Spanned};
use super::{Bound, Condition, Length, Matcher, Name, Window};
use crate::model::{Date, Decimal, Text, Timestamp, Unit};

/// A value and where it stands.
///
/// ```
/// use throng::lang::{parse, tree::{ReportKind, StatementKind, Value, ValueKind}};
/// let parsed = parse("list -7 of everyone");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::List { columns, .. } = &report.kind else { panic!() };
/// let value: &Value = &columns[0].value;
/// assert_eq!((value.span.start, value.span.end), (5, 7));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// What is computed.
    pub kind: ValueKind,
    /// Where it stands.
    pub span: Span,
}

/// What is computed.
///
/// ```
/// use throng::lang::{parse, tree::{Direction, Operator, ReportKind, StatementKind, ValueKind}};
/// let parsed = parse("list points + 1, days since joined_on of everyone");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::List { columns, .. } = &report.kind else { panic!() };
/// assert!(matches!(&columns[0].value.kind, ValueKind::Arithmetic(Operator::Add, ..)));
/// assert!(matches!(&columns[1].value.kind, ValueKind::Elapsed(_, Direction::Since, _)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A literal.
    Literal(Literal),
    /// A name and what follows it.
    Path(ValuePath),
    /// `a + b`.
    Arithmetic(Operator, Box<Value>, Box<Value>),
    /// `-a`.
    Negative(Box<Value>),
    /// An aggregate.
    Aggregate(Box<Aggregate>),
    /// `coalesce(a, b)` and other functions, by name.
    Call(Name, Vec<Value>),
    /// `days since X`.
    Elapsed(Unit, Direction, Bound),
    /// `$name`: what is given for a parameter of the definition.
    Parameter(Name),
    /// `if c then a else b`.
    Choice(Box<Choice>),
}

/// `if CONDITION then VALUE else VALUE`.
///
/// ```
/// use throng::lang::{parse, tree::{Choice, Condition, ReportKind, StatementKind, ValueKind}};
/// let parsed = parse("list if did order then 1 else 2 + 3 of everyone");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::List { columns, .. } = &report.kind else { panic!() };
/// let ValueKind::Choice(choice) = &columns[0].value.kind else { panic!() };
/// let Choice { condition, otherwise, .. } = &**choice;
/// assert!(matches!(condition, Condition::Predicate(..)));
/// assert!(matches!(otherwise.kind, ValueKind::Arithmetic(..)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What decides: on a person, or inside `where ( )` on an event.
    pub condition: Condition,
    /// The value where it holds.
    pub then: Value,
    /// The value where it does not.
    pub otherwise: Value,
}

/// A literal of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A number; `5%` is 0.05 and stays marked.
    Number(Decimal),
    /// `5%`, as 0.05.
    Percent(Decimal),
    /// A text.
    Text(Text),
    /// `true` or `false`.
    Bool(bool),
    /// `missing`.
    Missing,
    /// `2026-03-01`.
    Date(Date),
    /// `2026-03-01T12:00:00Z`.
    Timestamp(Timestamp),
    /// `90 days`.
    Duration(Length),
    /// A month by its name: its number.
    Month(u8),
}

/// A path: `total`, `items.price`, `event.x`, `profile.x`, `a.b[0].c`.
///
/// ```
/// use throng::lang::{parse, tree::{Accessor, PathHead, ReportKind, StatementKind, ValueKind, ValuePath}};
/// let parsed = parse("list profile.phones[0] of everyone");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::List { columns, .. } = &report.kind else { panic!() };
/// let ValueKind::Path(path) = &columns[0].value.kind else { panic!() };
/// let ValuePath { head, first, rest, .. } = path;
/// assert_eq!((*head, &*first.node), (PathHead::Profile, "phones"));
/// assert_eq!(rest[0].node, Accessor::Index(0));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuePath {
    /// What it starts at.
    pub head: PathHead,
    /// The first key.
    pub first: Name,
    /// What follows.
    pub rest: Vec<Spanned<Accessor>>,
    /// Where it stands.
    pub span: Span,
}

/// What a path starts at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathHead {
    /// Whatever the place says: the person outside of `where`, the event or the item inside.
    Bare,
    /// `event.`: the enclosing event.
    Event,
    /// `profile.`: the person.
    Profile,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accessor {
    /// `.key`.
    Key(Text),
    /// `[0]`.
    Index(u32),
}

/// `agg(stream [: value] [where (...)] [window] [, literal])`.
///
/// ```
/// use throng::lang::{parse, tree::{Aggregate, Function, ReportKind, StatementKind, Stream, ValueKind}};
/// let parsed = parse("list sum(order.items: price) of everyone");
/// let StatementKind::Report(report) = &parsed.statements[0].kind else { panic!() };
/// let ReportKind::List { columns, .. } = &report.kind else { panic!() };
/// let ValueKind::Aggregate(aggregate) = &columns[0].value.kind else { panic!() };
/// let Aggregate { function, stream, value, .. } = &**aggregate;
/// assert_eq!((function.node, value.is_some()), (Function::Sum, true));
/// assert!(matches!(stream, Stream::Event { name, path } if &*name.node == "order" && path.len() == 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// Which function.
    pub function: Spanned<Function>,
    /// Over what.
    pub stream: Stream,
    /// `: value`.
    pub value: Option<Value>,
    /// `where (...)`.
    pub filter: Option<Condition>,
    /// Where in time.
    pub window: Option<Window>,
    /// What stands behind the comma: the half-life of `decayed`.
    pub half_life: Option<Spanned<Literal>>,
}

/// What an aggregate runs over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stream {
    /// `name` or `name.path`: an event, and a property of it or an array in it.
    Event {
        /// The event's name.
        name: Name,
        /// The keys behind it.
        path: Vec<Spanned<Accessor>>,
    },
    /// `any event`, `any of (a, b)`.
    Union(Matcher),
}

/// An aggregate function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum Function {
    Count,
    Sum,
    Avg,
    Min,
    Max,
    Distinct,
    First,
    Last,
    Median,
    Stddev,
    MostFrequent,
    Collect,
    ActiveDays,
    ActiveWeeks,
    ActiveMonths,
    TypicalGap,
    Decayed,
}

/// An arithmetic operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// Which way `days since` and `days until` count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum Direction {
    Since,
    Until,
}

/// A type as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum TypeName {
    Text,
    Number,
    Bool,
    Date,
    Instant,
    Duration,
    Ip,
    Geo,
    Version,
    Id,
    ListOf(ElementType),
}

/// The type of a list's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum ElementType {
    Text,
    Number,
    Bool,
    Date,
    Instant,
    Duration,
    Ip,
    Geo,
    Version,
    Id,
}
