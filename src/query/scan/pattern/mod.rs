//! Patterns among the events of one person that were gathered for them.

mod chain;
mod combination;
mod events;
mod instants;
mod judge;
mod marks;
mod quick;
pub mod role;
mod sought;
mod walk;

pub use judge::Judge;
pub use marks::{Mark, Marks, Part, Sorted};
pub use sought::Sought;

use super::plan::after;
use crate::model::Zone;
use crate::query::predicate::Gap;

/// The first instant that gaps allow behind another, and the first they do not any more.
#[inline]
fn allowed(from: i64, gaps: &[Gap], zone: &Zone) -> (i64, i64) {
    let (mut least, mut end) = (from, i64::MAX);
    for gap in gaps {
        match gap {
            Gap::Within(length) => end = end.min(after(from, length, zone)),
            Gap::AtLeast(length) => least = least.max(after(from, length, zone)),
        }
    }
    (least, end)
}
