//! Comments inside of a statement, woven into what is printed of it.

use super::anchor::Anchors;
use super::{Comment, Token, lex};

/// A printed statement with its comments.
pub(super) struct Woven {
    pub text: String,
    /// Comments that stand behind its last word.
    pub behind: Vec<String>,
}

/// Weaves comments into the printed form of the statement of these tokens.
pub(super) fn weave(text: &str, tokens: &[Token], printed: &str, comments: &[&Comment]) -> Woven {
    if comments.is_empty() {
        return Woven { text: printed.to_owned(), behind: Vec::new() };
    }
    let words = lex(printed).tokens;
    let anchors = Anchors::new(tokens, &words);
    let mut gaps: Vec<Vec<Inside>> = (0..=words.len()).map(|_| Vec::new()).collect();
    for comment in comments {
        let before = tokens.partition_point(|token| token.span.start < comment.span.start);
        let beside = !between(text, &tokens[before - 1], comment).contains('\n');
        let gap = if beside { anchors.behind(before - 1) } else { anchors.before(before) };
        // What stands above the first word would be above the statement.
        gaps[gap.clamp(1, words.len())].push(Inside { line: line(text, comment), beside });
    }
    let behind = gaps.pop().unwrap_or_default();
    let mut out = String::new();
    for (word, notes) in words.iter().zip(&gaps) {
        let start = word.span.start as usize;
        let space = &printed[out_end(&words, word)..start];
        if notes.is_empty() {
            out += space;
        } else {
            broken(&mut out, notes, &indent(printed, space, start));
        }
        out += &printed[start..word.span.end as usize];
    }
    Woven { text: out, behind: behind.into_iter().map(|note| note.line).collect() }
}

/// A comment in a gap between two words.
struct Inside {
    line: String,
    /// Whether it stands on the line of the word before.
    beside: bool,
}

/// Ends the line with its comment; the others have lines of their own.
fn broken(out: &mut String, notes: &[Inside], indent: &str) {
    for (place, note) in notes.iter().enumerate() {
        if place == 0 && note.beside {
            out.push(' ');
        } else {
            out.push('\n');
            out.push_str(indent);
        }
        out.push_str(&note.line);
    }
    out.push('\n');
    out.push_str(indent);
}

/// How far the next word is moved in: as printed, or further than its line.
fn indent(printed: &str, space: &str, start: usize) -> String {
    if let Some((_, indent)) = space.rsplit_once('\n') {
        return indent.to_owned();
    }
    let line = printed[..start].rsplit('\n').next().unwrap_or_default();
    " ".repeat(line.len() - line.trim_start().len() + 2)
}

fn out_end(words: &[Token], word: &Token) -> usize {
    let place = words.partition_point(|other| other.span.start < word.span.start);
    place.checked_sub(1).map_or(0, |before| words[before].span.end as usize)
}

fn between<'a>(text: &'a str, token: &Token, comment: &Comment) -> &'a str {
    &text[token.span.end as usize..comment.span.start as usize]
}

/// A comment as it is written: with a space behind its dashes.
pub(super) fn line(text: &str, comment: &Comment) -> String {
    let raw = text[comment.span.start as usize..comment.span.end as usize].trim_end();
    let words = raw.strip_prefix("--").unwrap_or(raw);
    match words.chars().next() {
        Some(first) if first != '-' && !first.is_whitespace() => format!("-- {words}"),
        _ => raw.to_owned(),
    }
}
