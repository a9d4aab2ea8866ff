//! Containers that readers keep while one writer goes on.
//!
//! A clone shares everything; the first write to a shared piece copies that
//! piece only. So a view of the state costs a few pointers, and without views
//! nothing is ever copied. It knows nothing of what is kept.

mod column;
mod gathered;
mod lookup;
mod lot;
mod run;
mod sampled;
mod shards;
mod table;

pub use column::{Column, Near};
pub use gathered::{Found, Gathered};
pub use lookup::{Lookup, Numbered};
pub use lot::Lot;
pub use run::{Runner, one_by_one};
pub use sampled::sampled;
pub use shards::Entry;
pub use table::Table;
