//! Answers, calls and rejects on their way out.

mod call;
mod json;
mod rejects;
mod rows;
#[cfg(test)]
mod tests;

pub use call::{json_of_call, json_of_forget};
pub use json::json_of_value;
pub use rejects::{RejectedRecord, Rejects};
pub use rows::{Format, write_rows};
