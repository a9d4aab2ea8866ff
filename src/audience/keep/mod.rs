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

pub(crate) use amounts::Amounts;
pub(super) use cell::put;
pub(crate) use cell::{Cell, Decision, Kind, Values};
pub(super) use decide::{decide, worth};
pub(crate) use latest::Latest;
pub(crate) use marks::Marks;
pub(super) use share::shares_of;
pub(crate) use share::{Load, Share, Stamp};
pub(super) use unite::unite;
