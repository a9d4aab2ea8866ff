//! The functions of aggregates, over values taken in one by one.

use super::super::predicate::Function;
use super::compare::size;
use super::listed::listed;
use crate::model::{Decimal, EventId, Timestamp, Value};
use std::cmp::Ordering;
use std::collections::HashSet;

pub(super) type Key = (Timestamp, i64, EventId);

/// What a function has seen so far. It may be fed the values of one person or
/// of many; those of one event in their order.
#[derive(Clone, Debug)]
pub struct Tally {
    function: Function,
    n_values: u64,
    /// Billionths: values lie below 2^90 of them, so no real number of them overflows.
    sum: i128,
    distinct: HashSet<Value>,
    /// The value that `min`, `max`, `first` or `last` would give.
    chosen: Option<(Key, Value)>,
    /// What a function that needs all values has of them.
    all: Vec<(Key, Value)>,
    now: Timestamp,
}

impl Tally {
    /// Nothing seen yet.
    pub fn new(function: Function, now: Timestamp) -> Tally {
        let (distinct, all) = (HashSet::new(), Vec::new());
        Tally { function, n_values: 0, sum: 0, distinct, chosen: None, all, now }
    }

    /// Takes in a value of the event at that place of the canonical order. What
    /// is missing, or of a kind that the function does not read, is skipped.
    pub fn take(&mut self, at: Key, value: &Value) {
        match self.function {
            _ if value.is_null() => {}
            Function::Count => self.n_values += 1,
            Function::Sum | Function::Avg => self.add(value),
            Function::Distinct => {
                self.distinct.insert(value.clone());
            }
            Function::Min => self.choose(at, value, |_, old, new| size(new, old)),
            Function::Max => self.choose(at, value, |_, old, new| size(old, new)),
            Function::First => self.choose(at, value, |(old, new), _, _| Some(new.cmp(&old))),
            // Of two values of one event the later in its array is the last.
            Function::Last => {
                self.choose(at, value, |(old, new), _, _| Some(old.cmp(&new).then(Ordering::Less)));
            }
            _ => self.all.push((at, value.clone())),
        }
    }

    /// A summand must be a number inside the range of input.
    fn add(&mut self, value: &Value) {
        if let Value::Number(number) = value
            && number.is_input()
        {
            self.sum = self.sum.saturating_add(number.billionths());
            self.n_values += 1;
        }
    }

    /// Takes the value if it is the first that can be compared, or if what is
    /// there comes out less.
    fn choose(
        &mut self,
        at: Key,
        value: &Value,
        compare: impl Fn((Key, Key), &Value, &Value) -> Option<Ordering>,
    ) {
        let takes = match &self.chosen {
            None => compare((at, at), value, value).is_some(),
            Some((key, old)) => compare((*key, at), old, value) == Some(Ordering::Less),
        };
        if takes {
            self.chosen = Some((at, value.clone()));
        }
    }

    /// The value of the function.
    pub fn value(mut self) -> Value {
        let count = |n: usize| Value::Number(Decimal::from(n as i64));
        match self.function {
            Function::Count => count(self.n_values as usize),
            Function::Distinct => count(self.distinct.len()),
            Function::Sum => Decimal::from_billionths(self.sum).into(),
            Function::Avg => {
                let billionths = Decimal::from(self.n_values as i64).billionths();
                Decimal::ratio(self.sum, billionths).into()
            }
            Function::Min | Function::Max | Function::First | Function::Last => {
                self.chosen.map(|(_, value)| value).unwrap_or_default()
            }
            function => {
                // Several people were taken in one after the other; values of one
                // event stay in their order.
                self.all.sort_by_key(|(key, _)| *key);
                listed(function, self.all, self.now)
            }
        }
    }
}
