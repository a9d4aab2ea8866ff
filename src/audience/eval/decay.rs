//! Where a value that decays crosses what it is compared with.

use super::Leaves;
use crate::model::left_after;
use crate::query::predicate::{Check, Expr, Test};

/// In how many milliseconds half of what a test looks at is left, if it looks at
/// one thing that decays.
pub(super) fn half_life_ms<L>(test: &Test<L>, leaves: &impl Leaves<L>) -> Option<i64> {
    let Check::Compare(_, other) = &test.check else { return None };
    let mut found = Vec::new();
    for side in [&test.subject, other] {
        collect(side, leaves, &mut found);
    }
    match found[..] {
        [one] => Some(one),
        _ => None,
    }
}

fn collect<L>(expr: &Expr<L>, leaves: &impl Leaves<L>, found: &mut Vec<i64>) {
    match expr {
        Expr::Leaf(leaf) => found.extend(leaves.half_life_ms(leaf)),
        Expr::Literal(_) | Expr::Elapsed { .. } => {}
        Expr::Arithmetic { left, right, .. } => {
            collect(left, leaves, found);
            collect(right, leaves, found);
        }
        Expr::Negative(inner) => collect(inner, leaves, found),
        Expr::Coalesce(parts) => parts.iter().for_each(|part| collect(part, leaves, found)),
        Expr::Call { of, .. } => collect(of, leaves, found),
        Expr::Choice(choice) => {
            collect(&choice.then, leaves, found);
            collect(&choice.otherwise, leaves, found);
        }
    }
}

/// How long until a difference is nothing, of which a part decays and the rest
/// stays: told by what it is now, and so much later. Good to a billionth of the
/// half-life; whoever asks looks closer.
pub(super) fn until_nothing(
    now: i128,
    later: i128,
    after_ms: i64,
    half_life_ms: i64,
) -> Option<i64> {
    let (now, later) = (now as f64, later as f64);
    let part = (now - later) / (1.0 - left_after(after_ms, half_life_ms));
    let rest = now - part;
    let ms = (-part / rest).log2() * half_life_ms as f64;
    (0.0..9e18).contains(&ms).then_some(ms as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_eight_times_too_much_takes_three_half_lives() {
        // 8 - 1 now, 4 - 1 a half-life later.
        assert_eq!(until_nothing(7_000, 3_000, 100, 100), Some(300));
        assert_eq!(until_nothing(-7_000, -3_000, 100, 100), Some(300));
        // What is below already never comes there.
        assert_eq!(until_nothing(-500, -750, 100, 100), None);
    }
}
