//! Who is kept in a standing audience, proved by computing it afresh.

use super::ask::unread;
use super::{Answer, QueryError, Stop};
use crate::index::Seats;
use crate::model::{Decimal, Ordinal, Text, Value};
use crate::query::predicate::Audience;
use crate::query::{Crowd, Rows, holds};
use crate::state::View;
use std::sync::Arc;

/// What a recomputation of an audience found.
///
/// ```
/// use throng::engine::Throng;
/// let throng = Throng::temporary()?;
/// throng.query("create audience visitors is everyone")?;
/// let verified = &throng.verify()?[0];
/// assert_eq!((&*verified.audience, verified.people, verified.differences), ("visitors", 0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The audience.
    pub audience: Text,
    /// How many are kept in it.
    pub people: u64,
    /// For how many the recomputation says otherwise.
    pub differences: u64,
}

/// Computes audiences afresh from all facts, by the oracle, and compares them
/// person by person with what is kept.
pub(super) fn verify_all(
    view: &View,
    audiences: &[Arc<Audience>],
    stop: &Stop,
) -> Result<Vec<Verified>, QueryError> {
    let kept: Vec<&Seats> =
        audiences.iter().map(|audience| kept(view, audience)).collect::<Result<_, _>>()?;
    let now = view.at();
    let mut met = vec![(0u64, 0u64); audiences.len()];
    view.each(now, &mut |person| {
        for ((audience, kept), (n_met, wrong)) in audiences.iter().zip(&kept).zip(&mut met) {
            let member = kept.contains(Ordinal(person.profile.0));
            *n_met += u64::from(member);
            *wrong += u64::from(member != holds::holds(&audience.condition, person, now));
        }
        !stop.is_stopped()
    })
    .map_err(unread)?;
    if stop.is_stopped() {
        return Err(QueryError::Cancelled);
    }
    // Somebody who is kept but does not exist was not met at all.
    let verified = audiences.iter().zip(kept).zip(met).map(|((audience, kept), (n_met, wrong))| {
        let people = kept.len();
        Verified { audience: audience.name.clone(), people, differences: wrong + (people - n_met) }
    });
    Ok(verified.collect())
}

/// Who is kept in an audience; a handle that only reads keeps none.
pub(super) fn kept<'v>(view: &'v View, audience: &Audience) -> Result<&'v Seats, QueryError> {
    view.members(&audience.name).ok_or_else(|| {
        QueryError::Read(format!(
            "audience `{}` is not kept by a handle that only reads; open the database to write, or \
             `count people in audience {0}`",
            audience.name
        ))
    })
}

/// One row (audience, people, differences).
pub(super) fn verify(
    view: &View,
    audience: &Arc<Audience>,
    stop: &Stop,
) -> Result<Answer, QueryError> {
    let verified = verify_all(view, std::slice::from_ref(audience), stop)?;
    let row =
        |it: Verified| vec![Value::Text(it.audience), count(it.people), count(it.differences)];
    Ok(Answer::Rows(Rows {
        columns: ["audience", "people", "differences"].map(str::to_owned).to_vec(),
        rows: verified.into_iter().map(row).collect(),
    }))
}

pub(super) fn count(n: u64) -> Value {
    i64::try_from(n).map_or(Value::Null, |n| Value::Number(Decimal::from(n)))
}
