//! The words of a line.

use std::mem::take;

/// The words of a line: blanks inside quotes and brackets do not part.
pub(super) fn words(line: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let (mut inside, mut depth) = (false, 0);
    for c in line.chars() {
        match c {
            '"' => inside = !inside,
            '[' | '{' if !inside => depth += 1,
            ']' | '}' if !inside => depth -= 1,
            _ => {}
        }
        if c == ' ' && !inside && depth == 0 {
            words.extend((!word.is_empty()).then(|| take(&mut word)));
        } else {
            word.push(c);
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// A word without the quotes around it.
pub(super) fn unquoted(word: &str) -> &str {
    word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word)
}
