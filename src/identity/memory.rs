//! What knowing who is who takes in memory.

use super::people::Identity;
use crate::model::Identifier;
use crate::shelf::sampled;

/// What a shared text takes beside its letters: two counters, and rounding up.
const TEXT: usize = 24;

impl Identity {
    /// Roughly the bytes of memory held.
    pub fn memory(&self) -> usize {
        let name = |place| self.names.get(place).and_then(Option::as_ref).map_or(0, text);
        let tables = self.births.memory() + self.aliases.memory() + self.scars.memory();
        self.names.memory()
            + sampled(self.names.len(), name)
            + tables
            + self.groups.memory()
            + self.clusters.links.memory()
            + self.clusters.last.memory()
            + self.claims.kept.memory()
            + self.claims.heads.memory()
            + self.claims.pairs.memory()
    }
}

/// The value alone: the names of a namespace are one text.
fn text(identifier: &Identifier) -> usize {
    TEXT + identifier.value.len()
}
