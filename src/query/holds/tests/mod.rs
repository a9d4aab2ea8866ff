//! Tables of small histories: one case per edge.

mod aggregates;
mod attributes;
pub(super) mod build;
mod checks;
mod consents;
mod dates;
mod elapsed;
mod items;
mod numbers;
mod trees;
mod windows;

pub(crate) use build::*;
