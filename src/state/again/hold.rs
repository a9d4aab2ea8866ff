//! What was derived again begins to hold.

use super::super::alive::{Alive, Rows};
use super::super::apply::Changes;
use super::super::hear::News;
use super::{Again, State, Tally};
use crate::audience::{Cause, Delta};
use crate::model::Ordinal;
use crate::timeline::{PageError, Pages};
use std::sync::Arc;

impl State {
    /// What was derived again holds from here on. Gives who entered and left by
    /// it, and what it came to.
    ///
    /// # Errors
    /// If a page of sealed rows cannot be read.
    pub fn become_again(
        &mut self,
        mut again: Again,
        pages: &dyn Pages,
    ) -> Result<(Vec<Delta>, Tally), PageError> {
        again.next.identity.end_again(&self.policy, self.at);
        let moved = again.moved(&again.next.identity);
        again.forgotten.iter().for_each(|event| self.catalog.forget(event));
        let forgets = !again.forgets.is_empty();
        let State { identity, timeline, mut alive, mut ledger, .. } = again.next;
        Arc::make_mut(&mut ledger).deaths.derived = self.lsn;
        alive.advance(&identity, self.at);
        self.columns.clear();
        (self.identity, self.timeline, self.ledger) = (identity, timeline, ledger);
        self.alive = self.settled(alive, pages)?;
        self.hear(News::of_moved(moved), pages)?;
        let mut changes = Changes { deltas: self.settle(pages)?, ..Changes::default() };
        if forgets {
            changes.deltas.iter_mut().for_each(|delta| delta.cause = Cause::Forgotten);
        }
        self.hold_back(&mut changes, None);
        Ok((changes.deltas, again.tally))
    }

    /// Who exists, of everybody.
    fn settled(&self, mut alive: Alive, pages: &dyn Pages) -> Result<Alive, PageError> {
        let rows = Rows { identity: &self.identity, timeline: &self.timeline, pages };
        let seats: Vec<Ordinal> = self.identity.seats().collect();
        alive.look_again(rows, &seats, self.at)?;
        Ok(alive)
    }
}
