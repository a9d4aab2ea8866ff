//! What integration tests share.

pub mod generate;
