//! `why`: of one person; where people are ranked, of everybody.

use super::ask::unread;
use super::crowd::Stoppable;
use super::nobody::nobody;
use super::{Answer, QueryError, Stop};
use crate::model::Timestamp;
use crate::query::predicate::Audience;
use crate::query::{Crowd, Reference, why};
use crate::report;
use crate::state::View;
use std::sync::Arc;

/// Why somebody is in an audience or not, and when that changes.
pub(super) fn explain(
    (view, stop): (&View, &Stop),
    profile: &Reference,
    audience: &Arc<Audience>,
    now: Timestamp,
) -> Result<Answer, QueryError> {
    let mut found = None;
    let met = view.one(profile, now, &mut |person| {
        found = Some((person.profile, why::why(audience, person, now)));
    });
    met.map_err(unread)?;
    let (person, mut why) = found.ok_or_else(|| nobody(profile))?;
    if why.by_others {
        let end = now.plus_ms(why::FORESEEN_TOGETHER_DAYS * 86_400_000);
        let crowd = Stoppable { view, stop };
        why.changes_at = report::next_move(&crowd, audience, person, (now, end)).map_err(unread)?;
    }
    Ok(Answer::Text(why.to_string()))
}
