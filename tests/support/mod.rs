//! What integration tests share.

pub mod cases;
pub mod cold;
pub mod crowd;
pub mod generate;
pub mod kill;
pub mod live;
pub mod world;
