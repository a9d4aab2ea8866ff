//! Whose the rows under each number are, where that does not depend on their time:
//! kept ready, since every question asks it of every row.

use super::{Groups, Standing, Tenure};
use crate::shelf::Column;

/// The rows are nobody's: births are counted from one.
pub const NOBODY: u32 = 0;
/// Whose the rows are depends on their time.
pub const PARTED: u32 = u32::MAX;

impl Groups {
    /// By number the seat of the only owner, [`NOBODY`] or [`PARTED`].
    pub(in crate::identity) fn owners(&self) -> &Column<u32> {
        &self.owners
    }

    /// Part of what lies under a number belongs to nobody.
    pub(in crate::identity) fn scar(&mut self, number: u32) {
        self.node_mut(number).scarred = true;
        self.own(number);
    }

    /// Works out anew whose a number is.
    pub(super) fn own(&mut self, number: u32) {
        let owner = self.owner(number);
        // A page that is touched is another one for whoever keeps what was read from it.
        if self.owners.get(number as usize) != Some(&owner) {
            *self.owners.grown(number as usize, || NOBODY) = owner;
        }
    }

    /// The same for all numbers.
    pub(in crate::identity) fn own_all(&mut self) {
        self.owners = (0..self.len() as u32).map(|number| self.owner(number)).collect();
    }

    /// The same for the numbers of some tenures.
    pub(super) fn own_each(&mut self, tenures: &[Tenure]) {
        let first = tenures.iter().filter_map(|tenure| tenure.place().ok());
        first.for_each(|number| self.own(number as u32));
    }

    fn owner(&self, number: u32) -> u32 {
        let node = self.node(number);
        match node.standing {
            Standing::Dead | Standing::Name => NOBODY,
            _ if node.scarred || node.last.is_some() => PARTED,
            _ => self.groups.get(node.slot as usize).map_or(NOBODY, |group| group.name),
        }
    }
}
