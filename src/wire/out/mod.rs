//! Answers, calls and rejects on their way out.

mod call;
mod diagnostics;
mod json;
mod rejects;
mod rows;
#[cfg(test)]
mod tests;

pub use call::{json_of_call, json_of_forget};
pub use diagnostics::json_of_diagnostics;
pub use json::json_of_value;
pub use rejects::{RejectedRecord, Rejects};
pub use rows::{Format, write_rows};
