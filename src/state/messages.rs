//! Which calls have been seen: the same id counts once, for ever.

use crate::model::EventId;
use crate::shelf::Table;

/// Every id of an accepted call.
#[derive(Clone, Debug, Default)]
pub(super) struct Messages(Table<EventId, ()>);

impl Messages {
    /// Takes an id in; `false` if it was there.
    pub fn insert(&mut self, id: EventId) -> bool {
        self.0.insert(id, ()).is_none()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}
