//! Aggregates over visible rows, in canonical order.

use super::super::eval::order;
use super::super::row::each_value;
use super::Scan;
use super::listed::{Place, decayed, decayed_order, deviation, median, most_frequent, typical_gap};
use crate::model::{Decimal, Value};
use crate::query::predicate::{Aggregate, Function};
use std::cmp::Ordering;
use std::collections::HashSet;

impl Scan<'_> {
    pub(super) fn aggregate(&self, aggregate: &Aggregate) -> Value {
        let mut values: Vec<Option<Value>> = Vec::new();
        let (mut places, mut row_number) = (Vec::new(), 0);
        self.each_inside(&aggregate.windows, &mut |row| {
            let (items, value) = (aggregate.items.as_ref(), aggregate.value.as_ref());
            let mut keep = |value: Option<&Value>| {
                values.push(value.cloned());
                places.push(Place { row: row_number, when: row.when.millis() });
            };
            each_value(row, &aggregate.matcher, items, value, Some(self), false, &mut keep);
            row_number += 1;
        });
        fold(aggregate.function, values, &places, self.at())
    }
}

/// Values in canonical order, with their places, as of an instant.
pub(super) fn fold(
    function: Function,
    values: Vec<Option<Value>>,
    places: &[Place],
    at: i64,
) -> Value {
    let numbers = || values.iter().flatten().filter_map(summand);
    let sum = || numbers().map(Decimal::billionths).sum::<i128>();
    match function {
        Function::Count => number(values.len()),
        Function::Distinct => number(values.iter().flatten().collect::<HashSet<_>>().len()),
        Function::First => values.into_iter().flatten().next().unwrap_or_default(),
        Function::Last => values.into_iter().flatten().next_back().unwrap_or_default(),
        Function::Sum => known(Decimal::from_billionths(sum())),
        Function::Avg => known(mean(sum(), numbers().count() as u64)),
        Function::Min => extreme(values, Ordering::is_lt),
        Function::Max => extreme(values, Ordering::is_gt),
        Function::Median => known(median(numbers().map(Decimal::billionths).collect(), 1)),
        Function::Stddev => known(deviation(numbers().map(Decimal::billionths))),
        Function::MostFrequent => most_frequent(&values, places),
        // An event without a value is itself one.
        Function::Collect => Value::List(
            values.into_iter().map(|value| value.unwrap_or(Value::Bool(true))).collect(),
        ),
        Function::TypicalGap => known(typical_gap(places)),
        Function::Decayed { half_life_ms } => {
            let amounts = values.iter().map(|value| value.as_ref().and_then(summand));
            known(decayed(amounts.zip(places), half_life_ms, at))
        }
        Function::DecayedOrder { half_life_ms } => {
            let amounts = values.iter().map(|value| value.as_ref().and_then(summand));
            Value::Number(decayed_order(amounts.zip(places), half_life_ms))
        }
    }
}

/// A value as a sum takes it: a number inside the input range.
pub(crate) fn summand(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) if number.is_input() => Some(*number),
        _ => None,
    }
}

/// A sum in billionths by a count, rounded once.
pub(crate) fn mean(sum: i128, count: u64) -> Option<Decimal> {
    Decimal::ratio(sum, i128::from(count) * 1_000_000_000)
}

pub(crate) fn known(number: Option<Decimal>) -> Value {
    number.map_or(Value::Null, Value::Number)
}

fn number(count: usize) -> Value {
    Value::from(i64::try_from(count).unwrap_or(i64::MAX))
}

fn extreme(values: Vec<Option<Value>>, further: fn(Ordering) -> bool) -> Value {
    let ordered = values.into_iter().flatten().filter(|value| ranked(value, value).is_some());
    ordered
        .reduce(|best, value| match ranked(&value, &best) {
            Some(order) if further(order) => value,
            _ => best,
        })
        .unwrap_or_default()
}

/// The order that `min` and `max` go by: values of several kinds go by kind first.
pub(crate) fn ranked(left: &Value, right: &Value) -> Option<Ordering> {
    let has_order = |value: &Value| order(value, value).is_some();
    (has_order(left) && has_order(right))
        .then(|| order(left, right).unwrap_or_else(|| left.kind().cmp(&right.kind())))
}
