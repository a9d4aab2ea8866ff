//! Aggregates over a person's events.

use super::{Expr, Matcher, PersonLeaf, RowLeaf, Window};
use crate::model::Path;

/// A function over a value of each matching event in the windows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// Which function.
    pub function: Function,
    /// Over which events.
    pub matcher: Matcher,
    /// A way into the event. Every array on it and at its end is taken element
    /// by element; bare names of the value and of the filter are then fields of
    /// the innermost element that is an object, else of the event.
    pub items: Option<Path>,
    /// The value of each; without one, what `items` leads to, else the event
    /// itself. A list is taken element by element.
    pub value: Option<Expr<RowLeaf>>,
    /// Where the events must lie: in each of these.
    pub windows: Vec<Window<PersonLeaf>>,
}

/// What is computed of the values. Missing values are skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum Function {
    /// How many; of nothing 0.
    Count,
    /// Of nothing 0.
    Sum,
    /// The sum by the count, rounded once; of nothing missing.
    Avg,
    Min,
    Max,
    /// How many different ones, of any kind; of nothing 0.
    Distinct,
    /// The first known one in canonical order.
    First,
    /// The last.
    Last,
}

impl Function {
    /// The function as the language names it.
    pub fn name(self) -> &'static str {
        match self {
            Function::Count => "count",
            Function::Sum => "sum",
            Function::Avg => "avg",
            Function::Min => "min",
            Function::Max => "max",
            Function::Distinct => "distinct",
            Function::First => "first",
            Function::Last => "last",
        }
    }
}
