//! Sets of seats: bitmaps, and what changed between two of them; and one value for
//! each seat, coded so that a test of all of them gives a set.
//!
//! It knows nothing of what put a seat into a set, nor of what a value is of.

mod codes;
mod holders;
mod known;
mod moments;
mod moved;
mod seats;

pub use known::{Judged, Known, Passing};
pub use moments::Moments;
pub use seats::{CHUNK_WORDS, NotSeats, Seats, listed};
