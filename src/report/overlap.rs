//! `overlap`: one row per pair of audiences.

use super::Selected;
use crate::index::Seats;
use crate::model::{Timestamp, Value};
use crate::query::predicate::{Audience, Condition, Predicate, Tree};
use crate::query::{Crowd, CrowdError, Rows, holds};
use std::sync::Arc;

pub(super) fn overlap(
    crowd: &dyn Crowd,
    audiences: &[Arc<Audience>],
    now: Timestamp,
) -> Result<Rows, CrowdError> {
    let conditions: Vec<Condition> =
        audiences.iter().map(|one| Tree::Leaf(Predicate::InAudience(one.clone()))).collect();
    let both = match at_once(crowd, &conditions, now)? {
        Some(members) => numbers(conditions.len(), |a, b| (&members[a] & &members[b]).len()),
        None => one_by_one(crowd, &conditions, now)?,
    };
    let columns = ["a", "b", "size_a", "size_b", "both"].map(String::from).to_vec();
    let mut rows = Vec::new();
    for (a, b) in pairs(audiences.len()) {
        let name = |place: usize| Value::Text(audiences[place].name.clone());
        let number = |n: u64| Value::from(n as i64);
        let sizes = [both[a][a], both[b][b], both[a][b]].map(number);
        rows.push([vec![name(a), name(b)], sizes.to_vec()].concat());
    }
    Ok(Rows { columns, rows })
}

/// Each pair once, in the order of the text.
fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |a| (a + 1..n).map(move |b| (a, b)))
}

/// How many are in both of two; of one and itself, how many are in it.
fn numbers(n: usize, of: impl Fn(usize, usize) -> u64) -> Vec<Vec<u64>> {
    (0..n).map(|a| (0..n).map(|b| of(a, b)).collect()).collect()
}

fn at_once(
    crowd: &dyn Crowd,
    conditions: &[Condition],
    now: Timestamp,
) -> Result<Option<Vec<Seats>>, CrowdError> {
    conditions.iter().map(|condition| crowd.select(condition, now)).collect()
}

fn one_by_one(
    crowd: &dyn Crowd,
    conditions: &[Condition],
    now: Timestamp,
) -> Result<Vec<Vec<u64>>, CrowdError> {
    let mut both = numbers(conditions.len(), |_, _| 0);
    Selected { crowd, people: &Condition::always(), now }.each(&mut |person| {
        let inside = |place: &usize| holds::holds(&conditions[*place], person, now);
        let inside: Vec<usize> = (0..conditions.len()).filter(inside).collect();
        for a in &inside {
            inside.iter().for_each(|b| both[*a][*b] += 1);
        }
        true
    })?;
    Ok(both)
}
