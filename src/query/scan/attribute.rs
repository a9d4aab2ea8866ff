//! What everybody has of one attribute, to be kept for later questions.
//!
//! It is read like any other slot, once for everybody; for the few who were
//! touched since then, it is read row by row.

use super::answer::fill_level;
use super::plan::{Plan, Wish};
use super::rank::Ranks;
use super::slot::Table;
use super::source::{ScanError, Source};
use crate::index::{Known, Seats};
use crate::model::{Body, Event, EventId, Ordinal, Party, Stream, Timestamp, Value};

/// So many people are read row by row; of more all rows are passed through.
const FEW: u64 = 256;

/// An attribute as a whole, by its first key, at an instant.
pub fn attribute(key: &str, source: &Source<'_>, now: Timestamp) -> Result<Known, ScanError> {
    let everybody = source.identity.seats();
    Ok(Known::of(column(key, source, None, now, everybody)?))
}

/// The same where it was known before these people were touched.
pub fn renewed(
    known: &Known,
    key: &str,
    touched: &Seats,
    source: &Source<'_>,
    now: Timestamp,
) -> Result<Known, ScanError> {
    let mut known = known.clone();
    if touched.len() > FEW {
        for (seat, value) in column(key, source, Some(touched), now, touched.iter())? {
            known.set(seat, value);
        }
        return Ok(known);
    }
    for seat in touched.iter() {
        known.set(seat, one(key, seat, source, now)?);
    }
    Ok(known)
}

/// What these people have, by a scan over all rows.
fn column(
    key: &str,
    source: &Source<'_>,
    among: Option<&Seats>,
    now: Timestamp,
    people: impl Iterator<Item = Ordinal>,
) -> Result<Vec<(Ordinal, Value)>, ScanError> {
    let ranks = Ranks::default();
    let mut plan = Plan::new(now, &ranks);
    let slot = plan.slot(Wish::Attribute(key));
    let mut table = Table::new(&plan.folds);
    for level in 0..plan.n_levels() {
        fill_level(&plan, &mut table, source, among, None, level)?;
    }
    Ok(people.map(|seat| (seat, table.value(slot, seat.0))).collect())
}

/// What one person has: what was said last, first parties after third ones.
fn one(key: &str, seat: Ordinal, source: &Source<'_>, now: Timestamp) -> Result<Value, ScanError> {
    let mut last: Option<((Party, Timestamp, EventId), Value)> = None;
    source.each_row(Stream::Identify, seat, now, &mut |row| {
        let Some(said) = said(row, key) else { return };
        let rank = (source.parties.of(&row.source), row.when, row.id);
        if last.as_ref().is_none_or(|(before, _)| *before < rank) {
            last = Some((rank, said.clone()));
        }
    })?;
    Ok(last.map_or(Value::Null, |(_, value)| value))
}

fn said<'r>(row: &'r Event, key: &str) -> Option<&'r Value> {
    match &row.body {
        Body::Identify { traits } => traits.get(key),
        _ => None,
    }
}
