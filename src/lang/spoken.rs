//! The words of a text, wherever they stand.

use super::Spanned;
use super::lexer::lex;
use super::token::TokenKind;
use crate::model::Text;

/// Every word, name and quoted text, without its quotes or backticks, and where
/// it stands. Comments and what is no word are left out.
///
/// ```
/// let names = throng::lang::names("drop audience \"big spenders\" -- old");
/// let said: Vec<&str> = names.iter().map(|name| &*name.node).collect();
/// assert_eq!(said, ["drop", "audience", "big spenders"]);
/// assert_eq!(names[2].span.start, 14);
/// ```
pub fn names(text: &str) -> Vec<Spanned<Text>> {
    let named = |kind: TokenKind| match kind {
        TokenKind::Word(name) | TokenKind::Ticked(name) | TokenKind::Text(name) => Some(name),
        _ => None,
    };
    let tokens = lex(text).tokens.into_iter();
    tokens.filter_map(|token| Some(Spanned::new(named(token.kind)?, token.span))).collect()
}
