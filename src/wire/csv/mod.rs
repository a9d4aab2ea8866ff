//! Rows of CSV, and the mapping that makes calls of them.
//!
//! A mapping is written in TOML; `docs/import.md` describes it.

mod cell;
mod condition;
mod draft;
mod error;
mod guess;
mod mapping;
mod node;
mod plan;
mod row;
mod rule;
mod sample;
mod split;
#[cfg(test)]
mod tests;
mod time;

pub use draft::draft;
pub use error::MappingError;
pub use mapping::Mapping;
pub(crate) use plan::Plan;
pub(crate) use row::RowReader;

/// The cells of one row, parted by commas.
#[cfg(test)]
pub(super) fn cells(row: &str) -> Vec<String> {
    let mut cells = split::Cells::default();
    cells.split(row, b',');
    (0..cells.len()).map(|place| cells.get(place).to_owned()).collect()
}
