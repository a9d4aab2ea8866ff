//! `timeline of profile`: one row per event, the latest first.

use super::places;
use crate::model::{Event, Timestamp, Value};
use crate::query::predicate::{EventFilter, Matcher, PersonLeaf, Window};
use crate::query::{Crowd, CrowdError, Reference, Rows, holds};

pub(super) fn timeline(
    crowd: &dyn Crowd,
    profile: &Reference,
    windows: &[Window<PersonLeaf>],
    limit: Option<u64>,
    now: Timestamp,
) -> Result<Rows, CrowdError> {
    let any = Matcher(vec![EventFilter { name: None, filter: None }]);
    let columns = ["when", "event", "source", "properties"].map(String::from).to_vec();
    let mut rows = Vec::new();
    let is_somebody = crowd.one(profile, now, &mut |person| {
        let events = holds::events(&any, windows, person, now);
        rows = events.into_iter().rev().take(places(limit)).map(row).collect();
    })?;
    match is_somebody {
        true => Ok(Rows { columns, rows }),
        false => Err(CrowdError::Nobody(profile.clone())),
    }
}

fn row(event: &Event) -> Vec<Value> {
    vec![
        Value::Instant(event.when),
        event.name().map_or(Value::Null, Value::text),
        Value::Text(event.source.clone()),
        event.body.properties().cloned().map_or(Value::Null, Value::Object),
    ]
}
