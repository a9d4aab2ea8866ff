//! `watch`: who entered and left, as it was announced, once it has held.

use super::ask::unread;
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
    let mut subscription = throng.subscribe(watched.audience, Some(watched.from))?;
    let mut changes = Vec::new();
    while let Some(change) = subscription.next(Duration::ZERO)? {
        changes.push(change);
    }
    changes.retain(|change| change.lsn <= view.lsn());
    if let Some(ms) = watched.settled_ms {
        changes = settled(changes, ms, view.told_until(now));
    }
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
fn values(
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

/// What is known of a change that must hold for a while.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Open,
    Settled,
    /// Taken back too soon, or taking back too soon, by the change of that place.
    Void(usize),
}

/// The changes that have held for `ms` by an instant up to which all is told;
/// those that come behind one that is still open wait with it, so that whoever
/// goes on after the last misses nothing and hears nothing twice.
fn settled(changes: Vec<Change>, ms: i64, until: Timestamp) -> Vec<Change> {
    let mut fates = vec![Fate::Open; changes.len()];
    let mut standing: HashMap<ProfileId, Vec<usize>> = HashMap::new();
    for (place, change) in changes.iter().enumerate() {
        let before = standing.entry(change.profile).or_default();
        match before.last().copied().filter(|last| change.at.since(changes[*last].at) < ms) {
            Some(last) => {
                (fates[last], fates[place]) = (Fate::Void(place), Fate::Void(last));
                before.pop();
            }
            None => before.push(place),
        }
    }
    for (place, change) in changes.iter().enumerate() {
        if fates[place] == Fate::Open && change.at.plus_ms(ms) <= until {
            fates[place] = Fate::Settled;
        }
    }
    let n_told = n_told(&changes, &fates);
    let each = changes.into_iter().zip(fates).take(n_told);
    each.filter(|(_, fate)| *fate == Fate::Settled).map(|(change, _)| change).collect()
}

/// How many of the first changes are decided, whole records and whole pairs only.
fn n_told(changes: &[Change], fates: &[Fate]) -> usize {
    let (mut n_told, mut needed) = (0, 0);
    for place in 0..changes.len() {
        match fates[place] {
            Fate::Open => break,
            Fate::Settled => {}
            Fate::Void(other) => needed = needed.max(other),
        }
        let is_last = changes.get(place + 1).is_none_or(|next| next.lsn != changes[place].lsn);
        if is_last && needed <= place {
            n_told = place + 1;
        }
    }
    n_told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lsn;
    use crate::store::Cause;

    fn change(lsn: u64, profile: u32, entered: bool, at: i64) -> Change {
        let at = Timestamp::from_millis(at).unwrap();
        let (lsn, profile) = (Lsn(lsn), ProfileId(profile));
        Change { lsn, committed: at, version: 1, cause: Cause::Event, profile, entered, at }
    }

    /// The records of what has settled for ten milliseconds by an instant.
    fn check(changes: &[(u64, u32, bool, i64)], until: i64, expected: &[(u64, u32)]) {
        let changes =
            changes.iter().map(|(lsn, who, entered, at)| change(*lsn, *who, *entered, *at));
        let told = settled(changes.collect(), 10, Timestamp::from_millis(until).unwrap());
        let told: Vec<(u64, u32)> = told.iter().map(|it| (it.lsn.0, it.profile.0)).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn a_change_is_told_once_it_has_held() {
        let one = [(1, 7, true, 0)];
        check(&one, 9, &[]);
        check(&one, 10, &[(1, 7)]);
        // Taken back within ten: neither is told. At ten, both are.
        check(&[(1, 7, true, 0), (2, 7, false, 9)], 100, &[]);
        check(&[(1, 7, true, 0), (2, 7, false, 10)], 100, &[(1, 7), (2, 7)]);
        check(&[(1, 7, true, 0), (2, 7, false, 10)], 15, &[(1, 7)]);
        // Away for less than ten: nobody heard of it.
        check(&[(1, 7, true, 0), (2, 7, false, 20), (3, 7, true, 25)], 100, &[(1, 7)]);
    }

    #[test]
    fn whoever_goes_on_after_the_last_misses_nothing() {
        // The second waits for the first, and a pair for what lies between.
        check(&[(1, 7, true, 5), (2, 8, true, 0)], 12, &[]);
        check(&[(1, 7, true, 5), (2, 8, true, 0)], 15, &[(1, 7), (2, 8)]);
        let pair = [(1, 7, true, 0), (2, 8, true, 4), (3, 7, false, 5), (4, 9, true, 5)];
        check(&pair, 12, &[]);
        check(&pair, 14, &[(2, 8)]);
        check(&pair, 15, &[(2, 8), (4, 9)]);
        // One record is told whole.
        check(&[(1, 7, true, 0), (1, 8, true, 3)], 10, &[]);
        check(&[(1, 7, true, 0), (1, 8, true, 3)], 13, &[(1, 7), (1, 8)]);
    }
}
