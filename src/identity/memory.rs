//! What knowing who is who takes in memory.

use super::people::Identity;
use crate::model::Identifier;

/// What a shared text takes beside its letters: two counters, and rounding up.
const TEXT: usize = 24;

impl Identity {
    /// Roughly the bytes of memory held. It walks over every name.
    pub fn memory(&self) -> usize {
        let names = self.names.iter().flatten().map(text).sum::<usize>();
        let tables = self.births.memory() + self.aliases.memory() + self.scars.memory();
        self.names.memory()
            + names
            + tables
            + self.groups.memory()
            + self.clusters.links.memory()
            + self.clusters.last.memory()
            + self.claims.kept.memory()
            + self.claims.heads.memory()
            + self.claims.pairs.memory()
    }
}

/// The value alone: the names of a namespace are one text, and the table of
/// numbers shares the value with the list of names.
fn text(identifier: &Identifier) -> usize {
    TEXT + identifier.value.len()
}
