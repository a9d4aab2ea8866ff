//! What is kept of one person, packed.

mod amounts;
mod cell;
mod decide;
mod latest;
mod marks;
mod read;
mod share;
mod sought;
mod unite;

pub(super) use cell::{Cell, put};
pub(super) use decide::{decide, worth};
pub(super) use share::{Load, Share, Stamp, shares_of};
pub(super) use unite::unite;
