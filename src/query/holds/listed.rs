//! Functions that look at all values, one beside another.

use super::super::predicate::Function;
use super::compare::order;
use super::tally::Key;
use crate::model::{Decimal, FixedUnit, Timestamp, Value, Wide, binary_logarithm, left_after};

/// The value of the function over these values, in canonical order.
pub(super) fn listed(function: Function, all: Vec<(Key, Value)>, now: Timestamp) -> Value {
    match function {
        Function::Median => median(numbers(&all), 1),
        Function::Stddev => stddev(&numbers(&all)).into(),
        Function::MostFrequent => most_frequent(&all),
        Function::Collect => Value::List(all.into_iter().map(|(_, value)| value).collect()),
        Function::TypicalGap => median(gaps(&all), FixedUnit::Day.ms()),
        Function::Decayed { half_life_ms } => decayed(&all, half_life_ms, now).into(),
        Function::DecayedOrder { half_life_ms } => decayed_order(&all, half_life_ms),
        _ => Value::Null,
    }
}

/// `log2(s) + t / h`, with s the sum at t, when the last of what counts was.
fn decayed_order(all: &[(Key, Value)], half_life_ms: i64) -> Value {
    let counts = |value: &Value| summand(value).is_some_and(|amount| amount >= Decimal::ZERO);
    let last = all.iter().filter(|(_, value)| counts(value)).map(|(key, _)| key.0).max();
    let order = last.and_then(|last| {
        let sum = decayed_sum(all, half_life_ms, last);
        let order = binary_logarithm(sum) + last.millis() as f64 / half_life_ms as f64;
        Decimal::from_machine(order)
    });
    Value::Number(order.unwrap_or(Decimal::from(Function::LOWEST)))
}

/// Billionths of the summands; what is no number inside the range of input is missing.
fn numbers(all: &[(Key, Value)]) -> Vec<i128> {
    all.iter().filter_map(|(_, value)| summand(value)).map(Decimal::billionths).collect()
}

fn summand(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Some(*number).filter(|number| number.is_input()),
        _ => None,
    }
}

/// The middle of some numbers in units of which so many make one, or the mean of
/// the two in the middle, rounded once.
fn median(mut numbers: Vec<i128>, unit: i64) -> Value {
    numbers.sort_unstable();
    let n = numbers.len();
    if n == 0 {
        return Value::Null;
    }
    let twice = numbers[(n - 1) / 2] + numbers[n / 2];
    let scale = if unit == 1 { 1_000_000_000 } else { i128::from(unit) };
    Decimal::ratio(twice, 2 * scale).into()
}

/// The root of the mean of squares less the square of the mean; all of it exact,
/// and rounded once.
fn stddev(numbers: &[i128]) -> Option<Decimal> {
    let wide = |number: &i128| Wide::from(*number);
    let sum = numbers.iter().map(wide).fold(Wide::ZERO, |sum, x| sum + x);
    let squares = numbers.iter().map(wide).fold(Wide::ZERO, |sum, x| sum + x * x);
    let n = numbers.len() as u64;
    let spread = Wide::from(i128::from(n)) * squares - sum * sum;
    spread.root_over(n).and_then(Decimal::from_billionths)
}

fn most_frequent(all: &[(Key, Value)]) -> Value {
    let n_times = |value: &Value| all.iter().filter(|(_, other)| other == value).count();
    let last =
        |value: &Value| all.iter().filter(|(_, other)| other == value).map(|(key, _)| *key).max();
    let winner = all.iter().map(|(_, value)| value).max_by(|left, right| {
        let by_count = n_times(left).cmp(&n_times(right));
        by_count.then_with(|| last(left).cmp(&last(right))).then_with(|| order(right, left))
    });
    winner.cloned().unwrap_or_default()
}

/// Milliseconds from each event to the next.
fn gaps(all: &[(Key, Value)]) -> Vec<i128> {
    all.windows(2).map(|pair| pair[1].0.0.since(pair[0].0.0).into()).collect()
}

/// Summed in canonical order, each time from the start.
fn decayed(all: &[(Key, Value)], half_life_ms: i64, now: Timestamp) -> Option<Decimal> {
    Decimal::from_machine(decayed_sum(all, half_life_ms, now))
}

fn decayed_sum(all: &[(Key, Value)], half_life_ms: i64, now: Timestamp) -> f64 {
    let mut sum = 0.0;
    for ((when, ..), value) in all {
        if let Some(number) = summand(value).filter(|number| *number >= Decimal::ZERO) {
            let whole = number.billionths() as f64 / 1e9;
            sum += whole * left_after(now.since(*when), half_life_ms);
        }
    }
    sum
}
