//! What a text means, whether it holds for a person, and why.
//!
//! It knows no store, no thread and no clock.

pub mod catalog;
pub mod describe;
pub mod explain;
mod footprint;
pub mod holds;
mod person;
pub mod predicate;
mod question;
pub mod resolve;
mod rows;
pub mod scan;
pub mod sql;
pub mod why;
mod words;

pub use footprint::{Footprint, footprint, footprint_of_value, whole_footprint};
pub use person::{Ahead, Crowd, CrowdError, Grouped, Nobody, Others, Parties, Person};
pub use question::{AsOf, Column, Per, Question, Reference, Sort};
pub use rows::Rows;
