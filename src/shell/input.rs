//! Where one entry ends: a statement at its `;`, a command of the shell at the
//! end of its line.

use super::meta::word_of_shells;

/// Whether what was typed is whole: nothing, a command, or statements up to a `;`.
pub(super) fn is_whole(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || text.starts_with('\\')
        || word_of_shells(text).is_some()
        || rest(text).trim().is_empty()
}

/// What stands behind the last `;` that ends a statement, without comments.
fn rest(text: &str) -> String {
    let mut rest = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ';' => rest.clear(),
            '-' if letters.peek() == Some(&'-') => {
                // A comment reaches to the end of its line.
                letters.by_ref().find(|letter| *letter == '\n');
            }
            '"' | '`' => {
                rest.push(letter);
                quoted(letter, &mut letters);
            }
            letter => rest.push(letter),
        }
    }
    rest
}

/// Reads to the end of a quote; one that is not closed ends with its line.
fn quoted(quote: char, letters: &mut impl Iterator<Item = char>) {
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if quote == '"' => drop(letters.next()),
            '\n' => return,
            letter if letter == quote => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_ends_at_its_semicolon() {
        for whole in [
            "",
            "  ",
            "\\de",
            "count everyone;",
            "count everyone; -- all",
            "a; b;",
            "did \"a;b\";",
            "-- only a word",
        ] {
            assert!(is_whole(whole), "{whole}");
        }
        for part in [
            "count",
            "count everyone -- all;",
            "did \"a;",
            "did \"a\\\";\"",
            "`a;`",
            "a; b",
            "count\n  everyone",
        ] {
            assert!(!is_whole(part), "{part}");
        }
    }
}
