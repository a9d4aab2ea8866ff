//! Calls into columns.

pub(super) mod calls;
mod node;
pub(super) mod one;

pub(super) use node::{Node, Room};
