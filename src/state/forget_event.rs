//! A single event is forgotten, with what it said of who is who.

use super::apply::Changes;
use super::{Again, State};
use crate::model::{EventId, Text};
use std::collections::BTreeSet;
use std::sync::Arc;

impl State {
    /// Strikes the events of a message id, of every source, and refuses it from
    /// here on. If there are any, who is who is to be derived again without them.
    pub(super) fn forget_event(&mut self, message: &Text, changes: &mut Changes) {
        let sources = self.catalog.facts().sources().map(|(source, _)| source);
        let ids = self.refused.insert(message, sources);
        let known: BTreeSet<EventId> =
            ids.into_iter().filter(|id| self.messages.contains(*id)).collect();
        let struck = &mut Arc::make_mut(&mut self.ledger).deaths.struck;
        let fresh: BTreeSet<EventId> = known.into_iter().filter(|id| struck.insert(*id)).collect();
        if fresh.is_empty() {
            changes.message =
                Some("no event has this id; one that comes under it is refused".to_owned());
            return;
        }
        let mut again = Again::begin(self, self.policy.clone(), "".into());
        again.forgets = fresh;
        changes.again = Some(Box::new(again));
    }
}
