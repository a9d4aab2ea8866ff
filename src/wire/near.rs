//! The known word that a wrong one most looks like.

/// The known word that needs the fewest edits, if they are few.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(64).flat_map(char::to_lowercase).collect();
    let most = 1 + word.len() / 3;
    known
        .map(|candidate| (edits(&word, candidate), candidate))
        .filter(|(n_edits, _)| *n_edits <= most)
        .min_by_key(|(n_edits, _)| *n_edits)
        .map(|(_, candidate)| candidate)
}

/// Insertions, removals and replacements from one word to the other.
fn edits(word: &[char], other: &str) -> usize {
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (place, letter) in other.chars().take(64).flat_map(char::to_lowercase).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], place + 1);
        for column in 0..word.len() {
            let replaced = diagonal + usize::from(word[column] != letter);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[word.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_edits_win_and_far_words_stay_away() {
        let known = || ["track", "page", "screen", "consent"].into_iter();
        assert_eq!(nearest("Trak", known()), Some("track"));
        assert_eq!(nearest("concent", known()), Some("consent"));
        assert_eq!(nearest("purchase", known()), None);
        assert_eq!(nearest("", known()), None);
    }
}
