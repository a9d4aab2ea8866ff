//! The work that turns rows into runs: sealing the tail, merging runs.

mod change;
mod merge;
mod order;
mod press;
mod seal;

pub use change::{Change, DirectoryKey};
pub use merge::{is_merge_due, merge};
pub use seal::seal;
