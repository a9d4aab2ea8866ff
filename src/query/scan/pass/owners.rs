//! Whose each row is.

use crate::identity::{Identity, NOBODY, PARTED};
use crate::model::{IdentifierNumber, Timestamp};
use crate::query::scan::slot::Among;
use crate::timeline::Block;

/// The owners of the rows of blocks: of most origins one person for all time.
pub struct Owners<'a> {
    identity: &'a Identity,
    among: Option<&'a Among>,
}

impl<'a> Owners<'a> {
    pub fn new(identity: &'a Identity, among: Option<&'a Among>) -> Owners<'a> {
        Owners { identity, among }
    }

    /// The seat of each row; rows of people who do not matter are nobody's.
    pub fn of(&self, block: &Block<'_>, seats: &mut Vec<u32>) {
        seats.clear();
        let mut owners = self.identity.owners().near();
        let (mut last, mut owner) = (0, NOBODY);
        seats.extend(block.origins.iter().zip(block.whens).map(|(origin, when)| {
            if *origin != last {
                last = *origin;
                owner = self.wanted(owners.get(last as usize).copied().unwrap_or(NOBODY));
            }
            if owner == PARTED { self.at(last, *when) } else { owner }
        }));
    }

    fn at(&self, origin: u32, when: i64) -> u32 {
        let when = Timestamp::saturating_from_millis(when);
        let owner = self.identity.owner(IdentifierNumber(origin), when);
        self.wanted(owner.map_or(NOBODY, |seat| seat.0))
    }

    fn wanted(&self, owner: u32) -> u32 {
        match self.among {
            Some(among) if owner != PARTED && !among.has(owner) => NOBODY,
            _ => owner,
        }
    }
}
