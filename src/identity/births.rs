//! Birth numbers by identifier.

use super::groups::Standing;
use super::people::Identity;
use crate::model::Identifier;
use crate::shelf::Table;
use std::sync::{Arc, OnceLock};

/// Which number an identifier has. Of an identity that was recalled it is made when
/// somebody asks for one by name: whoever only counts people never does. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Births(Arc<OnceLock<Table<Identifier, u32>>>);

impl Births {
    /// Bytes of memory held, without what the identifiers point at.
    pub fn memory(&self) -> usize {
        self.0.get().map_or(0, Table::memory)
    }
}

impl Identity {
    /// The numbers by identifier.
    pub(super) fn births(&self) -> &Table<Identifier, u32> {
        self.births.0.get_or_init(|| self.births_of_names())
    }

    /// The same, to be changed.
    pub(super) fn births_mut(&mut self) -> &mut Table<Identifier, u32> {
        if Arc::get_mut(&mut self.births.0).is_none_or(|own| own.get().is_none()) {
            self.births = Births(Arc::new(OnceLock::from(self.births().clone())));
        }
        let own = Arc::get_mut(&mut self.births.0).and_then(OnceLock::get_mut);
        own.expect("it was just made, and nobody else has it")
    }

    fn births_of_names(&self) -> Table<Identifier, u32> {
        let mut births = Table::with_room(self.names.len());
        let nodes = self.groups.nodes.iter();
        for (number, (name, node)) in (0..).zip(self.names.iter().zip(nodes)) {
            if let (Some(name), Standing::Alive | Standing::Nameless) = (name, node.standing) {
                births.insert(name.clone(), number);
            }
        }
        births
    }
}
