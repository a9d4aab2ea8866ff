//! Calls as JSON: one call, or a batch of them in an envelope.

mod batch;
mod call;
mod field;
mod number;
#[cfg(test)]
mod tests;
mod value;

pub use batch::batch_of_json;
pub use call::{Reader, calls_of_json};
pub(crate) use call::{check_utf8, too_long};
pub(crate) use number::number;
