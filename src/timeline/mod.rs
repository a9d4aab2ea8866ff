//! Events of many people: tails of new rows, sealed runs, pages of columns.
//!
//! It knows no file and no question.

mod bytes;
mod column;
mod event;
mod pages;
mod rows;
mod run;
mod scan;
mod shape;
mod slice;
mod streams;
mod tail;
mod wanted;
mod whole;
mod work;

pub use column::{Bits, Cells, Column, ColumnKey, Elements, Worded};
pub use pages::{MemoryPages, PageError, PageKey, Pages};
pub use scan::{Block, Scan};
pub use shape::Shape;
pub use slice::Slice;
pub use wanted::{Fields, Part, Wanted};
pub use whole::{DamagedEntry, StaleChange, Timeline, TimelineMemory};
pub use work::{Change, DirectoryKey};

#[cfg(test)]
mod tests;
