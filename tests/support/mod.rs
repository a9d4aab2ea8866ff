//! What integration tests share.

pub mod generate;
pub mod live;
#[allow(unused_imports, reason = "each test takes what it needs")]
pub mod world;
