//! `list`: one row per person.

use super::group::ranked;
use super::{Selected, exprs, names, places};
use crate::model::Value;
use crate::query::{Column, CrowdError, Rows, Sort, holds};

/// A row, and the value that it is sorted by.
type Listed = (Value, Vec<Value>);

pub(super) fn list(
    selected: Selected<'_>,
    columns: &[Column],
    sort: Option<&Sort>,
    limit: Option<u64>,
) -> Result<Rows, CrowdError> {
    let limit = places(limit);
    if let Some(rows) = at_once(selected, columns, sort, limit)? {
        return Ok(rows);
    }
    let mut listed: Vec<Listed> = Vec::new();
    // Without an order the first people are the answer; with one, a multiple of
    // the limit is held, so that a short list of many people stays short.
    let held = limit.saturating_mul(2).max(1_024);
    selected.each(&mut |person| {
        if sort.is_none() && listed.len() >= limit {
            return false;
        }
        let key = sort.map(|sort| holds::value(&sort.value, person, selected.now));
        let row = columns.iter().map(|c| holds::value(&c.value, person, selected.now)).collect();
        listed.push((key.unwrap_or_default(), row));
        if listed.len() >= held {
            keep_first(&mut listed, sort, limit);
        }
        true
    })?;
    keep_first(&mut listed, sort, limit);
    Ok(Rows { columns: names(columns), rows: listed.into_iter().map(|(_, row)| row).collect() })
}

/// The list, if the crowd tells the values of all of them at once.
fn at_once(
    selected: Selected<'_>,
    columns: &[Column],
    sort: Option<&Sort>,
    limit: usize,
) -> Result<Option<Rows>, CrowdError> {
    let mut values = exprs(columns);
    values.extend(sort.map(|sort| &sort.value));
    let first = if sort.is_none() { limit } else { usize::MAX };
    let Some((_, rows)) = selected.values(&values, first)? else { return Ok(None) };
    let keyed = rows.into_iter().map(|mut row| {
        let key = sort.and_then(|_| row.pop()).unwrap_or_default();
        (key, row)
    });
    let mut listed: Vec<Listed> = keyed.collect();
    keep_first(&mut listed, sort, limit);
    let rows = listed.into_iter().map(|(_, row)| row).collect();
    Ok(Some(Rows { columns: names(columns), rows }))
}

/// People come by birth of their profile and the sort is stable, so ties stay so.
fn keep_first(listed: &mut Vec<Listed>, sort: Option<&Sort>, limit: usize) {
    if let Some(sort) = sort {
        listed.sort_by(|(left, _), (right, _)| ranked(left, right, sort.descending));
    }
    listed.truncate(limit);
}
