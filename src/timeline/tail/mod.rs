//! The newest rows, not sealed: in the order in which they came, as compact
//! bytes, with a chain through the rows of each origin.

mod block;
mod by_stream;
mod names;
mod row;
mod rows;

pub use block::Block;
pub use row::{Part, event_of, leaves_of};
pub use rows::Tail;
