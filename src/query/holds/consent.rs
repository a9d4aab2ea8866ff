//! Consent: the latest decision on a purpose, while it has not expired.

use super::place::Seen;
use crate::model::{Body, Event};

/// Whether the person allows a purpose. Unknown is no consent, and a grant that
/// expired is not replaced by an older one.
pub(crate) fn consent(purpose: &str, seen: Seen<'_>) -> bool {
    match decision(purpose, seen).map(|call| &call.body) {
        Some(Body::Consent { granted, expires, .. }) => {
            *granted && expires.is_none_or(|end| seen.now < end)
        }
        _ => false,
    }
}

/// The call that decides a purpose: the last by time and id.
pub(crate) fn decision<'a>(purpose: &str, seen: Seen<'a>) -> Option<&'a Event> {
    let about = |call: &&Event| matches!(&call.body, Body::Consent { purpose: other, .. } if **other == *purpose);
    seen.calls().filter(about).max_by_key(|call| (call.when, call.id))
}
