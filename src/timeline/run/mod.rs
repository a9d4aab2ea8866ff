//! Sealed runs: stripes of rows as pages, and the directory that says where they lie.

mod cache;
mod directory;
mod read;
mod rest;
mod streams;
mod stripe;
mod write;

pub use cache::Cache;
pub use directory::{
    Bounds, Group, Names, Run, put_stream, read_stream, runs_from_bytes, runs_to_bytes,
};
pub use read::{Stripe, ids_at};
pub use rest::Rest;
pub use stripe::{Keys, ROWS_MAX};
pub use write::{Room, Sheet, write_stripe};
