//! `total`: aggregates over the events of all selected people together.

use super::group::Groups;
use super::{Selected, exprs};
use crate::model::Value;
use crate::query::holds::{self, Tally};
use crate::query::predicate::Aggregate;
use crate::query::{Column, CrowdError, Rows};
use std::collections::HashMap;

pub(super) fn total(
    selected: Selected<'_>,
    aggregates: &[(String, Aggregate)],
    by: &[Column],
    top: Option<u64>,
) -> Result<Rows, CrowdError> {
    let columns: Vec<String> = aggregates.iter().map(|(name, _)| name.clone()).collect();
    if let Some(totals) = at_once(selected, aggregates, by)? {
        return Ok(totals.rows(columns, top, |values| values));
    }
    let empty: Vec<Tally> = aggregates.iter().map(|(_, of)| Tally::new(of.function)).collect();
    let mut groups = Groups::new(by, selected.now, empty);
    selected.each(&mut |person| {
        for (tally, (_, aggregate)) in groups.of(person).iter_mut().zip(aggregates) {
            holds::take_in(tally, aggregate, person, selected.now);
        }
        true
    })?;
    Ok(groups.rows(columns, top, |tallies| tallies.into_iter().map(Tally::value).collect()))
}

/// What the aggregates come to in each group, if the crowd can tell.
fn at_once<'a>(
    selected: Selected<'_>,
    aggregates: &[(String, Aggregate)],
    by: &'a [Column],
) -> Result<Option<Groups<'a, Vec<Value>>>, CrowdError> {
    let Some((people, keys)) = selected.values(&exprs(by), usize::MAX)? else { return Ok(None) };
    let mut numbers: HashMap<Vec<Value>, u32> = HashMap::new();
    if by.is_empty() {
        numbers.insert(Vec::new(), 0);
    }
    let number = |key| {
        let next = numbers.len() as u32;
        *numbers.entry(key).or_insert(next)
    };
    let groups: Vec<u32> = keys.into_iter().map(number).collect();
    let wanted: Vec<&Aggregate> = aggregates.iter().map(|(_, aggregate)| aggregate).collect();
    let (n_groups, crowd) = (numbers.len() as u32, selected.crowd);
    let totals = crowd.totals(&wanted, &people, (&groups, n_groups), selected.now)?;
    Ok(totals.map(|mut totals| {
        let mut found = Groups::new(by, selected.now, Vec::new());
        for (key, number) in numbers {
            *found.at(key) = std::mem::take(&mut totals[number as usize]);
        }
        found
    }))
}
