//! `count people` and `count events`.

use super::group::Groups;
use super::{Selected, exprs};
use crate::model::Value;
use crate::query::predicate::{Aggregate, Expr, Function, Matcher, PersonLeaf, Window};
use crate::query::{Column, CrowdError, Grouped, Person, Rows, holds};

pub(super) fn people(
    selected: Selected<'_>,
    by: &[Column],
    top: Option<u64>,
) -> Result<Rows, CrowdError> {
    let mut groups = Groups::new(by, selected.now, 0u64);
    if by.is_empty()
        && let Some(people) = selected.crowd.select(selected.people, selected.now)?
    {
        *groups.at(Vec::new()) = people.len();
        return Ok(rows(groups, top, "people"));
    }
    match selected.grouped(by)? {
        Some(Grouped { groups: numbers, keys, .. }) => {
            let mut sizes = vec![0; keys.len()];
            numbers.iter().for_each(|number| sizes[*number as usize] += 1);
            keys.into_iter().zip(sizes).for_each(|(key, size)| *groups.at(key) = size);
        }
        None => each(selected, &mut groups, &|_| 1)?,
    }
    Ok(rows(groups, top, "people"))
}

pub(super) fn events(
    selected: Selected<'_>,
    matcher: &Matcher,
    windows: &[Window<PersonLeaf>],
    by: &[Column],
    top: Option<u64>,
) -> Result<Rows, CrowdError> {
    let n_events = number_of(matcher, windows);
    let mut values = exprs(by);
    values.push(&n_events);
    let mut groups = Groups::new(by, selected.now, 0u64);
    match selected.values(&values, usize::MAX)? {
        Some((_, rows)) => {
            for mut key in rows {
                let n_events = whole(key.pop());
                *groups.at(key) += n_events;
            }
        }
        None => {
            let n_events = |person: &Person<'_>| {
                holds::events(matcher, windows, person, selected.now).len() as u64
            };
            each(selected, &mut groups, &n_events)?;
        }
    }
    Ok(rows(groups, top, "events"))
}

/// How many such events a person has, as a value.
fn number_of(matcher: &Matcher, windows: &[Window<PersonLeaf>]) -> Expr<PersonLeaf> {
    Expr::Leaf(PersonLeaf::Aggregate(Box::new(Aggregate {
        function: Function::Count,
        matcher: matcher.clone(),
        items: None,
        value: None,
        windows: windows.to_vec(),
    })))
}

fn whole(value: Option<Value>) -> u64 {
    match value {
        Some(Value::Number(n)) => u64::try_from(n.billionths() / 1_000_000_000).unwrap_or_default(),
        _ => 0,
    }
}

fn each(
    selected: Selected<'_>,
    groups: &mut Groups<'_, u64>,
    of: &dyn Fn(&Person<'_>) -> u64,
) -> Result<(), CrowdError> {
    selected.each(&mut |person| {
        *groups.of(person) += of(person);
        true
    })
}

fn rows(groups: Groups<'_, u64>, top: Option<u64>, name: &str) -> Rows {
    groups.rows(vec![name.to_owned()], top, |n| vec![Value::from(n as i64)])
}
