//! Names and texts, with the quotes or backticks that they need.

use crate::lang::keyword::is_reserved;
use crate::lang::lexer::{begins_word, continues_word};
use crate::lang::tree::{Accessor, PathHead, ValuePath};

/// A name where a quoted one may stand as well.
pub(super) fn name(name: &str) -> String {
    match (is_word(name), is_reserved(name)) {
        (true, false) => name.to_owned(),
        (true, true) => format!("`{name}`"),
        (false, _) => text(name),
    }
}

/// A name where only a word may stand.
pub(super) fn ident(name: &str) -> String {
    if is_word(name) && !is_reserved(name) { name.to_owned() } else { format!("`{name}`") }
}

/// A word behind a dot, where every word is a name.
pub(super) fn key(name: &str) -> String {
    if is_word(name) { name.to_owned() } else { format!("`{name}`") }
}

fn is_word(name: &str) -> bool {
    name.starts_with(begins_word) && name.chars().all(continues_word)
}

/// A text in double quotes.
pub(super) fn text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => quoted.extend(c.escape_unicode()),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

pub(super) fn path(path: &ValuePath) -> String {
    let first = match path.head {
        PathHead::Event => format!("event.{}", key(&path.first.node)),
        PathHead::Profile => format!("profile.{}", key(&path.first.node)),
        // Bare, these two would begin a path of another kind.
        PathHead::Bare if is_head(&path.first.node) => format!("`{}`", path.first.node),
        PathHead::Bare => ident(&path.first.node),
    };
    first + &accessors(path.rest.iter().map(|accessor| &accessor.node))
}

fn is_head(word: &str) -> bool {
    word.eq_ignore_ascii_case("event") || word.eq_ignore_ascii_case("profile")
}

pub(super) fn accessors<'a>(accessors: impl Iterator<Item = &'a Accessor>) -> String {
    let accessor = |accessor: &Accessor| match accessor {
        Accessor::Key(word) => format!(".{}", key(word)),
        Accessor::Index(place) => format!("[{place}]"),
    };
    accessors.map(accessor).collect()
}
