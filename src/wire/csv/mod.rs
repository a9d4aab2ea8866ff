//! Rows of CSV, and the mapping that makes calls of them.
//!
//! A mapping is written in TOML; `docs/import.md` describes it.

mod cell;
mod condition;
mod draft;
mod error;
mod mapping;
mod node;
mod plan;
mod row;
mod rule;
mod split;
#[cfg(test)]
mod tests;
mod time;

pub use draft::draft;
pub use error::MappingError;
pub use mapping::Mapping;
pub(crate) use plan::Plan;
pub(crate) use row::RowReader;
