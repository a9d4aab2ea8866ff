//! Attributes: the last that identify calls say, first parties before third.

use super::path;
use super::place::Seen;
use crate::model::{Body, Event, Path, Step, Value};

/// What an attribute is: its top is replaced whole, the rest of the path leads
/// into the value that won. `null` wins like any other and unsets.
pub(super) fn attribute(path: &Path, seen: Seen<'_>) -> Value {
    let Some((Step::Key(key), rest)) = path.steps().split_first() else { return Value::Null };
    match setter(key, seen).and_then(|call| said(call, key)) {
        Some(value) => path::of(value, rest),
        None => Value::Null,
    }
}

/// The call that decides an attribute.
pub(crate) fn setter<'a>(key: &str, seen: Seen<'a>) -> Option<&'a Event> {
    last(seen, |call| said(call, key).is_some())
}

/// The attribute `group_id`.
pub(super) fn group(seen: Seen<'_>) -> Value {
    match setter_of_group(seen).map(|call| &call.body) {
        Some(Body::Group { group_id, .. }) => Value::Text(group_id.clone()),
        _ => Value::Null,
    }
}

/// The call that decides `group_id`.
pub(crate) fn setter_of_group(seen: Seen<'_>) -> Option<&Event> {
    last(seen, |call| matches!(call.body, Body::Group { .. }))
}

fn said<'a>(call: &'a Event, key: &str) -> Option<&'a Value> {
    match &call.body {
        Body::Identify { traits } => traits.get(key),
        _ => None,
    }
}

fn last<'a>(seen: Seen<'a>, fits: impl Fn(&Event) -> bool) -> Option<&'a Event> {
    let parties = seen.person.parties;
    seen.calls()
        .filter(|call| fits(call))
        .max_by_key(|call| (parties.of(&call.source), call.when, call.id))
}
