//! Who is in a standing audience, counted and proved.

use super::ask::unread;
use super::{Answer, QueryError, Stop};
use crate::lang::tree::{Kind, Shown};
use crate::model::{Decimal, Ordinal, Value};
use crate::query::predicate::Audience;
use crate::query::{Crowd, Rows, holds};
use crate::state::View;

/// Computes an audience afresh from all facts, and compares it person by person
/// with what is kept: one row (audience, people, differences).
pub(super) fn verify(view: &View, audience: &Audience, stop: &Stop) -> Result<Answer, QueryError> {
    let Some(kept) = view.members(&audience.name) else {
        return Err(QueryError::Read(format!(
            "audience `{}` is not kept by this handle; open it to write, then verify",
            audience.name
        )));
    };
    let (now, mut differences, mut n_met) = (view.at(), 0i64, 0u64);
    view.each(now, &mut |person| {
        let member = kept.contains(Ordinal(person.profile.0));
        n_met += u64::from(member);
        differences += i64::from(member != holds::holds(&audience.condition, person, now));
        !stop.is_stopped()
    })
    .map_err(unread)?;
    if stop.is_stopped() {
        return Err(QueryError::Cancelled);
    }
    // Somebody who is kept but does not exist was not met at all.
    differences += (kept.len() - n_met) as i64;
    Ok(Answer::Rows(Rows {
        columns: ["audience", "people", "differences"].map(str::to_owned).to_vec(),
        rows: vec![vec![Value::Text(audience.name.clone()), count(kept.len()), differences.into()]],
    }))
}

/// The list of audiences, with how many people are in each.
pub(super) fn with_sizes(view: &View, shown: Shown, mut rows: Rows) -> Rows {
    if shown == Shown::Audiences {
        let sizes: Vec<Value> = rows.rows.iter().map(|row| size(view, row.first())).collect();
        insert(&mut rows, sizes);
    }
    rows
}

/// The description of an audience, with how many people are in it.
pub(super) fn with_size(view: &View, kind: Kind, name: &str, mut rows: Rows) -> Rows {
    if kind == Kind::Audience {
        let size = size(view, Some(&Value::text(name)));
        let n_rows = rows.rows.len();
        insert(&mut rows, vec![size; n_rows]);
    }
    rows
}

fn insert(rows: &mut Rows, values: Vec<Value>) {
    rows.columns.insert(1.min(rows.columns.len()), "people".to_owned());
    for (row, value) in rows.rows.iter_mut().zip(values) {
        row.insert(1.min(row.len()), value);
    }
}

fn size(view: &View, name: Option<&Value>) -> Value {
    let name = name.and_then(Value::as_text);
    name.and_then(|name| view.members(name)).map_or(Value::Null, |members| count(members.len()))
}

fn count(n: u64) -> Value {
    i64::try_from(n).map_or(Value::Null, |n| Value::Number(Decimal::from(n)))
}
