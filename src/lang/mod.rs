//! The language: text to tree, tree to text, and what is wrong with a text.
//!
//! It knows no profile, no event and no clock.
