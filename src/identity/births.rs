//! Birth numbers by identifier.

use super::groups::Standing;
use super::people::Identity;
use crate::model::Identifier;
use crate::shelf::{Lookup, Lot, Numbered, Runner, one_by_one};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Names that one job takes.
const PER_LOT: usize = if cfg!(test) { 3 } else { 1 << 14 };
/// Jobs whose names are held before they are taken in.
const LOTS: usize = 16;

/// Which number an identifier has, found among the names. Of an identity that was recalled it
/// is made before the first record is taken in, or when somebody asks for one by name: whoever
/// only counts people never does. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Births(Arc<OnceLock<Lookup>>);

impl Births {
    /// Bytes of memory held.
    pub fn memory(&self) -> usize {
        self.0.get().map_or(0, Lookup::memory)
    }
}

impl Identity {
    /// Makes what is not made yet before somebody waits for it, by the jobs that `run` does.
    pub fn learn_names(&self, run: Runner<'_>) {
        self.births(run);
    }

    fn births(&self, run: Runner<'_>) -> &Lookup {
        self.births.0.get_or_init(|| self.births_of_names(run))
    }

    /// The number of an identifier that has one.
    pub(super) fn birth(&self, identifier: &Identifier) -> Option<u32> {
        self.births(&one_by_one).find(identifier, |number| self.is_named(number, identifier))
    }

    /// From here on the identifier has this number, whose name it is already; it had none.
    pub(super) fn bear(&mut self, identifier: &Identifier, number: u32) {
        self.births_mut().insert(Numbered::new(identifier, number));
    }

    /// From here on the identifier has not this number any more, whose name it is still.
    pub(super) fn unbear(&mut self, identifier: &Identifier, number: u32) {
        self.births_mut().remove(identifier, number);
    }

    fn is_named(&self, number: u32, identifier: &Identifier) -> bool {
        self.names.get(number as usize).is_some_and(|name| name.as_ref() == Some(identifier))
    }

    /// The numbers, nobody else's from here on.
    fn births_mut(&mut self) -> &mut Lookup {
        if Arc::get_mut(&mut self.births.0).is_none_or(|own| own.get().is_none()) {
            self.births = Births(Arc::new(OnceLock::from(self.births(&one_by_one).clone())));
        }
        let own = Arc::get_mut(&mut self.births.0).and_then(OnceLock::get_mut);
        own.expect("it was just made, and nobody else has it")
    }

    /// Of the numbers that a name has had one lives, so whichever lot is taken first.
    fn births_of_names(&self, run: Runner<'_>) -> Lookup {
        let mut births = Lookup::default();
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

    fn lot_of_names(&self, n: usize) -> Lot<Numbered> {
        let (mut names, mut nodes) = (self.names.near(), self.groups.nodes.near());
        let numbers = n * PER_LOT..self.names.len().min((n + 1) * PER_LOT);
        let named = numbers.filter_map(|number| {
            let name = names.get(number)?.as_ref()?;
            let standing = nodes.get(number)?.standing;
            let lives = matches!(standing, Standing::Alive | Standing::Nameless);
            lives.then(|| Numbered::new(name, number as u32))
        });
        Lot::of(named.collect())
    }
}
