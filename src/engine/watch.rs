//! `watch`: who entered and left, as it was announced, once it has held.

use super::ask::unread;
use super::settle::Settling;
use super::{Change, QueryError, Throng};
use crate::model::{ProfileId, Text, Timestamp, Value};
use crate::query::{Column, Crowd, Reference, Rows, holds};
use crate::state::View;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

/// What is watched.
pub(super) struct Watched<'a> {
    pub audience: &'a Text,
    pub from: u64,
    pub columns: &'a [Column],
    pub settled_ms: Option<i64>,
}

/// A row for each change from a record on, in the order of the records. To go
/// on after the last of them, ask from the number behind its own.
pub(super) fn changes(
    throng: &Throng,
    view: &View,
    now: Timestamp,
    watched: &Watched<'_>,
) -> Result<Rows, QueryError> {
    let changes = match watched.settled_ms {
        None => announced(throng, view, watched.audience, watched.from)?,
        Some(ms) => {
            let changes = announced(throng, view, watched.audience, 0)?;
            let settled = settled(changes, ms, view.told_until(now));
            settled.into_iter().filter(|change| change.lsn.0 >= watched.from).collect()
        }
    };
    let mut columns = ["lsn", "profile", "change", "at"].map(str::to_owned).to_vec();
    columns.extend(watched.settled_ms.map(|_| "settled".to_owned()));
    columns.push("cause".to_owned());
    columns.extend(watched.columns.iter().map(|column| column.name.clone()));
    let mut known = HashMap::new();
    let mut rows = Vec::new();
    for change in changes {
        let mut row = told(&change, watched.settled_ms);
        let values = match known.entry(change.profile) {
            Entry::Occupied(values) => values.into_mut(),
            Entry::Vacant(empty) => {
                empty.insert(values(view, change.profile, watched.columns, now)?)
            }
        };
        row.extend(values.iter().cloned());
        rows.push(row);
    }
    Ok(Rows { columns, rows })
}

/// Every change of an audience from a record on, up to a view.
fn announced(
    throng: &Throng,
    view: &View,
    audience: &str,
    from: u64,
) -> Result<Vec<Change>, QueryError> {
    let mut subscription = throng.subscribe(audience, Some(from))?;
    let mut changes = Vec::new();
    while let Some(change) = subscription.next(Duration::ZERO)? {
        changes.push(change);
    }
    changes.retain(|change| change.lsn <= view.lsn());
    Ok(changes)
}

/// Those that have held for `ms` by an instant up to which all is told.
fn settled(changes: Vec<Change>, ms: i64, until: Timestamp) -> Vec<Change> {
    let mut settling = Settling::new(ms);
    changes.into_iter().for_each(|change| settling.take(change));
    settling.pass(until);
    std::iter::from_fn(|| settling.record()).flatten().collect()
}

fn told(change: &Change, settled_ms: Option<i64>) -> Vec<Value> {
    let mut row = vec![
        Value::from(i64::try_from(change.lsn.0).unwrap_or(i64::MAX)),
        Value::text(&change.profile.to_string()),
        Value::text(if change.entered { "entered" } else { "left" }),
        Value::Instant(change.at),
    ];
    row.extend(settled_ms.map(|ms| Value::Instant(change.at.plus_ms(ms))));
    row.push(Value::text(&format!("{:?}", change.cause).to_lowercase()));
    row
}

/// What a person has of the columns now; nothing if they are no more.
pub(super) fn values(
    view: &View,
    profile: ProfileId,
    columns: &[Column],
    now: Timestamp,
) -> Result<Vec<Value>, QueryError> {
    let mut values = vec![Value::Null; columns.len()];
    if !columns.is_empty() {
        let reference = Reference::Profile(profile);
        view.one(&reference, now, &mut |person| {
            let value = |column: &Column| holds::value(&column.value, person, now);
            values = columns.iter().map(value).collect();
        })
        .map_err(unread)?;
    }
    Ok(values)
}
