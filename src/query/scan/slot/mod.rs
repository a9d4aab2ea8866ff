//! What is accumulated for each person.

mod among;
mod any;
mod blocks;
mod distinct;
mod fold;
mod heard;
mod kept;
mod log;
mod numbers;
mod page;
mod per_seat;
mod places;
mod rank;
mod slots;
mod spread;
mod sum;
mod table;

pub use among::Among;
pub use distinct::hash;
pub use fold::Fold;
pub use log::Log;
pub use numbers::Numbers;
pub use page::{PAGE, Packed};
pub use per_seat::PerSeat;
pub use places::Places;
pub use rank::{Rank, Ties};
pub use slots::{Slots, meet};
pub use sum::Sum;
pub use table::{Held, Table};
