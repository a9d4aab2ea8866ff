//! Standing audiences laid down at the end, and taken up again.

use super::State;
use super::facts::StateFacts;
use crate::audience::{HeadKept, Live, PeopleOf, Rest, WaitingKept};
use crate::timeline::{PageError, PageKey, Pages};
use std::sync::Arc;

impl State {
    /// Lays standing audiences down; they are kept no longer. None if they cannot be taken
    /// up again as they are.
    pub fn lay_down_live(&mut self) -> Option<Rest> {
        self.live.take()?.rest(self.catalog.audiences().cloned(), self.at)
    }

    /// Takes standing audiences up as they were laid down at this very record.
    ///
    /// # Errors
    /// Why they are not taken up; nothing has changed then.
    pub fn resume_live(
        &mut self,
        laid_down: (&HeadKept, WaitingKept),
        people: PeopleOf<'_>,
    ) -> Result<(), &'static str> {
        let facts = StateFacts { state: self, pages: &Nowhere };
        let audiences = self.catalog.audiences().cloned();
        let live = Live::resume(audiences, laid_down, people, &facts, self.at)?;
        self.live = Some(live);
        Ok(())
    }
}

/// No page: nobody's rows are read.
struct Nowhere;

impl Pages for Nowhere {
    fn page(&self, key: &PageKey) -> Result<Arc<[u8]>, PageError> {
        Err(PageError::Missing(*key))
    }
}
