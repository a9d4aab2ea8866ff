//! The handle that a developer holds: one lane of commits, and places to read from.
