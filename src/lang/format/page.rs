//! The page: statements one below the other, parted by blank lines by rule.

use super::Token;

/// A comment on a line of its own.
pub(super) struct Note {
    pub line: String,
    /// Whether an empty line stood above it.
    pub blank: bool,
}

/// A statement and the comments around it.
pub(super) struct Piece<'a> {
    /// Its tokens; none, where only the end of the text is left.
    pub tokens: &'a [Token],
    /// The comments above it.
    pub lead: Vec<Note>,
    /// The last so many of them are its description.
    pub described: usize,
    /// Whether an empty line stood above it.
    pub blank: bool,
    /// The comment behind its `;`.
    pub tail: Option<String>,
    text: String,
    /// Whether it is laid out over several lines.
    tall: bool,
}

impl<'a> Piece<'a> {
    pub fn new(tokens: &'a [Token], described: usize) -> Piece<'a> {
        Piece {
            tokens,
            lead: Vec::new(),
            described,
            blank: false,
            tail: None,
            text: String::new(),
            tall: false,
        }
    }

    /// Where its last token ends.
    pub fn end(&self) -> u32 {
        self.tokens.last().map_or(u32::MAX, |token| token.span.end)
    }

    /// Gives it its text.
    pub fn put(&mut self, tall: bool, text: String) {
        (self.tall, self.text) = (tall, text);
    }

    /// The statement with its `;` and what stands behind it.
    fn statement(&self) -> String {
        let tail = self.tail.as_ref().map(|tail| format!(" {tail}"));
        format!("{};{}", self.text, tail.unwrap_or_default())
    }
}

/// All of them in order. A description stands directly above its statement,
/// and no other comment does.
pub(super) fn page(pieces: &[Piece<'_>]) -> String {
    let (mut out, mut below_tall) = (String::new(), false);
    for piece in pieces {
        let block = piece.lead.len() - piece.described.min(piece.lead.len());
        let notes = piece.lead.iter().map(|note| (note.line.clone(), note.blank));
        let statement = (!piece.text.is_empty()).then(|| (piece.statement(), piece.blank));
        for (place, (line, stood)) in notes.chain(statement).enumerate() {
            let parted = place == block && (piece.tall || block > 0);
            let blank = place <= block && (stood || parted || place == 0 && below_tall);
            if blank && !out.is_empty() {
                out.push('\n');
            }
            out += &line;
            out.push('\n');
        }
        below_tall = piece.tall;
    }
    out
}
