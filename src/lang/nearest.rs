//! The nearest known word to one that nobody knows.

use std::cmp::Reverse;

/// The known word that was probably meant: the least Damerau-Levenshtein
/// distance, which may be a third of the word's length; of equally near ones
/// the most used, then one of the same length.
///
/// ```
/// use throng::lang::nearest;
/// let events = [("order", 10), ("older", 900), ("login", 50)];
/// assert_eq!(nearest("odrer", events.into_iter()), Some("order"));
/// assert_eq!(nearest("xyzzy", events.into_iter()), None);
/// ```
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = (&'a str, u64)>) -> Option<&'a str> {
    let word: Vec<char> = lower(word);
    // Longer words are names of nothing; the cost stays bounded whatever is given.
    if word.len() > 100 {
        return None;
    }
    let bound = (word.len() / 3).clamp(1, 3);
    known
        .filter_map(|(name, n_uses)| {
            let other = lower(name);
            let distance = distance(&word, &other, bound)?;
            let longer = word.len().abs_diff(other.len());
            (distance < word.len()).then_some((distance, Reverse(n_uses), longer, name))
        })
        .min()
        .map(|(.., name)| name)
}

fn lower(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Insertions, deletions, replacements and swaps of neighbours from `a` to `b`, if at most `bound`.
fn distance(a: &[char], b: &[char], bound: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > bound {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        if row.iter().all(|d| *d > bound) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|d| *d <= bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, known: &[&str], expected: Option<&str>) {
        assert_eq!(nearest(word, known.iter().map(|name| (*name, 0))), expected, "{word}");
    }

    #[test]
    fn a_slip_of_the_finger_is_found() {
        let units = ["days", "day", "weeks", "hours"];
        check("dais", &units, Some("days"));
        check("dayz", &units, Some("days"));
        check("wekes", &units, Some("weeks"));
        check("HOURS", &units, Some("hours"));
        check("oder_completed", &["order_completed", "other"], Some("order_completed"));
    }

    #[test]
    fn what_is_far_is_not_suggested() {
        check("x", &["y"], None);
        check("visit", &["order"], None);
        check("", &["a"], None);
        check(&"a".repeat(1_000), &["a"], None);
    }

    #[test]
    fn of_two_equally_near_the_used_one_is_meant() {
        assert_eq!(nearest("ordr", [("orde", 1), ("order", 5)].into_iter()), Some("order"));
    }
}
