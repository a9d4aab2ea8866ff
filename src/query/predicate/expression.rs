//! Values computed of a person or of an event.

use super::{Aggregate, Choice, Local, Point, Scalar, Score};
use crate::model::{Path, Period, Unit, Value};
use std::sync::Arc;

/// A value computed of leaves `L`. Anything missing makes the whole missing,
/// except under `Coalesce`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr<L> {
    /// What is read.
    Leaf(L),
    /// What stands in the text.
    Literal(Value),
    /// `left op right`.
    Arithmetic {
        /// Which operation.
        operator: Operator,
        /// The left operand.
        left: Box<Expr<L>>,
        /// The right operand.
        right: Box<Expr<L>>,
    },
    /// The number with the other sign.
    Negative(Box<Expr<L>>),
    /// The first that is not missing.
    Coalesce(Vec<Expr<L>>),
    /// `days since X`, `hours until X`.
    Elapsed {
        /// The unit of the answer.
        unit: Unit,
        /// Whether X lies behind or ahead.
        direction: Direction,
        /// X.
        point: Box<Point<L>>,
        /// Where local days begin, for an X that is a date.
        zone: Local,
    },
    /// A function of one value: `lower(email)`, `anniversary(birthday)`.
    Call {
        /// Which.
        function: Scalar,
        /// The value.
        of: Box<Expr<L>>,
        /// Where local days begin, for functions of days and hours.
        zone: Local,
    },
    /// `if c then a else b`.
    Choice(Box<Choice<L>>),
}

/// What is read of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonLeaf {
    /// The value of an attribute. The attribute of the first key is the last of
    /// the `identify` calls; the rest of the path leads into it.
    Attribute {
        /// The way to it.
        path: Path,
        /// The declared type: the only reason to read text as anything else.
        declared: Option<Type>,
    },
    /// The attribute `group_id`, set by `group` calls.
    GroupId,
    /// The profile's user id that no alias has superseded.
    UserId,
    /// The least `when` of the person's visible calls.
    FirstSeen,
    /// The greatest.
    LastSeen,
    /// An aggregate over the person's events.
    Aggregate(Box<Aggregate>),
    /// What a model says of the person.
    Score(Arc<Score>),
}

/// What is read of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowLeaf {
    /// A property; under `items` a field of the innermost array element that is
    /// an object.
    Property {
        /// The way to it.
        path: Path,
        /// The declared type.
        declared: Option<Type>,
    },
    /// `event.x`: a property of the event, also where `items` leads into an array.
    Enclosing {
        /// The way to it.
        path: Path,
        /// The declared type.
        declared: Option<Type>,
    },
    /// What `items` leads to, itself.
    Element {
        /// The declared type.
        declared: Option<Type>,
    },
    /// A value of the call's context, the path without `context`. An event with
    /// a property called `context` hides it: then that property is read.
    Context {
        /// The way to it, inside the context.
        path: Path,
    },
    /// The event time.
    When,
    /// The first day of the local period in which the event happened.
    Local {
        /// A day, a week or a month.
        of: Period,
        /// The day of the week on which weeks begin, Monday being 1.
        first_day: u8,
        /// Where local days begin.
        zone: Local,
    },
    /// `call.received`.
    Received,
    /// `call.channel`.
    Channel,
    /// `call.source`.
    Source,
    /// `call.type`.
    CallType,
    /// A value of the person whose event it is: `profile.x`.
    Person(PersonLeaf),
}

/// A type as a declaration names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum Type {
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
    /// A list, of whatever was declared.
    List,
}

impl Type {
    /// The type as a declaration names it.
    pub fn name(self) -> &'static str {
        match self {
            Type::Text => "text",
            Type::Number => "number",
            Type::Bool => "bool",
            Type::Date => "date",
            Type::Instant => "instant",
            Type::Duration => "duration",
            Type::Ip => "ip",
            Type::Geo => "geo",
            Type::Version => "version",
            Type::Id => "id",
            Type::List => "list",
        }
    }
}

/// An arithmetic operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// Which way time is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From X to now.
    Since,
    /// From now to X.
    Until,
}
