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
    /// Of numbers the middle one, or the mean of the middle two; of nothing missing.
    Median,
    /// How far numbers lie from their mean, all of them taken; of nothing missing.
    Stddev,
    /// The value that came most often; of several the one that came last, then
    /// the smallest; of nothing missing.
    MostFrequent,
    /// All of them in canonical order, a list.
    Collect,
    /// The median of the days between instants that follow one another; of less
    /// than two missing.
    TypicalGap,
    /// The sum of numbers that are not negative, each losing half of itself in
    /// so much time; of nothing 0.
    Decayed {
        /// In so many milliseconds half of it is left.
        half_life_ms: i64,
    },
    /// What gives the order of `Decayed` at every instant and stays while nothing
    /// happens: `log2(s) + t / h` with s that sum at t, the last of the instants
    /// that count. Where s is 0 or nothing counts, [`Function::LOWEST`].
    DecayedOrder {
        /// The h, in milliseconds.
        half_life_ms: i64,
    },
}

impl Function {
    /// Stands below every `log2(s) + t / h` that there is.
    pub const LOWEST: i64 = -1_000_000_000_000_000;
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
            Function::Median => "median",
            Function::Stddev => "stddev",
            Function::MostFrequent => "most_frequent",
            Function::Collect => "collect",
            Function::TypicalGap => "typical_gap",
            Function::Decayed { .. } | Function::DecayedOrder { .. } => "decayed",
        }
    }
}
