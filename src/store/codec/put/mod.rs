//! Calls into columns.

pub(super) mod calls;
mod node;
