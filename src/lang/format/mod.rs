//! A text in its canonical layout, with every comment where it stood.
//!
//! Statements are printed from their trees, so whatever the printer lays out is
//! laid out here as well. Comments are in no tree: each is anchored at the word
//! beside it, and that word is found again in what was printed.

mod anchor;
mod page;
mod stand_in;
mod weave;

use super::lexer::{Lexed, lex};
use super::parser::put;
use super::token::{Comment, Token, TokenKind};
use super::tree::Statement;
use super::{Diagnostic, Params, Severity, parse_with, print};
use page::{Note, Piece};

/// A program of statements in its canonical layout: each with its `;`, a blank
/// line around those of several lines and where one stood, comments where they
/// stood. What is laid out twice is laid out the same.
///
/// ```
/// use throng::lang;
/// let text = "-- Who came back.\ncreate audience back is people who did visit -- again\nin last 7d at least twice";
/// assert!(lang::format(text).is_err());
/// let text = "-- Who came back.\ncreate audience back is people did visit in last 7d -- again\nand plan is \"gold\"";
/// assert_eq!(
///     lang::format(text).unwrap(),
///     "-- Who came back.\ncreate audience back is\n  people who did visit in last 7 days -- again\n  and plan = \"gold\";\n"
/// );
/// ```
///
/// # Errors
/// If the text has errors: then nothing is laid out. A parameter without its
/// value is none.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    match laid_out(text, &Params::default()) {
        Err(found) if stand_in::only_values_are_missing(&found) => {
            stand_in::with_stand_ins(text).ok_or(found)
        }
        laid => laid,
    }
}

fn laid_out(text: &str, params: &Params) -> Result<String, Vec<Diagnostic>> {
    let parsed = parse_with(text, params);
    if parsed.diagnostics.iter().any(|found| found.severity == Severity::Error) {
        return Err(parsed.diagnostics);
    }
    let mut lexed = lex(text);
    // The values are where they are printed. That they are not too long the parser has seen.
    let _named = put(text, &mut lexed.tokens, params);
    let mut pieces = pieces(text, &lexed.tokens, &parsed.statements);
    let inner = assigned(text, &lexed, &mut pieces);
    for (place, statement) in parsed.statements.into_iter().enumerate() {
        let tokens = pieces[place].tokens;
        let printed = print(&Statement { comments: Vec::new(), ..statement });
        let woven = weave::weave(text, tokens, &printed, &inner[place]);
        pieces[place].put(printed.contains('\n'), woven.text);
        let mut behind = woven.behind.into_iter();
        if pieces[place].tail.is_none() {
            pieces[place].tail = behind.next();
        }
        // What finds no room on the last line stands below it.
        let below = behind.map(|line| Note { line, blank: false });
        pieces[place + 1].lead.splice(0..0, below);
    }
    Ok(page::page(&pieces))
}

/// The statements, and behind them what has none: the end of the text.
fn pieces<'a>(text: &str, tokens: &'a [Token], statements: &[Statement]) -> Vec<Piece<'a>> {
    let stretches = tokens.split(|token| token.kind == TokenKind::Sign(";"));
    let mut pieces: Vec<Piece<'a>> = stretches
        .filter(|tokens| !tokens.is_empty())
        .zip(statements)
        .map(|(tokens, statement)| Piece::new(tokens, statement.comments.len()))
        .collect();
    for piece in &mut pieces {
        let start = piece.tokens[0].span.start;
        let before = tokens.partition_point(|token| token.span.start < start);
        let end = before.checked_sub(1).map_or(0, |last| tokens[last].span.end);
        piece.blank = is_blank(text, end, start);
    }
    pieces.push(Piece::new(&[], 0));
    pieces
}

/// Hands each comment to the statement that it stands above or behind; gives
/// those inside of each.
fn assigned<'a>(text: &str, lexed: &'a Lexed, pieces: &mut [Piece<'_>]) -> Vec<Vec<&'a Comment>> {
    let mut inner = vec![Vec::new(); pieces.len()];
    let mut end_before = 0;
    for comment in &lexed.comments {
        let at = comment.span.start;
        let before = lexed.tokens.partition_point(|token| token.span.start < at);
        let last = before.checked_sub(1).map_or(0, |place| lexed.tokens[place].span.end);
        let blank = is_blank(text, last.max(end_before), at);
        end_before = comment.span.end;
        // The first statement that ends behind the comment, and the one on whose last line it is.
        let place = pieces.partition_point(|piece| piece.end() <= at);
        let behind = place
            .checked_sub(1)
            .filter(|place| !text[pieces[*place].end() as usize..at as usize].contains('\n'));
        if pieces[place].tokens.first().is_some_and(|first| first.span.start < at) {
            inner[place].push(comment);
        } else if let Some(behind) = behind {
            // Its last word may be printed in the middle.
            match last == pieces[behind].end() {
                true => inner[behind].push(comment),
                false => pieces[behind].tail = Some(weave::line(text, comment)),
            }
        } else {
            pieces[place].lead.push(Note { line: weave::line(text, comment), blank });
            let first = pieces[place].tokens.first().map_or(0, |first| first.span.start);
            pieces[place].blank = is_blank(text, end_before, first);
        }
    }
    inner
}

/// Whether an empty line lies between two places.
fn is_blank(text: &str, from: u32, to: u32) -> bool {
    let gap = text.get(from as usize..to as usize).unwrap_or_default();
    gap.matches('\n').count() > 1
}

#[cfg(test)]
mod tests;
