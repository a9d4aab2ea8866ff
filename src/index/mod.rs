//! Sets of seats: bitmaps, and what changed between two of them.
//!
//! It knows nothing of what put a seat into a set.

mod seats;

pub use seats::{NotSeats, Seats};
