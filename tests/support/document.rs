//! A document: its pieces, and how it should be.

use std::fs;
use std::path::Path;

/// A document, by its path from the root.
pub fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// A piece of a document.
pub enum Piece<'a> {
    /// Anything but a block.
    Prose(&'a str),
    /// A block: what it is, and its lines.
    Block(&'a str, String),
}

/// Every line and block of a document, in order.
pub fn pieces(document: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut lines) = (Vec::new(), document.lines());
    while let Some(line) = lines.next() {
        match line.strip_prefix("```") {
            None => pieces.push(Piece::Prose(line)),
            Some(kind) => {
                let inside = lines.by_ref().take_while(|line| *line != "```");
                let inside = inside.map(|line| format!("{line}\n")).collect();
                pieces.push(Piece::Block(kind, inside));
            }
        }
    }
    pieces
}

/// Compares a document with how it should be, or makes it so.
pub fn compare(name: &str, now: &str) {
    let written = read(name);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        return fs::write(path, now).unwrap();
    }
    for (written, now) in written.lines().zip(now.lines()) {
        assert_eq!(written, now);
    }
    assert_eq!(written.len(), now.len());
}
