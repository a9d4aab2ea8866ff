//! The language: text to tree, tree to text, and diagnostics that point.
//!
//! It knows no person, no event and no catalog.

mod span;
pub mod tree;

pub use span::{Span, Spanned};
