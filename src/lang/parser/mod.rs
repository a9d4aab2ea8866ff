//! Tokens to trees: one function per production of `grammar/whoql.ebnf`, under its name.
//!
//! A text is cut at `;` first, so each statement fails alone. Behind a deciding
//! word nothing is tried again (`cut`), and a failure inside parentheses is
//! noted and skipped to their end, so that one run reports several errors.

#![allow(clippy::boxed_local, reason = "unboxing elsewhere keeps what nests small on the stack")]

mod aggregate;
mod as_value;
mod change;
mod condition;
mod declare;
mod definition;
mod did;
mod form;
mod habit;
mod height;
mod input;
mod literal;
mod name;
mod offer;
mod operator;
mod parameter;
mod pattern;
mod period;
mod program;
mod rank;
mod report;
mod slip;
mod special;
mod statement;
mod test;
mod trouble;
mod value;
mod window;

pub(super) use aggregate::AGGREGATES;
pub(super) use declare::TYPES;
pub(crate) use literal::{MONTHS, UNITS};
pub use offer::{Offer, offer};
pub(crate) use parameter::file_param;
pub(super) use parameter::{put, read_param};
pub(super) use program::parse_part;
pub(crate) use program::{DIAGNOSTICS_MAX, first_told};
pub use program::{Parsed, parse, parse_with};

use input::Input;
use trouble::Trouble;

/// What a production gives: its node and the input behind it, or the trouble.
type Read<'a, T> = nom::IResult<Input<'a>, T, Trouble>;

#[cfg(test)]
mod tests;
