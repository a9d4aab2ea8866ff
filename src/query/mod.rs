//! What a text means, whether it holds for a person, and why.
//!
//! It knows no store, no thread and no clock.
