//! `total`: aggregates over the events of all selected people together.

use super::Selected;
use super::group::Groups;
use crate::query::holds::{self, Tally};
use crate::query::predicate::Aggregate;
use crate::query::{Column, CrowdError, Rows};

pub(super) fn total(
    selected: Selected<'_>,
    aggregates: &[(String, Aggregate)],
    by: &[Column],
    top: Option<u64>,
) -> Result<Rows, CrowdError> {
    let empty: Vec<Tally> = aggregates.iter().map(|(_, of)| Tally::new(of.function)).collect();
    let mut groups = Groups::new(by, selected.now, empty);
    selected.each(&mut |person| {
        for (tally, (_, aggregate)) in groups.of(person).iter_mut().zip(aggregates) {
            holds::take_in(tally, aggregate, person, selected.now);
        }
        true
    })?;
    let columns = aggregates.iter().map(|(name, _)| name.clone()).collect();
    Ok(groups.rows(columns, top, |tallies| tallies.into_iter().map(Tally::value).collect()))
}
