//! What is kept of one person, packed.

mod amounts;
mod cell;
mod read;
mod share;

pub(super) use cell::{Cell, find, put};
pub(super) use read::{Stock, decide};
pub(super) use share::{Load, Share, Stamp, shares_of};
