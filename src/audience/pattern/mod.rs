//! Patterns: sequences and combinations, looked for among marks.
//!
//! A mark is what one event is good for. Whoever makes marks, from rows or as
//! they were kept, has looked at windows before.

mod chain;
mod combination;
mod kinds;
mod mark;
mod reach;

pub(super) use chain::Chain;
pub(super) use combination::{Candidate, combined};
pub(super) use kinds::Kinds;
pub(crate) use mark::Mark;
pub(super) use mark::{Bits, moments};
