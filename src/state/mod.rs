//! The state: what the inputs add up to. `(State, Input) -> Changes`.
//!
//! It reads no clock and writes no file.
