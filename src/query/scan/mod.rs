//! Everybody at once: a condition answered over columns, chunk by chunk.
//!
//! It shares with the other evaluators the resolved condition and nothing that
//! reads a row, a window's edge or an aggregate. It starts no thread: its jobs
//! are run by a [`Runner`] that it is handed.

mod answer;
mod attribute;
mod choose;
mod compared;
mod drawn;
mod grouped;
mod judge;
mod nth;
mod orders;
mod pass;
mod pattern;
mod plan;
mod rank;
mod reached;
mod score;
mod slot;
mod source;
mod tally;
mod value;

pub use crate::shelf::{Runner, one_by_one};
pub use answer::{existing, scan, totals, trends, values};
pub use attribute::{attribute, renewed};
pub use grouped::grouped;
pub use rank::{Everyone, ranked};
pub use reached::reached;
pub use slot::Sum;
pub use source::{Columns, ScanError, Source, WRITTEN_BYTES};
pub use tally::{Did, Ever, Tally};
