//! What may stand at a place of a text: asked of the parser itself, so every
//! construct is offered as soon as it can be read.

use super::input::{Input, Source};
use super::program::{partners, source};
use super::statement::statement;
use super::trouble::Expected;
use crate::lang::lexer::lex;
use crate::lang::token::{Token, TokenKind};
use crate::lang::{Params, Span};

/// What may stand at a place.
///
/// ```
/// let offer = throng::lang::offer("count people who did ", 21);
/// assert!(offer.words.contains(&"not") && offer.things.contains(&"an event's name"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// Words of the language.
    pub words: Vec<&'static str>,
    /// Other things, as messages call them: `an event's name`, `a value`.
    pub things: Vec<&'static str>,
}

/// What may stand at byte `at` of a text, behind what stands before it. What is
/// wrong further up in other statements does not matter.
///
/// ```
/// use throng::lang::offer;
/// assert!(offer("show events; count people who did order in last 3 ", 50).words.contains(&"days"));
/// assert!(offer("count people who did order where (", 34).things.contains(&"a value"));
/// assert!(offer("nonsense here ", 14).words.is_empty());
/// ```
pub fn offer(text: &str, at: usize) -> Offer {
    let mut end = at.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let mut tokens = last_statement(lex(text).tokens);
    let n = tokens.len();
    let place = Span::new(end as u32, end as u32);
    // Groups that are open here would not be read without an end.
    let open = n_open(&tokens);
    tokens.extend((0..open).map(|_| Token { kind: TokenKind::Sign(")"), span: place }));
    let params = Params::default();
    let mut source = source(text, &tokens, partners(&tokens).0, place, Vec::new(), &params);
    source.caret = Some(n);
    read(&source);
    let mut offer = Offer::default();
    for expected in source.caught.take() {
        match expected {
            Expected::Word(word) => offer.words.push(word),
            Expected::Thing(thing) => offer.things.push(thing),
            Expected::Sign(_) => {}
        }
    }
    offer
}

/// Reads for the sake of what is noted at the caret, also behind a whole statement.
fn read(source: &Source<'_>) {
    if let Ok((behind, _)) = statement(Input::new(source)) {
        source.note(behind.at(), Expected::Sign(";"));
    }
}

fn last_statement(mut tokens: Vec<Token>) -> Vec<Token> {
    let begin = tokens.iter().rposition(|token| token.kind == TokenKind::Sign(";"));
    tokens.drain(..begin.map_or(0, |place| place + 1));
    tokens
}

fn n_open(tokens: &[Token]) -> usize {
    let mut open = 0_usize;
    for token in tokens {
        match token.kind {
            TokenKind::Sign("(") => open += 1,
            TokenKind::Sign(")") => open = open.saturating_sub(1),
            _ => {}
        }
    }
    open
}
