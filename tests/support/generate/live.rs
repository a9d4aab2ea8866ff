//! Comparisons that a standing audience may make: it can be told when they turn over.

use super::Random;
use std::cell::Cell;
use throng::query::predicate::{Check, Expr, Moves, Test, is_solvable};

thread_local! {
    static ONLY_LIVE: Cell<bool> = const { Cell::new(false) };
}

/// From here on, and in this thread, no other comparisons are made.
pub fn only_live() {
    ONLY_LIVE.set(true);
}

/// A test, and where only such are wanted one that a standing audience may make.
pub fn of_kind_wanted<L: Moves>(
    random: &mut Random,
    make: impl Fn(&mut Random) -> Test<L>,
) -> Test<L> {
    loop {
        let test = make(random);
        if !ONLY_LIVE.get() || is_live(&test) {
            return test;
        }
    }
}

fn is_live<L: Moves>(test: &Test<L>) -> bool {
    let beside = |other: &Expr<L>| is_solvable(&test.subject, Some(other));
    is_solvable(&test.subject, None)
        && match &test.check {
            Check::Compare(_, other) => beside(other),
            Check::Between(low, high) => beside(low) && beside(high),
            Check::Has { elements, .. } => elements.iter().all(|it| is_solvable(it, None)),
            _ => true,
        }
}
