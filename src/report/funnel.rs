//! `funnel`: how many people come how far in a sequence.

use super::group::{Groups, Numbered, ranked};
use super::{Selected, names, places};
use crate::index::Seats;
use crate::model::Value;
use crate::query::holds;
use crate::query::predicate::{Condition, Pattern, Predicate, Tree};
use crate::query::{Column, CrowdError, Rows};
use std::cmp::Ordering;

/// People by step, for the values of each group.
type Reached = Vec<(Vec<Value>, Vec<u64>)>;

pub(super) fn funnel(
    selected: Selected<'_>,
    steps: &[(String, Pattern)],
    by: &[Column],
    top: Option<u64>,
) -> Result<Rows, CrowdError> {
    let beginnings: Vec<&Pattern> = steps.iter().map(|(_, pattern)| pattern).collect();
    let mut reached = match at_once(selected, &beginnings, by)? {
        Some(reached) => reached,
        None => one_by_one(selected, &beginnings, by)?,
    };
    reached.retain(|(key, people)| key.is_empty() || people.iter().any(|n| *n > 0));
    reached.sort_by(|(left_key, left), (right_key, right)| {
        right.first().cmp(&left.first()).then_with(|| in_order(left_key, right_key))
    });
    reached.truncate(places(top));
    let mut rows = Vec::new();
    for (key, people) in &reached {
        for (place, ((event, _), people)) in steps.iter().zip(people).enumerate() {
            let number = |n: u64| Value::from(n as i64);
            let step = [number(place as u64 + 1), Value::text(event), number(*people)];
            rows.push([&key[..], &step].concat());
        }
    }
    let columns = ["step", "event", "people"].map(String::from);
    Ok(Rows { columns: names(by).into_iter().chain(columns).collect(), rows })
}

fn in_order(left: &[Value], right: &[Value]) -> Ordering {
    let differences = left.iter().zip(right).map(|(left, right)| ranked(left, right, false));
    differences.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn at_once(
    selected: Selected<'_>,
    beginnings: &[&Pattern],
    by: &[Column],
) -> Result<Option<Reached>, CrowdError> {
    if by.is_empty() {
        let Some(people) = selected.crowd.select(selected.people, selected.now)? else {
            return Ok(None);
        };
        let reached = selected.crowd.reached(beginnings, &people, selected.now)?;
        let n_people = |reached: Vec<Seats>| reached.iter().map(Seats::len).collect();
        return Ok(reached.map(|reached| vec![(Vec::new(), n_people(reached))]));
    }
    let Some(Numbered { people, groups, numbers }) = Numbered::of(selected, by)? else {
        return Ok(None);
    };
    let Some(reached) = selected.crowd.reached(beginnings, &people, selected.now)? else {
        return Ok(None);
    };
    let mut found = vec![vec![0; beginnings.len()]; numbers.len()];
    for (place, reached) in reached.iter().enumerate() {
        let mut reached = reached.iter().peekable();
        for (seat, group) in people.iter().zip(&groups) {
            let is_there = reached.next_if(|reached| *reached == seat).is_some();
            found[*group as usize][place] += u64::from(is_there);
        }
    }
    let of = |(key, number): (Vec<Value>, u32)| (key, std::mem::take(&mut found[number as usize]));
    Ok(Some(numbers.into_iter().map(of).collect()))
}

/// Each person as far as they come. A longer beginning may be there where a
/// shorter one is not: what it chooses does not count as `without` any more.
fn one_by_one(
    selected: Selected<'_>,
    beginnings: &[&Pattern],
    by: &[Column],
) -> Result<Reached, CrowdError> {
    let condition =
        |pattern: &&Pattern| Tree::Leaf(Predicate::Pattern(Box::new(Pattern::clone(pattern))));
    let beginnings: Vec<Condition> = beginnings.iter().map(condition).collect();
    let mut groups = Groups::new(by, selected.now, vec![0; beginnings.len()]);
    selected.each(&mut |person| {
        let reached = groups.of(person);
        let is_there = |beginning: &Condition| holds::holds(beginning, person, selected.now);
        let n_steps = beginnings.iter().rposition(is_there).map_or(0, |place| place + 1);
        reached[..n_steps].iter_mut().for_each(|people| *people += 1);
        true
    })?;
    Ok(groups.each().collect())
}
