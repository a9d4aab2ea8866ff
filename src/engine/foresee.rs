//! `explain declare identifier`: who would be joined and who parted.

use super::{QueryError, Stop, Throng};
use crate::model::{Identifier, Ordinal, ProfileId, Record, Timestamp, counted, grouped};
use crate::query::catalog::DeclaredIdentifier;
use crate::state::View;
use crate::store::{Damage, StoreError};
use std::fmt::Write;

/// So many people are shown of each kind of change.
const SHOWN: usize = 10;

/// What declaring a namespace would change, in words.
pub(super) fn foresee(
    throng: &Throng,
    view: &View,
    declared: &DeclaredIdentifier,
    (now, stop): (Timestamp, &Stop),
) -> Result<String, QueryError> {
    let mut foresight = view.foresee(declared, now);
    for record in throng.records()? {
        if !foresight.take(read(record, stop)?).map_err(|e| QueryError::Read(e.to_string()))? {
            break;
        }
    }
    foresight.end();
    for record in throng.records()? {
        if !foresight.compare(&read(record, stop)?) {
            break;
        }
    }
    let foreseen = foresight.foreseen();
    let n_calls = counted(foreseen.n_calls, "call", "calls");
    let (now, then) = foreseen.n_people;
    let mut said = format!(
        "identifier {}\n  who is who would be derived again from {n_calls}, {} of which have such \
         an identifier: {}, now {}\n",
        declared.name,
        grouped(foreseen.n_named),
        counted(then, "person", "people"),
        grouped(now),
    );
    let would = |seat: Ordinal| named(seat, &foresight.identifiers(seat));
    let is = |seat: Ordinal| named(seat, &view.identifiers(seat));
    list(&mut said, "joined", &foreseen.joined, &would, &is);
    list(&mut said, "parted", &foreseen.parted, &is, &would);
    for (n, what) in [
        (foreseen.n_lost, "would be nobody's"),
        (foreseen.n_found, "would be somebody's, now nobody's"),
    ] {
        if n > 0 {
            let _ = writeln!(said, "  {} {what}", counted(n, "call", "calls"));
        }
    }
    Ok(said)
}

/// Some of those whom a change concerns, each with what they come of or go into.
fn list(
    said: &mut String,
    what: &str,
    people: &[(Ordinal, Vec<Ordinal>)],
    whole: &dyn Fn(Ordinal) -> String,
    part: &dyn Fn(Ordinal) -> String,
) {
    if people.is_empty() {
        let _ = writeln!(said, "  {what}: nobody");
        return;
    }
    let _ = writeln!(said, "  {what}: {}", counted(people.len() as u64, "person", "people"));
    for (one, several) in people.iter().take(SHOWN) {
        let parts: Vec<String> = several.iter().take(SHOWN).map(|seat| part(*seat)).collect();
        let more = match several.len().saturating_sub(SHOWN) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        let _ = writeln!(said, "    {}: {}{more}", whole(*one), parts.join(" | "));
    }
    if people.len() > SHOWN {
        let _ = writeln!(said, "    and {} more", people.len() - SHOWN);
    }
}

fn named(seat: Ordinal, identifiers: &[Identifier]) -> String {
    let names: Vec<String> = identifiers.iter().take(SHOWN).map(ToString::to_string).collect();
    format!("{} ({})", ProfileId(seat.0), names.join(", "))
}

fn read(record: Result<Record, Damage>, stop: &Stop) -> Result<Record, QueryError> {
    if stop.is_stopped() {
        return Err(QueryError::Cancelled);
    }
    record.map_err(|damage| QueryError::Read(StoreError::from(damage).to_string()))
}
