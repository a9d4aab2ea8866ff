//! The handle that a developer holds: one lane of commits, and places to read from.
//!
//! It knows no wire and no terminal.
