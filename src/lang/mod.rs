//! The language: text to tree, tree to text, and diagnostics that point.
//!
//! It knows no person, no event and no catalog.

mod diagnostic;
mod format;
pub mod json;
mod keyword;
mod lexer;
mod nearest;
mod param;
mod parser;
mod print;
mod span;
mod spoken;
mod token;
pub mod tree;

pub use diagnostic::{Code, Diagnostic, Severity, explanation, line_and_column};
pub use format::format;
pub use keyword::keywords;
pub use nearest::nearest;
pub use param::{Param, Params};
pub(crate) use parser::{DIAGNOSTICS_MAX, file_param, first_told};
#[cfg(feature = "shell")]
pub(crate) use parser::{MONTHS, UNITS};
pub use parser::{Offer, Parsed, offer, parse, parse_with};
pub use print::{
    print, print_condition, print_length, print_matcher, print_name, print_people, print_text,
    print_value, print_window,
};
pub use span::{Span, Spanned};
pub use spoken::names;

#[cfg(test)]
mod tests;
