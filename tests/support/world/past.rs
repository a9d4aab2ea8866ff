//! What is asked of the past `as of` an instant is what was found at that instant.

use std::collections::BTreeSet;
use std::sync::Arc;
use throng::model::{Input, Ordinal, Record, Timestamp};
use throng::query::predicate::Audience;
use throng::query::{Crowd, holds};
use throng::state::View;

/// Who was in which audience at an instant.
pub struct Found {
    pub at: Timestamp,
    pub members: Vec<(Arc<Audience>, BTreeSet<Ordinal>)>,
}

/// Who is in an audience as of an instant, one by one and over columns. None if
/// the audience means something else by now, or somebody or an event was
/// forgotten since.
pub fn compare(view: &View, records: &[Record], found: &Found) -> Result<u64, String> {
    let at = found.at;
    let forgets = |record: &Record| matches!(record.input, Input::ForgetEvent(_)) && record.at > at;
    if view.forgets_after(at) || records.iter().any(forgets) || at >= view.at() {
        return Ok(0);
    }
    let mut past = view.begin_past(at);
    for record in records {
        if !past.take(record.clone()).map_err(|error| error.to_string())? {
            break;
        }
    }
    let past = past.end();
    let mut n_compared = 0;
    for (audience, right) in &found.members {
        // Of a definition that stays, lists may have been others; names are today's.
        let stays = |now: &&Arc<Audience>| now.version == audience.version;
        let Some(then) = past.catalog().audience(&audience.name).filter(stays) else { continue };
        let selected = past.select(&then.condition, at).map_err(|error| error.to_string())?;
        let selected: BTreeSet<Ordinal> = selected.expect("a view selects").iter().collect();
        let mut one_by_one = BTreeSet::new();
        past.each(at, &mut |person| {
            if holds::holds(&then.condition, person, at) {
                one_by_one.insert(Ordinal(person.profile.0));
            }
            true
        })
        .map_err(|error| error.to_string())?;
        for (way, members) in [("over columns", selected), ("one by one", one_by_one)] {
            if members != *right {
                return Err(format!(
                    "{then:?} as of {at}: {way} {members:?}, found then {right:?} by {audience:?}"
                ));
            }
        }
        n_compared += right.len() as u64;
    }
    Ok(n_compared)
}
