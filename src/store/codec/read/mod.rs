//! Columns into calls.
//!
//! Every count is checked against the bytes that are left or against a budget
//! before anything of that size is made.

pub(super) mod calls;
mod node;

pub(super) use node::Node;
pub(in crate::store) use node::{Budget, instant};
