//! Tests of one value.

use super::{Expr, List, Local, Network, Window};
use crate::model::{Decimal, Pattern, Position, Value};
use std::sync::Arc;

/// A value and what is asked of it. A missing operand makes every check false,
/// except [`Check::Known`] with `false`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test<L> {
    /// The value.
    pub subject: Expr<L>,
    /// What is asked.
    pub check: Check<L>,
}

/// What is asked of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check<L> {
    /// Compared with another.
    Compare(Comparison, Expr<L>),
    /// `is known`, or with `false` `is unknown`.
    Known(bool),
    /// Equal to one of these, or with `negated` known and equal to none.
    OneOf {
        /// The values.
        values: Vec<Value>,
        /// `not one of`.
        negated: bool,
    },
    /// Between two values, both ends included.
    Between(Expr<L>, Expr<L>),
    /// A text in another.
    Text {
        /// Where in the value it must stand.
        place: Place,
        /// What must stand there.
        part: Expr<L>,
        /// Whether case matters.
        ignoring_case: bool,
    },
    /// A list that has this element, any of these, or with `all` each of them.
    Has {
        /// The elements.
        elements: Vec<Expr<L>>,
        /// Whether each is needed.
        all: bool,
    },
    /// An instant or a day inside a window; dates are compared by whole days of the zone.
    During(Window<L>, Local),
    /// In a list.
    InList(Arc<List>),
    /// A text in which a regular expression is found.
    Matches(Pattern),
    /// An address of a network.
    InNetwork(Network),
    /// A position less than so many kilometres from another.
    Near {
        /// How many.
        km: Decimal,
        /// From where.
        of: Position,
    },
    /// A version that compares so with each of these, in the order of releases.
    Version(Vec<(Comparison, Expr<L>)>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    /// Each of them.
    pub const ALL: [Comparison; 6] = [
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::AtMost,
        Comparison::Greater,
        Comparison::AtLeast,
    ];
}

/// Where a text must stand in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Place {
    Anywhere,
    Start,
    End,
}
