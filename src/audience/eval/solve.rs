//! When the answer of a test changes next.

use super::ask::{ask, difference};
use super::decay::{half_life_ms, until_nothing};
use super::{Leaves, Moves, Over, Span, expr_moves, over};
use crate::model::{Timestamp, Value};
use crate::query::predicate::{Expr, Test};

/// So many stretches are asked about before an early instant is good enough.
const PATIENCE: u32 = 512;

/// How far ahead the slope of a comparison is taken.
const SLOPE_MS: i64 = 1 << 36;

/// The answer at an instant; notes when it may change.
pub(crate) fn judge<L: Moves>(
    test: &Test<L>,
    leaves: &impl Leaves<L>,
    at: i64,
    moves: bool,
) -> bool {
    // A single instant always has an answer.
    let answer = ask(test, leaves, Span::at(at)).unwrap_or(false);
    if moves {
        let end = leaves.horizon().get().min(Timestamp::MAX.millis() + 1);
        let change = crossing(test, leaves, at, end, answer)
            .or_else(|| decaying(test, leaves, at, end, answer))
            .unwrap_or_else(|| Search { test, leaves, answer, asked: 0 }.first(at + 1, end - 1));
        if let Some(change) = change {
            leaves.horizon().note(change);
        }
    }
    answer
}

/// A value at an instant; notes when it may be another.
pub(crate) fn steady<L: Moves>(expr: &Expr<L>, leaves: &impl Leaves<L>, at: i64) -> Value {
    let value = match over(expr, leaves, Span::at(at)) {
        Over::Is(value) => value.into_owned(),
        // A single instant always has a value.
        Over::Within(..) | Over::Unsure => Value::Null,
    };
    if expr_moves(expr) {
        let end = leaves.horizon().get().min(Timestamp::MAX.millis() + 1);
        let same = |from: i64, to: i64| matches!(over(expr, leaves, Span { from, to }), Over::Is(it) if *it == value);
        if let Some(change) = first_other(at + 1, end - 1, &same, &mut 0) {
            leaves.horizon().note(change);
        }
    }
    value
}

/// The first instant of a closed stretch that is not the same; when patience
/// ends, one before it.
fn first_other(
    from: i64,
    to: i64,
    same: &dyn Fn(i64, i64) -> bool,
    asked: &mut u32,
) -> Option<i64> {
    if from > to {
        return None;
    }
    *asked += 1;
    match same(from, to) {
        true => None,
        false if from == to || *asked > PATIENCE => Some(from),
        false => {
            let middle = from + (to - from) / 2;
            let before = first_other(from, middle, same, asked);
            before.or_else(|| first_other(middle + 1, to, same, asked))
        }
    }
}

/// The change of a comparison whose difference is a straight line, confirmed by
/// evaluation on both sides; outer `None` if that did not work out.
fn crossing<L: Moves>(
    test: &Test<L>,
    leaves: &impl Leaves<L>,
    at: i64,
    end: i64,
    answer: bool,
) -> Option<Option<i64>> {
    let same =
        |from: i64, to: i64| from > to || ask(test, leaves, Span { from, to }) == Some(answer);
    if same(at + 1, end - 1) {
        return Some(None);
    }
    let here = difference(test, leaves, at)?;
    let rise = difference(test, leaves, at + SLOPE_MS)?.checked_sub(here)?;
    let away = here.checked_neg()?.checked_mul(i128::from(SLOPE_MS))?.checked_div(rise)?;
    let guess = at.checked_add(i64::try_from(away).ok()?)?;
    let differs = |instant: i64| ask(test, leaves, Span::at(instant)) != Some(answer);
    let change = (guess.saturating_sub(1)..=guess.saturating_add(2))
        .find(|instant| at < *instant && *instant < end && differs(*instant))?;
    same(at + 1, change - 1).then_some(Some(change))
}

/// The same of a difference that decays: the guess is close, and a search in its
/// neighbourhood finds the millisecond at which the rounded value crosses.
fn decaying<L: Moves>(
    test: &Test<L>,
    leaves: &impl Leaves<L>,
    at: i64,
    end: i64,
    answer: bool,
) -> Option<Option<i64>> {
    let half_life_ms = half_life_ms(test, leaves)?;
    let later_ms = half_life_ms.min(end - 1 - at).max(1);
    let here = difference(test, leaves, at)?;
    let later = difference(test, leaves, at.checked_add(later_ms)?)?;
    let away = until_nothing(here, later, later_ms, half_life_ms)?;
    let guess = at.checked_add(away)?;
    let near = 4 + (half_life_ms >> 27);
    let (from, to) = ((guess - near).max(at + 1), (guess + near).min(end - 1));
    let before =
        at + 1 > from - 1 || ask(test, leaves, Span { from: at + 1, to: from - 1 }) == Some(answer);
    if !before {
        return None;
    }
    Search { test, leaves, answer, asked: 0 }.first(from, to).map(Some)
}

/// A search for the first instant with another answer.
struct Search<'a, L, S> {
    test: &'a Test<L>,
    leaves: &'a S,
    answer: bool,
    asked: u32,
}

impl<L: Moves, S: Leaves<L>> Search<'_, L, S> {
    /// The first such instant in a closed stretch; when patience ends, one before it.
    fn first(&mut self, from: i64, to: i64) -> Option<i64> {
        if from > to {
            return None;
        }
        self.asked += 1;
        match ask(self.test, self.leaves, Span { from, to }) {
            Some(answer) if answer == self.answer => None,
            Some(_) => Some(from),
            None if from == to || self.asked > PATIENCE => Some(from),
            None => {
                let middle = from + (to - from) / 2;
                self.first(from, middle).or_else(|| self.first(middle + 1, to))
            }
        }
    }
}
