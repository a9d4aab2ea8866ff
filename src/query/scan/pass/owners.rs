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
        let owners = self.identity.owners();
        if let Some(of_origins) = block.of_origins {
            seats.extend_from_slice(&of_origins.of(owners, block.origins, NOBODY));
        } else {
            let mut owners = owners.near();
            let owner = |origin: &u32| owners.get(*origin as usize).copied().unwrap_or(NOBODY);
            seats.extend(block.origins.iter().map(owner));
        }
        if seats.contains(&PARTED) {
            self.part(block, seats);
        }
        if let Some(among) = self.among {
            let wanted = |seat: u32| if among.has(seat) { seat } else { NOBODY };
            seats.iter_mut().for_each(|seat| *seat = wanted(*seat));
        }
    }

    /// Rows under an origin that belongs to several, each at its time.
    fn part(&self, block: &Block<'_>, seats: &mut [u32]) {
        let rows = block.origins.iter().zip(block.whens);
        for (seat, (origin, when)) in seats.iter_mut().zip(rows) {
            if *seat == PARTED {
                let when = Timestamp::saturating_from_millis(*when);
                let owner = self.identity.owner(IdentifierNumber(*origin), when);
                *seat = owner.map_or(NOBODY, |seat| seat.0);
            }
        }
    }
}
