//! Columns: one part of many rows, as plain slices to loop over, and as bytes.

mod bits;
mod cells;
mod codec;
mod coder;
mod dictionary;
mod flat;
mod following;
mod key;
mod loose;
mod numbered;
mod values;

pub use bits::Bits;
pub use cells::Cell;
pub use codec::{put_column, put_following_column, read_column, read_flat};
pub use coder::Coder;
pub use dictionary::{Dictionary, Elements, Worded};
pub use flat::Flat;
pub(crate) use key::PLAIN;
pub use key::{ColumnKey, kind_named};
pub use loose::Loose;
pub use values::{Cells, Column, value_memory};
