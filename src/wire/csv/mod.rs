//! Rows of CSV, and the mapping that makes calls of them.
//!
//! A mapping is written in TOML; `docs/import.md` describes it.
//!
//! ```
//! use std::{io::Cursor, sync::Arc};
//! use throng::model::{Body, Value};
//! use throng::wire::{Defaults, Incoming, Shape, csv::Mapping, read};
//! let mapping = Mapping::from_toml(
//!     "identifiers = { email = 'who' }
//!      time = { column = 'at', format = '%d.%m.%Y', zone = 'Europe/Prague' }
//!      [[call]]
//!      type = 'track'
//!      event = 'order'
//!      properties = { total = { column = 'amount', type = 'number' } }",
//! )?;
//! let file = "who,at,amount\nada@example.org,01.03.2026,120\n";
//! let shape = Shape::Csv(Arc::new(mapping));
//! let mut batches = read(Cursor::new(file), shape, Defaults::file("shop"), 1)?;
//! let batch = batches.next().unwrap()?;
//! let Ok(Incoming::Call(call)) = &batch.lines[0].call else { panic!() };
//! assert_eq!(call.when, Some("2026-02-28T23:00:00Z".parse()?));
//! let Body::Track { event, properties } = &call.body else { panic!() };
//! assert_eq!((&**event, properties.get("total")), ("order", Some(&Value::from(120))));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
