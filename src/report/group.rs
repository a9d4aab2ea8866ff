//! One row per value of `by`: the largest first, then by value.

use super::{Selected, names, places};
use crate::index::Seats;
use crate::model::{Timestamp, Value};
use crate::query::{Column, CrowdError, Grouped, Person, Rows, holds};
use std::cmp::Ordering;
use std::collections::HashMap;

/// What is gathered of the people of each value.
pub(super) struct Groups<'a, T> {
    by: &'a [Column],
    now: Timestamp,
    groups: HashMap<Vec<Value>, T>,
    empty: T,
}

impl<'a, T: Clone> Groups<'a, T> {
    /// No person yet. Without `by` there is one group, even of nobody.
    pub(super) fn new(by: &'a [Column], now: Timestamp, empty: T) -> Groups<'a, T> {
        let mut groups = HashMap::new();
        if by.is_empty() {
            groups.insert(Vec::new(), empty.clone());
        }
        Groups { by, now, groups, empty }
    }

    /// What has been gathered of this person's group.
    pub(super) fn of(&mut self, person: &Person<'_>) -> &mut T {
        let values = |column: &Column| holds::value(&column.value, person, self.now);
        let key = self.by.iter().map(values).collect();
        self.at(key)
    }

    /// What has been gathered of the group of these values.
    pub(super) fn at(&mut self, key: Vec<Value>) -> &mut T {
        self.groups.entry(key).or_insert_with(|| self.empty.clone())
    }

    /// Each group by itself, in no order.
    pub(super) fn each(self) -> impl Iterator<Item = (Vec<Value>, T)> {
        self.groups.into_iter()
    }

    /// The rows: the values of `by`, then what the group comes to.
    pub(super) fn rows(
        self,
        columns: Vec<String>,
        top: Option<u64>,
        finish: impl Fn(T) -> Vec<Value>,
    ) -> Rows {
        let mut rows: Vec<(Vec<Value>, Vec<Value>)> =
            self.groups.into_iter().map(|(key, gathered)| (key, finish(gathered))).collect();
        rows.sort_by(|(left_key, left), (right_key, right)| {
            largest_first(left, right).then_with(|| each_in_order(left_key, right_key))
        });
        rows.truncate(places(top));
        Rows {
            columns: names(self.by).into_iter().chain(columns).collect(),
            rows: rows.into_iter().map(|(key, values)| [key, values].concat()).collect(),
        }
    }
}

/// People, each with the number of their group.
pub(super) struct Numbered {
    pub people: Seats,
    pub groups: Vec<u32>,
    /// The number of the group of each value.
    pub numbers: HashMap<Vec<Value>, u32>,
}

impl Numbered {
    /// The selected people; none if the crowd has to be asked one by one.
    pub fn of(selected: Selected<'_>, by: &[Column]) -> Result<Option<Numbered>, CrowdError> {
        let Some(Grouped { people, groups, keys }) = selected.grouped(by)? else {
            return Ok(None);
        };
        let mut numbers: HashMap<Vec<Value>, u32> = keys.into_iter().zip(0..).collect();
        if by.is_empty() {
            numbers.insert(Vec::new(), 0);
        }
        Ok(Some(Numbered { people, groups, numbers }))
    }
}

/// By the first value of the group, a missing one last.
fn largest_first(left: &[Value], right: &[Value]) -> Ordering {
    match (left.first(), right.first()) {
        (Some(left), Some(right)) => ranked(left, right, true),
        _ => Ordering::Equal,
    }
}

fn each_in_order(left: &[Value], right: &[Value]) -> Ordering {
    let differences = left.iter().zip(right).map(|(left, right)| holds::order(left, right));
    differences.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// The order of rows by a value, either way; a missing value comes last.
pub(super) fn ranked(left: &Value, right: &Value, descending: bool) -> Ordering {
    let by_value = holds::order(left, right);
    let known = !left.is_null() && !right.is_null();
    if descending && known { by_value.reverse() } else { by_value }
}
