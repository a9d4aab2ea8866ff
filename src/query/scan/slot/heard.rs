//! All values of a person, in the order in which they came.

use super::fold::Fold;
use super::rank::{Rank, Ties};
use super::spread::summand;
use crate::model::{Decimal, Timestamp, Value, binary_logarithm, left_after};
use crate::query::predicate::Function;
use std::cmp::Ordering;
use std::collections::HashMap;

/// Values with their places; in order once they are settled.
#[derive(Clone, Debug, Default)]
pub struct Heard(Vec<(Rank, Value)>);

impl Heard {
    pub fn take(&mut self, rank: Rank, value: Value) {
        self.0.push((rank, value));
    }

    pub fn absorb(&mut self, other: Heard) {
        self.0.extend(other.0);
    }

    /// Puts them in order; torn if only ids could tell it.
    pub fn settle(&mut self, ties: &mut Ties) {
        self.0.sort_by(|left, right| ties.order(&left.0, &right.0));
    }

    /// What they come to; nothing may have been heard of a person.
    pub fn value(heard: Option<&Heard>, fold: Fold) -> Value {
        let all = heard.map_or(&[][..], |heard| &heard.0);
        match fold {
            Fold::Collect => Value::List(all.iter().map(|(_, value)| value.clone()).collect()),
            Fold::MostFrequent => most_frequent(all),
            Fold::Decayed { half_life_ms, now } => decayed(all, half_life_ms, now).into(),
            Fold::DecayedOrder { half_life_ms } => Value::Number(order(all, half_life_ms)),
            _ => Value::Null,
        }
    }
}

/// How often a value came, and the place of the row in which it came last.
type Tally = (u64, Option<(i64, i64, u128)>);

fn most_frequent(all: &[(Rank, Value)]) -> Value {
    let mut tallies: HashMap<&Value, Tally> = HashMap::new();
    for (rank, value) in all {
        let tally = tallies.entry(value).or_default();
        *tally = (tally.0 + 1, Some((rank.when, rank.ord, rank.id)));
    }
    let best = tallies.into_iter().max_by(|left, right| {
        left.1.cmp(&right.1).then_with(|| ascending(left.0, right.0).reverse())
    });
    best.map_or(Value::Null, |(value, _)| value.clone())
}

/// Smaller values first, kinds apart.
fn ascending(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) | (Value::Digits(a), Value::Digits(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        (Value::List(a), Value::List(b)) => {
            let first = a.iter().zip(b).map(|(a, b)| ascending(a, b)).find(|order| order.is_ne());
            first.unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (Value::Object(a), Value::Object(b)) => {
            let fields = a.iter().zip(b.iter());
            let first = fields
                .map(|((key, a), (other, b))| key.cmp(other).then_with(|| ascending(a, b)))
                .find(|order| order.is_ne());
            first.unwrap_or_else(|| a.iter().count().cmp(&b.iter().count()))
        }
        _ => kind(left).cmp(&kind(right)),
    }
}

/// Truth before numbers before times before texts before what has parts.
fn kind(value: &Value) -> usize {
    match value {
        Value::Bool(_) => 0,
        Value::Number(_) => 1,
        Value::Digits(_) => 2,
        Value::Date(_) => 3,
        Value::Instant(_) => 4,
        Value::Duration(_) => 5,
        Value::Text(_) => 6,
        Value::List(_) => 7,
        Value::Object(_) => 8,
        Value::Null => 9,
    }
}

fn decayed(all: &[(Rank, Value)], half_life_ms: i64, now: Timestamp) -> Option<Decimal> {
    Decimal::from_machine(left(all, half_life_ms, now.millis()))
}

/// What is left of all amounts at an instant.
fn left(all: &[(Rank, Value)], half_life_ms: i64, at: i64) -> f64 {
    let left = |(rank, value): &(Rank, Value)| {
        Some(amount(value)? as f64 / 1e9 * left_after(at - rank.when, half_life_ms))
    };
    all.iter().filter_map(left).fold(0.0, |sum, left| sum + left)
}

fn amount(value: &Value) -> Option<i128> {
    summand(value).filter(|amount| *amount >= 0)
}

/// By what is left at the last amount and by when that was, whoever is asked when.
fn order(all: &[(Rank, Value)], half_life_ms: i64) -> Decimal {
    // Canonical order is that of time first.
    let last = all.iter().rev().find(|(_, value)| amount(value).is_some());
    let key = last.map_or(f64::NEG_INFINITY, |(rank, _)| {
        let in_half_lives = rank.when as f64 / half_life_ms as f64;
        binary_logarithm(left(all, half_life_ms, rank.when)) + in_half_lives
    });
    Decimal::from_machine(key).unwrap_or(Decimal::from(Function::LOWEST))
}
