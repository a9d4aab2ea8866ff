//! Predicates decided from cells alone, and until when that stays.

use super::super::eval::{Leaves, NEVER, holds, judge, steady};
use super::super::plan::{Aged, Amount, Kept, Plan, Reading};
use super::super::scan::{known, mean};
use super::cell::{Cell, Kind, find};
use super::read::{Stock, nothing_of};
use super::sought::sought_decided;
use crate::model::{Decimal, Timestamp, Value};
use crate::query::predicate::{CountRange, Expr, Function};

/// How many amounts are looked at ahead.
const LOOK: usize = 64;

/// Whether a predicate holds at an instant, and until when that stays.
pub(crate) fn decide(plan: &Plan, cells: &[Cell], at: i64) -> (bool, i64) {
    match plan {
        Plan::Count { kept, range } => count_decided(find(cells, kept.store), kept, *range, at),
        Plan::Amount(amount) => amount_decided(find(cells, amount.kept.store), amount, at),
        Plan::Aged(aged) => age_decided(find(cells, aged.kept.store), aged, at),
        Plan::Consent { store } => consent_decided(find(cells, *store), at),
        Plan::Pattern(sought) => sought_decided(find(cells, sought.store), sought, at),
        Plan::Test { test, moves } => {
            let stock = Stock::new(cells, at);
            (judge(test, &stock, at, *moves), stock.horizon().get())
        }
        // Decided elsewhere: of rows, of a value, by a draw, among others.
        Plan::Value { .. } | Plan::Rank | Plan::Drawn(_) | Plan::Rows => (false, NEVER),
    }
}

/// A value at an instant, and until when it stays.
pub(crate) fn worth(expr: &Expr<Kept>, cells: &[Cell], at: i64) -> (Value, i64) {
    let stock = Stock::new(cells, at);
    let value = steady(expr, &stock, at);
    (value, stock.horizon().get())
}

fn consent_decided(body: Option<&Kind>, at: i64) -> (bool, i64) {
    let Some(Kind::Decision(decision)) = body else { return (false, NEVER) };
    let end = decision.expires.map_or(NEVER, Timestamp::millis);
    let holds = decision.granted && at < end;
    (holds, if holds { end } else { NEVER })
}

fn age_decided(body: Option<&Kind>, aged: &Aged, at: i64) -> (bool, i64) {
    let when = match body {
        Some(Kind::Instant(when)) => *when,
        Some(Kind::Instants(all)) => match all.last() {
            Some(when) => *when,
            None => return (false, NEVER),
        },
        _ => return (false, NEVER),
    };
    let age = at - when;
    let until = match age {
        age if age < aged.least => when.saturating_add(aged.least),
        age if age < aged.too_great => when.saturating_add(aged.too_great),
        _ => NEVER,
    };
    (aged.least <= age && age < aged.too_great, until)
}

fn count_decided(body: Option<&Kind>, kept: &Kept, range: CountRange, at: i64) -> (bool, i64) {
    match (kept.reading, body) {
        (_, None) => (range.contains(0), NEVER),
        (Reading::Aged { least, too_great, .. }, Some(Kind::Instant(when))) => {
            aged(std::slice::from_ref(when), least, too_great, range, at)
        }
        (Reading::Aged { least, too_great, .. }, Some(Kind::Instants(all))) => {
            aged(all, least, too_great, range, at)
        }
        (Reading::Aged { too_great, .. }, Some(Kind::Latest(all))) => {
            recent(|nth| all.newest(nth), too_great, range, at)
        }
        (_, Some(Kind::Tally(count))) => (range.contains(*count), NEVER),
        (_, Some(Kind::Values(values))) => (range.contains(values.len() as u64), NEVER),
        _ => (range.contains(0), NEVER),
    }
}

fn aged(all: &[i64], least: i64, too_great: i64, range: CountRange, at: i64) -> (bool, i64) {
    if least == 0 {
        recent(|nth| all.iter().nth_back(nth).copied(), too_great, range, at)
    } else {
        band(all, least, too_great, range, at)
    }
}

/// A count in a window that reaches to now only falls while nothing happens, so
/// the instant at which it leaves or enters the range is that of one thing. All
/// that is kept is visible: the newest, with the number 0, is the last.
fn recent(
    newest: impl Fn(usize) -> Option<i64>,
    too_great: i64,
    range: CountRange,
    at: i64,
) -> (bool, i64) {
    let leaves = |count: u64| {
        let when = newest(usize::try_from(count.checked_sub(1)?).ok()?)?;
        Some(when.saturating_add(too_great)).filter(|leaves| at < *leaves)
    };
    if let Some(leaves) = range.most.and_then(|most| leaves(most.saturating_add(1))) {
        // Too many, until the one too many leaves.
        return (false, leaves);
    }
    match (range.least, leaves(range.least)) {
        (0, _) => (true, NEVER),
        (_, Some(leaves)) => (true, leaves),
        (_, None) => (false, NEVER),
    }
}

/// The window loses its oldest first: the comparison is made for what is left
/// after each, up to the first that turns it.
fn amount_decided(body: Option<&Kind>, amount: &Amount, at: i64) -> (bool, i64) {
    let Amount { function, too_great, comparison, bound, .. } = amount;
    let Some(Kind::Amounts(all)) = body else {
        return (holds(*comparison, &nothing_of(*function), bound), NEVER);
    };
    let (first, n) = (all.upto(at.saturating_sub(*too_great)), all.len());
    let holds_from = |from: usize| {
        let sum = all.sum(from, n);
        let number = match function {
            Function::Avg => mean(sum, (n - from) as u64),
            _ => Decimal::from_billionths(sum),
        };
        holds(*comparison, &known(number), bound)
    };
    let (answer, end) = (holds_from(first), n.min(first + LOOK));
    let turns = (first + 1..=end).find(|from| holds_from(*from) != answer);
    // Whoever has very many is asked again when some of them have left.
    let asked = turns.or((end < n).then_some(end));
    let until = asked.and_then(|from| all.when(from - 1));
    (answer, until.map_or(NEVER, |when| when.saturating_add(*too_great)))
}

fn band(all: &[i64], least: i64, too_great: i64, range: CountRange, at: i64) -> (bool, i64) {
    let first = all.partition_point(|when| *when <= at.saturating_sub(too_great));
    // Windows that exclude one another leave a band without room.
    let end = all.partition_point(|when| *when <= at.saturating_sub(least)).max(first);
    let holds = range.contains((end - first) as u64);
    (holds, edges(all, first, end, least, too_great))
}

/// When the next event leaves a band or enters it.
fn edges(all: &[i64], first: usize, end: usize, least: i64, too_great: i64) -> i64 {
    let leaves = (first < end).then(|| all[first].saturating_add(too_great));
    let enters = all.get(end).map(|when| when.saturating_add(least));
    [leaves, enters].into_iter().flatten().min().unwrap_or(NEVER)
}

#[cfg(test)]
mod tests {
    use super::super::amounts::Amounts;
    use super::*;
    use crate::query::predicate::Comparison;

    fn plan(function: Function, comparison: Comparison, bound: i64) -> Amount {
        let too_great = 100;
        let kept = Kept { store: 0, reading: Reading::Aged { function, least: 0, too_great } };
        Amount { kept, function, too_great, comparison, bound: Value::from(bound) }
    }

    /// The answer by looking at everything.
    fn plain(rows: &[(i64, i128)], amount: &Amount, at: i64) -> bool {
        let inside = rows.iter().filter(|row| at - amount.too_great < row.0);
        let (n, sum) = inside.fold((0, 0), |(n, sum), row| (n + 1, sum + row.1));
        let number = match amount.function {
            Function::Avg => mean(sum, n),
            _ => Decimal::from_billionths(sum),
        };
        holds(amount.comparison, &known(number), &amount.bound)
    }

    #[test]
    fn a_sum_of_many_is_told_of_until_it_turns() {
        let (mut seed, mut rows, mut amounts) = (5u64, Vec::new(), Amounts::default());
        for n in 0..3 * LOOK as i64 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let row = (n / 3, i128::from((seed >> 60) as i64 - 7) * 1_000_000_000);
            rows.push(row);
            amounts.insert(row.0, row.1);
        }
        let body = Kind::Amounts(Box::new(amounts));
        for function in [Function::Sum, Function::Avg] {
            for (comparison, bound) in [
                (Comparison::Greater, 0),
                (Comparison::AtMost, 20),
                (Comparison::Less, -3),
                (Comparison::NotEqual, 0),
            ] {
                let amount = plan(function, comparison, bound);
                let mut at = rows[rows.len() - 1].0;
                while at < NEVER {
                    let (answer, until) = amount_decided(Some(&body), &amount, at);
                    assert!(at < until);
                    for at in at..until.min(1_000) {
                        assert_eq!(answer, plain(&rows, &amount, at), "{amount:?} at {at}");
                    }
                    at = until;
                }
            }
        }
    }
}
