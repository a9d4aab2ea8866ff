//! Functions that need every value of a person.

use super::super::eval::order;
use crate::model::{Decimal, Kind, Object, Value, Wide, binary_logarithm, left_after};
use crate::query::predicate::Function;
use std::cmp::Ordering;
use std::collections::HashMap;

/// Which of the rows a value came with, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) row: usize,
    pub(super) when: i64,
}

/// The middle of whole numbers of which `unit` times a billion make one, rounded once.
pub(super) fn median(mut all: Vec<i128>, unit: i128) -> Option<Decimal> {
    let last = all.len().checked_sub(1)?;
    all.sort_unstable();
    let both = all[last / 2] + all[last.div_ceil(2)];
    Decimal::ratio(both, 2_000_000_000 * unit)
}

/// The median of the distances of rows that follow one another, in days.
pub(super) fn typical_gap(places: &[Place]) -> Option<Decimal> {
    const BILLION: i128 = 1_000_000_000;
    let gap = |two: &[Place]| i128::from(two[1].when) - i128::from(two[0].when);
    let gaps = places.windows(2).map(|two| gap(two) * BILLION);
    median(gaps.collect(), i128::from(super::super::eval::DAY_MS))
}

/// The root of the mean square distance from the mean, exact up to one rounding.
pub(super) fn deviation(all: impl Iterator<Item = i128>) -> Option<Decimal> {
    let (mut n, mut sum, mut squares) = (0u64, Wide::ZERO, Wide::ZERO);
    for number in all.map(Wide::from) {
        (n, sum, squares) = (n + 1, sum + number, squares + number * number);
    }
    (Wide::from(i128::from(n)) * squares - sum * sum)
        .root_over(n)
        .and_then(Decimal::from_billionths)
}

/// Of the values that came most often the one of the newest row, then the smallest.
pub(super) fn most_frequent(values: &[Option<Value>], places: &[Place]) -> Value {
    let itself = Value::Bool(true);
    let mut counts: HashMap<&Value, (usize, usize)> = HashMap::new();
    for (value, place) in values.iter().zip(places) {
        let count = counts.entry(value.as_ref().unwrap_or(&itself)).or_default();
        *count = (count.0 + 1, place.row);
    }
    let first = counts.into_iter().reduce(|best, other| {
        let by_use = best.1.cmp(&other.1).then_with(|| by_size(other.0, best.0));
        if by_use.is_lt() { other } else { best }
    });
    first.map_or(Value::Null, |(value, _)| value.clone())
}

/// An order of all values that aggregates meet: what has no size goes by what it says.
fn by_size(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) | (Value::Digits(a), Value::Digits(b)) => a.cmp(b),
        (Value::List(a), Value::List(b)) => parts(a.iter().map(whole), b.iter().map(whole)),
        (Value::Object(a), Value::Object(b)) => parts(fields(a), fields(b)),
        _ => order(left, right).unwrap_or_else(|| class(left).cmp(&class(right))),
    }
}

/// A part of a value, and its name if it has one.
type Part<'v> = (&'v str, &'v Value);

fn whole(element: &Value) -> Part<'_> {
    ("", element)
}

fn fields(object: &Object) -> impl Iterator<Item = Part<'_>> {
    object.iter().map(|(key, value)| (&**key, value))
}

/// By the first part that differs, else by their number.
fn parts<'v>(
    mut left: impl Iterator<Item = Part<'v>>,
    mut right: impl Iterator<Item = Part<'v>>,
) -> Ordering {
    loop {
        let by_part = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (Some(a), Some(b)) => a.0.cmp(b.0).then_with(|| by_size(a.1, b.1)),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        if by_part.is_ne() {
            return by_part;
        }
    }
}

/// Truth, numbers, dates, instants, lengths, texts, lists, objects.
fn class(value: &Value) -> u8 {
    match (value.kind(), value) {
        (_, Value::Digits(_)) => 2,
        (Kind::Bool, _) => 0,
        (Kind::Number, _) => 1,
        (Kind::Date, _) => 3,
        (Kind::Instant, _) => 4,
        (Kind::Duration, _) => 5,
        (Kind::Text, _) => 6,
        (Kind::List, _) => 7,
        (Kind::Object, _) => 8,
        (Kind::Null, _) => 9,
    }
}

/// The sum of what is left of each amount, in the order of rows.
pub(super) fn decayed<'p>(
    amounts: impl Iterator<Item = (Option<Decimal>, &'p Place)>,
    half_life_ms: i64,
    at: i64,
) -> Option<Decimal> {
    let of = |(amount, place): (Option<Decimal>, &Place)| {
        let amount = amount.filter(|amount| *amount >= Decimal::ZERO)?;
        Some(left_of(amount, place.when, half_life_ms, at))
    };
    Decimal::from_machine(amounts.filter_map(of).fold(0.0, |sum, left| sum + left))
}

/// What orders people as that sum does: one pass in the order of rows, in which
/// nobody knows yet which the last one is.
pub(super) fn decayed_order<'p>(
    amounts: impl Iterator<Item = (Option<Decimal>, &'p Place)>,
    half_life_ms: i64,
) -> Decimal {
    let counted: Vec<(Decimal, i64)> = amounts
        .filter_map(|(amount, place)| Some((amount?, place.when)))
        .filter(|(amount, _)| *amount >= Decimal::ZERO)
        .collect();
    let lowest = Decimal::from(Function::LOWEST);
    let Some((_, last)) = counted.last() else { return lowest };
    let mut sum = 0.0;
    for (amount, when) in &counted {
        sum += left_of(*amount, *when, half_life_ms, *last);
    }
    let height = binary_logarithm(sum) + *last as f64 / half_life_ms as f64;
    if sum > 0.0 { Decimal::from_machine(height).unwrap_or(lowest) } else { lowest }
}

/// What is left of an amount, as machines count.
pub(super) fn left_of(amount: Decimal, when: i64, half_life_ms: i64, at: i64) -> f64 {
    amount.billionths() as f64 / 1e9 * left_after(at.saturating_sub(when), half_life_ms)
}
