//! What is kept for a predicate, so that it is answered without reading rows.

mod age;
mod ages;
mod leaf;
mod map;
mod need;
mod number;
mod predicate;
mod reach;
mod sought;
mod visit;

pub(super) use age::Aged;
pub(super) use leaf::{Feed, Kept, Reading, Shape, Stores};
pub(super) use need::Need;
pub(super) use number::Amount;
pub(super) use predicate::{Plan, plan, plan_value};
pub(super) use reach::{reach, reach_of};
pub(super) use sought::{Sought, Threshold};
