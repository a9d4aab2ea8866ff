//! The lake: everybody and what they did as files in Parquet, which any engine
//! of SQL reads, and over which `explain sql` compiles.
//!
//! It knows no question: what is asked of the files is `query::sql`'s.

mod declared;
mod error;
mod export;
mod json;
mod manifest;
mod place;
mod rows;
mod table;
mod zones;

pub use declared::Declared;
pub use error::LakeError;
pub use export::{Exported, Lake, export};
pub use place::fetch;
