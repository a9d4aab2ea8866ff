//! Audiences of which changes are not announced for a while.

use super::State;
use super::apply::Changes;
use crate::audience::{Cause, Delta};
use crate::index::Seats;
use crate::model::{Ordinal, Text};

impl State {
    /// Begins to announce nothing of an audience: who is in it now is what
    /// subscribers know.
    pub(super) fn pause(&mut self, audience: &Text) {
        let members = self.live.as_ref().and_then(|live| live.members(audience));
        self.paused.insert(audience.clone(), members.cloned().unwrap_or_default());
    }

    /// Who is known to be in a paused audience, as the feed tells it: a state
    /// that was raised without its audiences does not know.
    pub fn knows_announced(&mut self, audience: &Text, members: Seats) {
        self.paused.insert(audience.clone(), members);
    }

    /// Takes out of a commit what is not to be announced, and puts in what was
    /// kept back of an audience that is announced again.
    pub(super) fn hold_back(&mut self, changes: &mut Changes, resumed: Option<Text>) {
        if self.paused.is_empty() {
            return;
        }
        let paused = &self.paused;
        // What is dropped has left for subscribers what they know of it.
        changes.deltas.retain(|delta| !paused.contains_key(&delta.audience));
        if let Some(name) = resumed {
            let announced = self.paused.remove(&name);
            changes.deltas.extend(self.since_pause(&name, &announced.unwrap_or_default()));
        }
    }

    fn since_pause(&self, name: &Text, announced: &Seats) -> Option<Delta> {
        let members = self.live.as_ref()?.members(name)?;
        let version = self.catalog.audience(name)?.version;
        let at =
            |seats: Seats| seats.iter().map(|seat: Ordinal| (seat, self.at)).collect::<Vec<_>>();
        let (entered, left) = (at(members - announced), at(announced - members));
        let cause = Cause::Definition;
        let differs = !entered.is_empty() || !left.is_empty();
        differs.then(|| Delta { audience: name.clone(), version, cause, entered, left })
    }
}
