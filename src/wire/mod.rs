//! What the world sends and gets: JSON, NDJSON, CSV.
//!
//! It knows no socket, and of identity only where a call may carry names.

mod calls;
pub mod csv;
mod json;
mod out;
mod parts;
mod read;
mod reject;
#[cfg(test)]
mod tests;
mod texts;

pub use calls::{Defaults, Forget, Incoming, UnknownVerb, Verb};
pub use json::{Reader, batch_of_json, calls_of_json};
pub use out::{
    Format, RejectedRecord, Rejects, json_of_call, json_of_diagnostics, json_of_forget,
    json_of_value, write_rows,
};
pub use read::{Batch, Batches, Line, Part, Progress, ReadError, Shape, Spot, head, read, weight};
pub use reject::{Reason, Reject};
