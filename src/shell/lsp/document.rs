//! An open text, and its places as editors count them: lines from 0, and in a
//! line the units of UTF-16.

use crate::lang::Span;
use serde_json::{Value, json};

/// The text of an open file.
pub(super) struct Document {
    pub text: String,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl Document {
    pub fn new(text: String) -> Document {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        Document { text, lines }
    }

    /// The byte of a place; one beyond the end of its line is that end.
    pub fn byte(&self, place: &Value) -> usize {
        let number = |key: &str| place[key].as_u64().unwrap_or(0) as usize;
        let Some(start) = self.lines.get(number("line")).copied() else { return self.text.len() };
        let line = self.text[start..].split('\n').next().unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut left = number("character");
        for (at, letter) in line.char_indices() {
            if left < letter.len_utf16() {
                return start + at;
            }
            left -= letter.len_utf16();
        }
        start + line.len()
    }

    /// The place of a byte.
    pub fn place(&self, byte: usize) -> Value {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = self.lines.partition_point(|start| *start <= byte) - 1;
        let units: usize = self.text[self.lines[line]..byte].chars().map(char::len_utf16).sum();
        json!({ "line": line, "character": units })
    }

    pub fn range(&self, span: Span) -> Value {
        let (start, end) = (span.start as usize, span.end as usize);
        json!({ "start": self.place(start), "end": self.place(end.max(start)) })
    }

    /// The whole text.
    pub fn whole(&self) -> Value {
        self.range(Span::new(0, self.text.len() as u32))
    }

    /// The text with one change of an editor.
    pub fn changed(&self, change: &Value) -> Option<Document> {
        let new = change["text"].as_str()?;
        let range = &change["range"];
        if !range.is_object() {
            return Some(Document::new(new.to_owned()));
        }
        let from = self.byte(&range["start"]);
        let to = self.byte(&range["end"]).max(from);
        let mut text = self.text.clone();
        text.replace_range(from..to, new);
        Some(Document::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_units_of_utf_16() {
        let document = Document::new("é😀x\r\nab".to_owned());
        for (byte, line, character) in
            [(0, 0, 0), (2, 0, 1), (6, 0, 3), (7, 0, 4), (9, 1, 0), (11, 1, 2)]
        {
            let place = json!({ "line": line, "character": character });
            assert_eq!(document.place(byte), place);
            assert_eq!(document.byte(&place), byte);
        }
        let within = json!({ "line": 0, "character": 2 });
        assert_eq!(document.byte(&within), 2, "no character is cut");
        assert_eq!(document.byte(&json!({ "line": 0, "character": 99 })), 7);
        assert_eq!(document.byte(&json!({ "line": 99, "character": 0 })), 11);
        assert_eq!(document.byte(&json!("nonsense")), 0);
    }

    #[test]
    fn a_change_takes_the_place_of_a_range() {
        let document = Document::new("a😀b".to_owned());
        let place = |character| json!({ "line": 0, "character": character });
        let range = json!({ "start": place(1), "end": place(3) });
        let changed = document.changed(&json!({ "range": range, "text": "é\n" })).unwrap();
        assert_eq!(changed.text, "aé\nb");
        assert!(document.changed(&json!({ "range": range })).is_none());
        assert_eq!(document.changed(&json!({ "text": "new" })).unwrap().text, "new");
    }
}
