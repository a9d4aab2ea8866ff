//! The view that a question is put to, at its instant.

use super::{QueryError, Stop, Throng};
use crate::lang::parse;
use crate::lang::tree::{Statement, StatementKind};
use crate::model::{Record, Text, Timestamp};
use crate::query::AsOf;
use crate::query::resolve::{self, Resolved};
use crate::state::View;
use crate::store::{Damage, StoreError};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A place to read from, and the instant that is asked about.
pub(super) struct Past<'a> {
    view: Cow<'a, View>,
    pub now: Timestamp,
    /// Whether only what was known then counts.
    is_as_known: bool,
}

impl<'a> Past<'a> {
    /// The view itself, or one of what was known at an instant before it.
    pub fn of(
        throng: &Throng,
        view: &'a View,
        (as_of, now): (AsOf, Timestamp),
        stop: &Stop,
    ) -> Result<Past<'a>, QueryError> {
        let whole = |now| Past { view: Cow::Borrowed(view), now, is_as_known: false };
        match as_of {
            AsOf::Now => Ok(whole(now)),
            AsOf::Hindsight(at) => Ok(whole(at)),
            // Nothing was received since.
            AsOf::Known(at) if at >= view.at() => Ok(whole(at)),
            AsOf::Known(at) => {
                let view = Cow::Owned(known(throng, view, at, stop)?);
                Ok(Past { view, now: at, is_as_known: true })
            }
        }
    }

    /// Where the question is put.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// What a statement asks over the lists of then, if they may be others.
    pub fn again(&self, statement: &Statement, now: Timestamp) -> Option<Resolved> {
        self.is_as_known.then(|| resolve::check(statement, self.view.catalog(), now).0).flatten()
    }

    /// Why the answer may be another than what was announced then.
    pub fn differences(&self, mut audiences: BTreeSet<Text>) -> Option<String> {
        if !self.is_as_known {
            return None;
        }
        let mut changed = BTreeSet::new();
        for told in self.view.told_after(self.now) {
            for statement in parse(told).statements {
                match statement.kind {
                    StatementKind::CreateAudience { name, .. } if audiences.remove(&name.node) => {
                        changed.insert(format!("audience `{}`", name.node));
                    }
                    // One that is gone again is read by nothing.
                    StatementKind::CreateTrait { name, .. }
                        if self.view.catalog().trait_named(&name.node).is_some() =>
                    {
                        changed.insert(format!("trait `{}`", name.node));
                    }
                    _ => {}
                }
            }
        }
        let mut said: Vec<String> = changed
            .into_iter()
            .map(|what| format!("{what} was defined after {} and is taken as it is now", self.now))
            .collect();
        if self.view.forgets_after(self.now) {
            said.push(format!("who was forgotten after {} is not shown", self.now));
        }
        (!said.is_empty()).then(|| format!("note: {}", said.join("; ")))
    }
}

impl Throng {
    /// What was known at an instant, and that instant; without one, now.
    ///
    /// ```
    /// use throng::engine::Throng;
    /// let throng = Throng::temporary()?;
    /// let (view, now) = throng.view_as_of(None)?;
    /// assert!(view.at() <= now);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// See [`QueryError`].
    #[doc(hidden)]
    pub fn view_as_of(&self, at: Option<Timestamp>) -> Result<(View, Timestamp), QueryError> {
        let view = self.view()?;
        let asked = (at.map_or(AsOf::Now, AsOf::Known), self.now(&view));
        let past = Past::of(self, &view, asked, &Stop::default())?;
        Ok((past.view().clone(), past.now))
    }
}

fn known(throng: &Throng, view: &View, at: Timestamp, stop: &Stop) -> Result<View, QueryError> {
    let mut past = view.begin_past(at);
    let mut first = None;
    for record in throng.records()? {
        let record = read(record, stop)?;
        let begun = *first.get_or_insert(record.at);
        if at < begun {
            return Err(QueryError::NothingKnown { at, first: begun });
        }
        if !past.take(record).map_err(|error| QueryError::Read(error.to_string()))? {
            break;
        }
    }
    Ok(past.end())
}

fn read(record: Result<Record, Damage>, stop: &Stop) -> Result<Record, QueryError> {
    if stop.is_stopped() {
        return Err(QueryError::Cancelled);
    }
    record.map_err(|damage| QueryError::Read(StoreError::from(damage).to_string()))
}
