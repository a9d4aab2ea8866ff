//! How high the tree of a value is.
//!
//! A long sum needs no nesting to be written, yet its tree leans to the left as
//! deep as the sum is long, and everything that walks a tree does so by calls.

use super::input::Input;
use super::trouble::Trouble;
use crate::lang::diagnostic::{Code, Diagnostic};
use crate::lang::tree::{Value, ValueKind};
use crate::model::limits::STATEMENT_NESTING_MAX;

/// Fails if a value is a tree of more than the levels allowed. Called for each
/// new root, so what it walks itself is never much higher than that.
pub(super) fn check_height(input: Input<'_>, value: &Value) -> Result<(), nom::Err<Trouble>> {
    if height(value) <= STATEMENT_NESTING_MAX {
        return Ok(());
    }
    let message = format!("more than {STATEMENT_NESTING_MAX} operands stand in one chain");
    let diagnostic = Diagnostic::error(Code::Nesting, input.span(), message)
        .label("it begins here")
        .help("group parts of it by parentheses, or name them by `create trait`");
    Err(nom::Err::Failure(Trouble::Told(Box::new(diagnostic))))
}

/// Levels of operands; an aggregate begins a count of its own.
fn height(value: &Value) -> usize {
    match &value.kind {
        ValueKind::Arithmetic(_, left, right) => 1 + height(left).max(height(right)),
        ValueKind::Negative(inner) => 1 + height(inner),
        ValueKind::Call(_, arguments) => 1 + arguments.iter().map(height).max().unwrap_or(0),
        ValueKind::Choice(choice) => 1 + height(&choice.then).max(height(&choice.otherwise)),
        _ => 1,
    }
}
