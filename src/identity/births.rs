//! Birth numbers by identifier.

use super::groups::Standing;
use super::people::Identity;
use crate::model::Identifier;
use crate::shelf::{Lot, Runner, Table, one_by_one};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Names that one job takes.
const PER_LOT: usize = if cfg!(test) { 3 } else { 1 << 14 };
/// Jobs whose names are held before they are taken in.
const LOTS: usize = 16;

/// Which number an identifier has. Of an identity that was recalled it is made before the
/// first record is taken in, or when somebody asks for one by name: whoever only counts
/// people never does. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Births(Arc<OnceLock<Table<Identifier, u32>>>);

impl Births {
    /// Bytes of memory held, without what the identifiers point at.
    pub fn memory(&self) -> usize {
        self.0.get().map_or(0, Table::memory)
    }
}

impl Identity {
    /// Makes what is not made yet before somebody waits for it, by the jobs that `run` does.
    pub fn learn_names(&self, run: Runner<'_>) {
        self.births.0.get_or_init(|| self.births_of_names(run));
    }

    /// The numbers by identifier.
    pub(super) fn births(&self) -> &Table<Identifier, u32> {
        self.births.0.get_or_init(|| self.births_of_names(&one_by_one))
    }

    /// The same, to be changed.
    pub(super) fn births_mut(&mut self) -> &mut Table<Identifier, u32> {
        if Arc::get_mut(&mut self.births.0).is_none_or(|own| own.get().is_none()) {
            self.births = Births(Arc::new(OnceLock::from(self.births().clone())));
        }
        let own = Arc::get_mut(&mut self.births.0).and_then(OnceLock::get_mut);
        own.expect("it was just made, and nobody else has it")
    }

    /// Of the numbers that a name has had one lives, so whichever lot is taken first.
    fn births_of_names(&self, run: Runner<'_>) -> Table<Identifier, u32> {
        let mut births = Table::default();
        births.make_room(self.names.len(), run);
        let n_lots = self.names.len().div_ceil(PER_LOT);
        for first in (0..n_lots).step_by(LOTS) {
            let lots = Mutex::new(Vec::new());
            run(LOTS.min(n_lots - first), &|n| {
                let lot = self.lot_of_names(first + n);
                lots.lock().unwrap_or_else(PoisonError::into_inner).push(lot);
            });
            let lots = lots.into_inner().unwrap_or_else(PoisonError::into_inner);
            births.insert_lots(&lots, run);
        }
        births
    }

    fn lot_of_names(&self, n: usize) -> Lot<Identifier, u32> {
        let (mut names, mut nodes) = (self.names.near(), self.groups.nodes.near());
        let numbers = n * PER_LOT..self.names.len().min((n + 1) * PER_LOT);
        let named = numbers.filter_map(|number| {
            let name = names.get(number)?.as_ref()?;
            let standing = nodes.get(number)?.standing;
            let lives = matches!(standing, Standing::Alive | Standing::Nameless);
            lives.then(|| (name.clone(), number as u32))
        });
        Lot::of(named.collect())
    }
}
