//! What a text means, whether it holds for a person, and why.
//!
//! It knows no store, no thread and no clock.

pub mod holds;
mod person;
pub mod predicate;
mod question;
mod rows;
pub mod why;

pub use person::{Crowd, CrowdError, Parties, Person};
pub use question::{Column, Question, Reference, Sort};
pub use rows::Rows;
