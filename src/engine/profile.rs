//! By which names somebody is known, and which links to others were refused.

use super::ask::unread;
use super::nobody::nobody;
use super::{QueryError, Throng};
use crate::identity::{Identity, Refusal, Stretch};
use crate::model::{Identifier, IdentifierNumber, Ordinal, ProfileId, Timestamp, Value};
use crate::query::{Crowd, Reference, Rows};
use crate::state::View;

const COLUMNS: [&str; 7] = ["profile", "identifier", "from", "until", "refused", "whose", "reason"];

/// Rows for each identifier, by birth: the stretches of time in which it is
/// theirs, and beside them its links that were refused.
pub(super) fn describe(
    view: &View,
    profile: &Reference,
    now: Timestamp,
) -> Result<Rows, QueryError> {
    let mut seat = None;
    view.one(profile, now, &mut |person| seat = Some(Ordinal(person.profile.0))).map_err(unread)?;
    let seat = seat.ok_or_else(|| nobody(profile))?;
    let identity = view.identity_at(now);
    let refused = identity.refused(view.policy(), seat);
    let stretches = identity.stretches(seat);
    let of = |number| of_identifier(&identity, seat, number, &stretches, &refused);
    let rows = identity.identifiers(seat).into_iter().flat_map(of).collect();
    Ok(Rows { columns: COLUMNS.map(str::to_owned).to_vec(), rows })
}

/// That two names which were just linked are still two people's, and why.
pub(super) fn refused(
    throng: &Throng,
    a: &Identifier,
    b: &Identifier,
) -> Result<Option<String>, QueryError> {
    let view = throng.view()?;
    let identity = view.identity_at(throng.now(&view));
    let (Some(seat), Some(other)) = (identity.resolve(a), identity.number(b)) else {
        return Ok(None);
    };
    let refused = identity.refused(view.policy(), seat);
    let refusal = refused.iter().find(|it| it.other == other && identity.number(a) == Some(it.own));
    Ok(refusal.map(|it| {
        format!("the link of {a} with {b} is refused: {}; `describe profile` shows it", it.reason)
    }))
}

fn of_identifier(
    identity: &Identity,
    seat: Ordinal,
    number: IdentifierNumber,
    stretches: &[Stretch],
    refused: &[Refusal],
) -> Vec<Vec<Value>> {
    let stretches: Vec<&Stretch> = stretches.iter().filter(|it| it.origin == number).collect();
    let refused: Vec<&Refusal> = refused.iter().filter(|it| it.own == number).collect();
    let row = |at: usize| {
        let mut row = vec![Value::text(&ProfileId(seat.0).to_string()), name(identity, number)];
        row.extend(stretch(stretches.get(at)));
        row.extend(refusal(identity, refused.get(at)));
        row
    };
    (0..stretches.len().max(refused.len())).map(row).collect()
}

/// From when on and until when; null where that is for all time.
fn stretch(stretch: Option<&&Stretch>) -> [Value; 2] {
    let from = stretch.map(|it| it.from).filter(|from| *from > Timestamp::MIN);
    let until = stretch.and_then(|it| it.to);
    [from, until].map(|at| at.map_or(Value::Null, Value::Instant))
}

fn refusal(identity: &Identity, refusal: Option<&&Refusal>) -> [Value; 3] {
    let Some(refusal) = refusal else { return [Value::Null, Value::Null, Value::Null] };
    [
        name(identity, refusal.other),
        Value::text(&ProfileId(refusal.person.0).to_string()),
        Value::text(&refusal.reason.to_string()),
    ]
}

fn name(identity: &Identity, number: IdentifierNumber) -> Value {
    identity.identifier(number).map_or(Value::Null, |name| Value::text(&name.to_string()))
}
