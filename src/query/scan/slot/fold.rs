//! How values become one.

use crate::model::Timestamp;
use crate::query::predicate::{Expr, Function, RowLeaf, Which};
use crate::query::scan::plan::{Events, Wish};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    Count,
    /// Whether there is one.
    Any,
    Sum,
    Avg,
    Distinct,
    /// The events of a pattern, which come to a count.
    Marks,
    /// The least instant.
    Earliest,
    /// The greatest instant.
    Latest,
    /// The value of the first or the last rank.
    First,
    Last,
    /// The least or greatest value of the kind that came first.
    Min,
    Max,
    Median,
    Stddev,
    TypicalGap,
    MostFrequent,
    Collect,
    /// What is left at an instant.
    Decayed {
        half_life_ms: i64,
        now: Timestamp,
    },
    /// What orders people as that does.
    DecayedOrder {
        half_life_ms: i64,
    },
}

impl Fold {
    pub fn of(wish: Wish<'_>, now: Timestamp) -> Fold {
        match wish {
            Wish::Any(_) => Fold::Any,
            Wish::Weighted(_) => Fold::Count,
            Wish::Events(of) | Wish::Total(of) => Fold::of_events(of, now),
            Wish::Anchor { which: Which::First, named: true, .. } => Fold::First,
            Wish::Anchor { which: Which::Last, named: true, .. } => Fold::Last,
            Wish::Anchor { which: Which::First, .. } | Wish::Seen(Which::First) => Fold::Earliest,
            Wish::Anchor { which: Which::Last, .. } | Wish::Seen(Which::Last) => Fold::Latest,
            Wish::Pattern(_) => Fold::Marks,
            Wish::Attribute(_) | Wish::GroupId | Wish::Consent(_) => Fold::Last,
        }
    }

    /// The first `when` in canonical order is also the least.
    fn of_events(of: Events<'_>, now: Timestamp) -> Fold {
        let is_when = of.items.is_none() && of.value == Some(&Expr::Leaf(RowLeaf::When));
        match of.function {
            Function::Count => Fold::Count,
            Function::Sum => Fold::Sum,
            Function::Avg => Fold::Avg,
            Function::Distinct => Fold::Distinct,
            Function::First | Function::Min if is_when => Fold::Earliest,
            Function::Last | Function::Max if is_when => Fold::Latest,
            Function::First => Fold::First,
            Function::Last => Fold::Last,
            Function::Min => Fold::Min,
            Function::Max => Fold::Max,
            Function::Median => Fold::Median,
            Function::Stddev => Fold::Stddev,
            Function::TypicalGap => Fold::TypicalGap,
            Function::MostFrequent => Fold::MostFrequent,
            Function::Collect => Fold::Collect,
            Function::Decayed { half_life_ms } => Fold::Decayed { half_life_ms, now },
            Function::DecayedOrder { half_life_ms } => Fold::DecayedOrder { half_life_ms },
        }
    }
}
