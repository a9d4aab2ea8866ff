//! Queries kept answered: matchers, accumulators, predicates, deadlines.
//!
//! It knows no disk and no subscriber.

mod ahead;
mod circuit;
mod delta;
mod eval;
mod facts;
mod keep;
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
pub use live::{Live, LiveStats};

#[cfg(test)]
mod tests;
