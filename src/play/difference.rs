//! What two texts have in common and what not, line by line.

/// Lines of both with two blanks before them, of the first alone with `-`, of
/// the second alone with `+`.
pub(super) fn difference(before: &str, after: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.lines().collect(), after.lines().collect());
    let common = common(&before, &after);
    let (mut at, mut to, mut said) = (0, 0, String::new());
    let mut say = |sign: char, line: &str| {
        said.push_str(format!("{sign} {line}").trim_end());
        said.push('\n');
    };
    while at < before.len() || to < after.len() {
        let same = at < before.len() && to < after.len() && before[at] == after[to];
        if same {
            say(' ', before[at]);
            (at, to) = (at + 1, to + 1);
        } else if to == after.len()
            || (at < before.len() && common[at + 1][to] >= common[at][to + 1])
        {
            say('-', before[at]);
            at += 1;
        } else {
            say('+', after[to]);
            to += 1;
        }
    }
    said
}

/// How many lines the rests of both have in common, in order.
fn common(before: &[&str], after: &[&str]) -> Vec<Vec<usize>> {
    let mut common = vec![vec![0; after.len() + 1]; before.len() + 1];
    for at in (0..before.len()).rev() {
        for to in (0..after.len()).rev() {
            common[at][to] = match before[at] == after[to] {
                true => common[at + 1][to + 1] + 1,
                false => common[at + 1][to].max(common[at][to + 1]),
            };
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn lines_in_common_stay_between_the_others() {
        assert_eq!(difference("a\nb\nc\n", "a\nc\nd\n"), "  a\n- b\n  c\n+ d\n");
        assert_eq!(difference("", "a\n"), "+ a\n");
        assert_eq!(difference("a\n", "b\n"), "- a\n+ b\n");
    }
}
