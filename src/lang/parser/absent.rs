//! What the language has and this version does not build: recognised, so that
//! nobody is told of a missing comma where a whole construct is missing.

use super::input::Input;
use super::trouble::Trouble;
use crate::lang::Span;
use crate::lang::diagnostic::{Code, Diagnostic};
use nom::Parser;

/// Functions that the language has and this version does not.
pub(in crate::lang) const FUNCTIONS: [&str; 0] = [];

/// The answer to a construct that this version does not build.
pub(super) fn not_built(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::NotBuilt, span, format!("not built yet: {what}"))
}

/// Fails for good if these keywords stand here, saying that `what` is not built yet.
pub(super) fn absent<'a, T>(
    keywords: &'static [&'static str],
    what: &'static str,
) -> impl Parser<Input<'a>, Output = T, Error = Trouble> {
    move |input: Input<'a>| {
        if keywords.iter().enumerate().all(|(n, keyword)| input.is_word(n, keyword)) {
            return input.fails(not_built(what, input.span_of(keywords.len())));
        }
        Err(nom::Err::Error(Trouble::Unexpected))
    }
}
