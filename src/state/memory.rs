//! What the state takes in memory, part by part.

use super::State;

/// Roughly the bytes of memory that each part of the state holds, without
/// standing audiences: see [`LiveStats`](crate::audience::LiveStats). What is shared
/// between two parts is counted with one of them.
///
/// ```
/// let empty = throng::state::State::new(0).memory();
/// assert_eq!((empty.identity, empty.tail), (0, 0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Identifiers, their claims, and who is who.
    pub identity: usize,
    /// Who exists, and since when.
    pub people: usize,
    /// The ids of all calls.
    pub ids: usize,
    /// Names that were seen or defined.
    pub catalog: usize,
    /// Rows that are not sealed.
    pub tail: usize,
    /// Where sealed rows lie.
    pub directory: usize,
    /// Sealed rows that are decoded.
    pub decoded: usize,
    /// What is known of everybody that questions have asked for.
    pub columns: usize,
}

impl State {
    /// Roughly the bytes of memory held. It walks over what it measures, so it
    /// is for an operator's question and not for each commit.
    pub fn memory(&self) -> Memory {
        let timeline = self.timeline.memory();
        let told = self.told.iter().map(|told| size_of_val(told) + told.text.len());
        Memory {
            identity: self.identity.memory(),
            people: self.alive.memory(),
            ids: self.messages.memory(),
            catalog: self.catalog.memory() + told.sum::<usize>(),
            tail: timeline.tail,
            directory: timeline.directory,
            decoded: timeline.cache,
            columns: self.columns.memory(),
        }
    }
}
