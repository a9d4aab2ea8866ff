//! Lists in the state: what a change of one does to audiences, and what
//! forgetting somebody does to lists of ids.

use super::State;
use super::apply::{ApplyError, Changes};
use super::facts::StateFacts;
use crate::audience::Cause;
use crate::model::{Identifier, IdentifierNumber, Text};
use crate::query::predicate::Audience;
use crate::timeline::{PageError, Pages};
use std::sync::Arc;

impl State {
    /// A list holds the people whom these birth numbers name, and nobody else.
    pub(super) fn freeze(
        &mut self,
        list: &str,
        members: &[u32],
        changes: &mut Changes,
        pages: &dyn Pages,
    ) -> Result<(), ApplyError> {
        let numbers = members.iter().map(|number| IdentifierNumber(*number));
        let ids = numbers.filter_map(|number| self.identity.identifier(number).cloned());
        let ids: Vec<Identifier> = ids.collect();
        if self.catalog.list(list).is_none() {
            self.remember(&format!("create list {} of id", crate::lang::print_name(list)));
        }
        let frozen = self.catalog.freeze(list, &ids, self.at);
        let frozen = frozen.map_err(|found| ApplyError::Record {
            kind: "freeze",
            reason: found.into_iter().map(|found| found.message).collect::<Vec<_>>().join("; "),
        })?;
        let n = crate::model::counted(ids.len() as u64, "person", "people");
        changes.message = Some(format!("list `{list}` holds {n}"));
        self.renew(&frozen.renewed, Cause::List, pages)?;
        Ok(())
    }

    /// Audiences that say what they said are answered by something else, at once.
    pub(super) fn renew(
        &mut self,
        audiences: &[Arc<Audience>],
        cause: Cause,
        pages: &dyn Pages,
    ) -> Result<(), PageError> {
        if audiences.is_empty() {
            return Ok(());
        }
        let Some(mut live) = self.live.take() else { return Ok(()) };
        let (facts, at) = (StateFacts { state: self, pages }, self.at);
        let renewed =
            audiences.iter().try_for_each(|it| live.renew_audience(it.clone(), cause, &facts, at));
        self.live = Some(live);
        renewed
    }

    /// Takes out of lists of ids whoever is forgotten: names that are born again,
    /// by a call that is dated ahead too, name somebody else.
    pub(super) fn forget_listed(
        &mut self,
        dead: &[Identifier],
        pages: &dyn Pages,
    ) -> Result<(), ApplyError> {
        let gone: Vec<Text> = dead.iter().map(|name| name.to_string().into()).collect();
        let renewed = self.catalog.forget_ids(&gone, self.at);
        let renewed = renewed.map_err(|found| ApplyError::Record {
            kind: "forget",
            reason: found.into_iter().map(|found| found.message).collect::<Vec<_>>().join("; "),
        })?;
        Ok(self.renew(&renewed, Cause::Forgotten, pages)?)
    }
}
