//! What integration tests share.

pub mod generate;
pub mod live;
pub mod world;
