//! What nobody needs who only counts people is learnt before the first record is taken in.

use super::State;
use super::messages::recallable;
use crate::model::{EventId, Timestamp};
use crate::shelf::Lot;
use crate::timeline::{PageError, Pages, Part, Wanted};
use std::sync::{Mutex, PoisonError};

/// Pieces of the timeline that one job reads.
const PER_JOB: usize = 16;
/// Jobs whose ids are held before they are taken in: some dozen megabytes.
const JOBS: usize = 64;

impl State {
    /// Learns the ids of the calls that are sealed, without which nothing may be taken
    /// in, and who has which name.
    ///
    /// # Errors
    /// If a page cannot be read.
    pub fn recall(&mut self, pages: &dyn Pages) -> Result<(), PageError> {
        self.identity.learn_names(self.run);
        let parts = self.timeline.parts(&Wanted::All, &|_| Timestamp::MIN);
        // Rows of calls without an id take none of it: room that nobody writes to costs little.
        self.messages.make_room(self.timeline.sealed_len() as usize, self.run);
        for parts in parts.chunks(PER_JOB * JOBS) {
            let jobs: Vec<&[Part]> = parts.chunks(PER_JOB).collect();
            let lots = Mutex::new((Vec::with_capacity(jobs.len()), None));
            (self.run)(jobs.len(), &|n| {
                let lot = self.lot_of(pages, jobs[n]);
                let mut lots = lots.lock().unwrap_or_else(PoisonError::into_inner);
                match lot {
                    Ok(lot) => lots.0.push(lot),
                    Err(error) => lots.1 = Some(error),
                }
            });
            let (lots, failed) = lots.into_inner().unwrap_or_else(PoisonError::into_inner);
            failed.map_or(Ok(()), Err)?;
            self.messages.recall(&lots, self.run);
        }
        Ok(())
    }

    /// The ids of some pieces.
    fn lot_of(&self, pages: &dyn Pages, parts: &[Part]) -> Result<Lot<(EventId, ())>, PageError> {
        let mut ids = Vec::new();
        for part in parts {
            self.timeline.sealed_ids(pages, *part, &mut |of| {
                ids.extend(recallable(of).map(|id| (id, ())));
            })?;
        }
        Ok(Lot::of(ids))
    }
}
