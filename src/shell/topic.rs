//! Topics of help that are no names of anything: words looked for in forms.

use crate::lang::{MONTHS, UNITS};

/// Whether all words of a topic stand in a text. Forms say `MONTH`, `UNIT` and
/// `N` where a month, a unit of time or a number stands.
pub(super) fn holds(text: &str, topic: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c| !is_letter(c)).collect();
    let mut asked = topic.split_whitespace();
    asked.all(|word| words.contains(&word) || words.contains(&general(word)))
}

/// Whether a topic is a word of the language, and not the beginning of one.
pub(super) fn is_whole(topic: &str) -> bool {
    crate::lang::keywords().contains(&topic)
}

fn general(word: &str) -> &str {
    match word {
        _ if MONTHS.contains(&word) => "month",
        _ if UNITS.iter().any(|(one, many, _)| [*one, *many].contains(&word)) => "unit",
        _ if word.chars().all(|c| c.is_ascii_digit()) => "n",
        _ => word,
    }
}
