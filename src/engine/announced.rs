//! Who was in an audience by what its followers were told.

use super::{QueryError, Throng};
use crate::model::{IdentifierNumber, Lsn, ProfileId, Text, Timestamp, Value};
use crate::query::Rows;
use crate::state::View;
use crate::store::{Membership, StoreError};

/// One row (profile) for each, by birth: the feed folded up to an instant.
pub(super) fn members(
    throng: &Throng,
    view: &View,
    audience: &Text,
    at: Timestamp,
) -> Result<Rows, QueryError> {
    let mut entries = Vec::new();
    for entry in throng.entries(Lsn(0))? {
        match entry {
            Ok(entry) if entry.at > at => break,
            Ok(entry) if entry.audience == *audience => entries.push(Ok(entry)),
            Ok(_) => {}
            Err(damage) => return Err(QueryError::Read(StoreError::from(damage).to_string())),
        }
    }
    let told = Membership::fold(entries)
        .map_err(|damage| QueryError::Read(StoreError::from(damage).to_string()))?;
    let members = told.members(audience).into_iter().flat_map(|members| members.iter());
    // Who was forgotten since is shown at no instant.
    let is_known = |seat: &u32| view.identifier(IdentifierNumber(*seat)).is_some();
    let members = members.filter(is_known);
    let row = |seat: u32| vec![Value::text(&ProfileId(seat).to_string())];
    Ok(Rows { columns: vec!["profile".to_owned()], rows: members.map(row).collect() })
}
