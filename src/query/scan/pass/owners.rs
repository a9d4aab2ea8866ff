//! Whose each row is.

use crate::identity::Identity;
use crate::index::Seats;
use crate::model::{IdentifierNumber, Ordinal, Timestamp};
use crate::timeline::Block;

/// No seat: identifiers count from one.
pub const NOBODY: u32 = 0;
const UNKNOWN: u32 = u32::MAX;
const PARTED: u32 = u32::MAX - 1;

/// The owners of the rows of one chunk of origins. Most origins are one
/// person's for all time: they are asked for once.
pub struct Owners<'a> {
    identity: &'a Identity,
    among: Option<&'a Seats>,
    known: Vec<u32>,
}

impl<'a> Owners<'a> {
    pub fn new(identity: &'a Identity, among: Option<&'a Seats>) -> Owners<'a> {
        Owners { identity, among, known: Vec::new() }
    }

    /// The seat of each row; rows of people who do not matter are nobody's.
    pub fn of(&mut self, block: &Block<'_>, seats: &mut Vec<u32>) {
        seats.clear();
        let (mut last, mut owner) = (0, NOBODY);
        for (origin, when) in block.origins.iter().zip(block.whens) {
            if *origin != last {
                (last, owner) = (*origin, self.whole(*origin));
            }
            seats.push(if owner == PARTED { self.at(*origin, *when) } else { owner });
        }
    }

    fn whole(&mut self, origin: u32) -> u32 {
        let place = (origin % Ordinal::PER_CHUNK) as usize;
        if self.known.len() <= place {
            self.known.resize((place + 1).next_power_of_two(), UNKNOWN);
        }
        if self.known[place] == UNKNOWN {
            self.known[place] = match self.identity.sole_owner(IdentifierNumber(origin)) {
                Some(owner) => self.wanted(owner),
                None => PARTED,
            };
        }
        self.known[place]
    }

    fn at(&self, origin: u32, when: i64) -> u32 {
        let when = Timestamp::saturating_from_millis(when);
        self.wanted(self.identity.owner(IdentifierNumber(origin), when))
    }

    fn wanted(&self, owner: Option<Ordinal>) -> u32 {
        let matters = |seat: &Ordinal| self.among.is_none_or(|among| among.contains(*seat));
        owner.filter(matters).map_or(NOBODY, |seat| seat.0)
    }
}
