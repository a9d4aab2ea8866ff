//! `total`: aggregates over the events of all selected people together.

use super::Selected;
use super::group::{Groups, Numbered};
use crate::model::Value;
use crate::query::holds::{self, Tally};
use crate::query::predicate::Aggregate;
use crate::query::{Column, CrowdError, Rows};

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
    let empty: Vec<Tally> =
        aggregates.iter().map(|(_, of)| Tally::new(of.function, selected.now)).collect();
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
    let Some(numbered) = Numbered::of(selected, by)? else { return Ok(None) };
    let Numbered { people, groups, numbers } = numbered;
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
