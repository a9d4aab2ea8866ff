//! How many people are in audiences: as they are kept, or asked of everybody.

use super::QueryError;
use super::ask::unread;
use super::crowd::Stoppable;
use super::members::count;
use crate::lang::tree::{Kind, Shown};
use crate::model::{Timestamp, Value};
use crate::query::{Crowd, Rows};

/// Where sizes are read, and for which instant.
pub(super) struct Sizes<'a> {
    pub crowd: &'a Stoppable<'a>,
    pub now: Timestamp,
    /// Whether `now` was chosen; what is kept is of the present.
    pub chosen: bool,
}

impl Sizes<'_> {
    /// The list of audiences, with how many people are in each.
    pub fn of_all(&self, shown: Shown, rows: Rows) -> Result<Rows, QueryError> {
        if shown == Shown::Audiences { self.added(rows) } else { Ok(rows) }
    }

    /// The description of an audience, with how many people are in it.
    pub fn of_one(&self, kind: Kind, rows: Rows) -> Result<Rows, QueryError> {
        if kind == Kind::Audience { self.added(rows) } else { Ok(rows) }
    }

    /// The same rows with a second column, the size of what the first one names.
    fn added(&self, mut rows: Rows) -> Result<Rows, QueryError> {
        rows.columns.insert(1.min(rows.columns.len()), "people".to_owned());
        for row in &mut rows.rows {
            let name = row.first().and_then(Value::as_text);
            let size = name.map_or(Ok(Value::Null), |name| self.size(name))?;
            row.insert(1.min(row.len()), size);
        }
        Ok(rows)
    }

    fn size(&self, name: &str) -> Result<Value, QueryError> {
        let view = self.crowd.view;
        let is_now = !self.chosen || self.now == view.at();
        if let Some(kept) = view.members(name).filter(|_| is_now) {
            return Ok(count(kept.len()));
        }
        let Some(audience) = view.catalog().audience(name) else { return Ok(Value::Null) };
        let found = self.crowd.select(&audience.condition, self.now).map_err(unread)?;
        Ok(found.map_or(Value::Null, |members| count(members.len())))
    }
}
