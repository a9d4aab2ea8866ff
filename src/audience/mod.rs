//! Queries kept answered: matchers, accumulators, predicates, deadlines.
//!
//! It knows no disk and no subscriber.

mod ahead;
mod circuit;
mod delta;
mod eval;
mod facts;
mod keep;
mod kept;
mod live;
mod pattern;
mod people;
mod plan;
mod rank;
mod row;
mod scan;

pub use ahead::ahead;
pub use circuit::{CellCost, Class, Part, cost};
pub use delta::{Cause, Delta};
pub use facts::{Facts, PageError, Wanted};
pub(crate) use keep::{Amounts, Cell, Decision, Kind, Latest, Load, Marks, Share, Stamp, Values};
pub(crate) use kept::PersonKept;
pub use kept::{HeadKept, Kept, PeopleKept, WaitingKept};
pub use live::{Live, LiveStats, PeopleOf, Rest};
pub(crate) use pattern::Mark;
pub(crate) use people::Arrival;
pub(crate) use scan::Weight;

#[cfg(test)]
mod tests;
