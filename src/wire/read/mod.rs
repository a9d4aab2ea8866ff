//! Files and streams in: cut into records by one thread, parsed by several,
//! given out in order.
//!
//! It knows no file: whoever opens one hands it in. What is in flight is
//! bounded by a few chunks for each thread, whatever the size of the source.

mod batch;
mod chunk;
mod cut;
mod error;
mod source;
#[cfg(test)]
mod tests;
mod work;

pub use batch::{Batch, Line, Part, Spot, weight};
pub(crate) use cut::{Cut, Found};
pub use error::ReadError;
pub use source::{Progress, head};
pub use work::{Batches, Shape, read};
