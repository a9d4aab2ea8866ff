//! Which calls have been seen: the same id counts once, for ever.

use crate::model::EventId;
use crate::shelf::{Lot, Runner, Table};
use std::collections::BTreeSet;

/// Every id of an accepted call.
#[derive(Clone, Debug, Default)]
pub(super) struct Messages {
    ids: Table<EventId, ()>,
    /// Those that look like ids of calls that came without one. Rows do not
    /// say which of the two they are, so these are kept apart.
    short: BTreeSet<EventId>,
}

/// A record's number and a place in it are below this.
fn is_short(id: EventId) -> bool {
    id.0 >> 96 == 0
}

/// The ids that rows tell: those of calls without an id are left out.
pub(super) fn recallable(ids: &[EventId]) -> impl Iterator<Item = EventId> {
    ids.iter().copied().filter(|id| !is_short(*id))
}

impl Messages {
    /// Takes an id in; `false` if it was there.
    pub fn insert(&mut self, id: EventId) -> bool {
        if is_short(id) {
            self.short.insert(id);
        }
        self.ids.insert(id, ()).is_none()
    }

    /// Whether an id is known.
    pub fn contains(&self, id: EventId) -> bool {
        self.ids.get(&id).is_some()
    }

    /// Brings near in memory where these ids will be looked for.
    pub fn read_ahead<'i>(&self, ids: impl Iterator<Item = &'i EventId>) {
        self.ids.read_ahead(ids);
    }

    /// Forgets an id that was just taken in.
    pub fn remove(&mut self, id: EventId) {
        self.short.remove(&id);
        self.ids.remove(&id);
    }

    /// Knows these ids only, all of them short.
    pub fn of_short(ids: impl IntoIterator<Item = EventId>) -> Messages {
        let mut messages = Messages::default();
        for id in ids {
            messages.insert(id);
        }
        messages
    }

    /// Makes room for so many more ids.
    pub fn make_room(&mut self, n_more: usize, run: Runner<'_>) {
        self.ids.make_room(n_more, run);
    }

    /// Takes in ids of rows; see [`recallable`].
    pub fn recall(&mut self, lots: &[Lot<(EventId, ())>], run: Runner<'_>) {
        self.ids.insert_lots(lots, run);
    }

    /// The ids that rows do not tell.
    pub fn short(&self) -> impl Iterator<Item = EventId> {
        self.short.iter().copied()
    }

    /// Roughly the bytes of memory held.
    pub fn memory(&self) -> usize {
        self.ids.memory() + self.short.len() * 2 * size_of::<EventId>()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }
}
