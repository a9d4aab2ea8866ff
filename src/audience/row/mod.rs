//! What is read of one event: paths, declared types, elements, filters.

mod declared;
mod element;
mod path;
mod source;

pub(super) use element::{each_row, each_value, over_row};
pub(super) use path::declared_at;
pub(super) use source::{Row, RowSource, fits};
