//! What is kept for standing audiences as bytes: person by person, but for values, which
//! are a column of a piece.
//!
//! A piece is the values, as those of calls are written, then everything else in the order
//! in which it is read, whole numbers of few bytes. What is read may be anything, and is
//! either a piece or an error.

mod put;
mod read;

use super::bytes::{Bytes, Malformed};
use super::put::{Node, Room};
use super::read::{Budget, Node as ReadNode};
use super::tag::DEPTH_MAX;
use crate::audience::Kept;

/// Values of one piece.
const VALUES_MAX: usize = 1 << 26;

/// Numbers of the kinds of pieces.
mod kind {
    pub(super) const HEAD: u8 = 0;
    pub(super) const PEOPLE: u8 = 1;
    pub(super) const WAITING: u8 = 2;
}

/// Numbers of what is kept in cells.
mod cell {
    pub(super) const TALLY: u8 = 0;
    pub(super) const TOTAL: u8 = 1;
    pub(super) const INSTANT: u8 = 2;
    pub(super) const INSTANTS: u8 = 3;
    pub(super) const AMOUNTS: u8 = 4;
    pub(super) const ROWS: u8 = 5;
    pub(super) const VALUES: u8 = 6;
    pub(super) const LATEST: u8 = 7;
    pub(super) const MARKS: u8 = 8;
    pub(super) const PICKED: u8 = 9;
    pub(super) const EXTREME: u8 = 10;
    pub(super) const SAID: u8 = 11;
    pub(super) const DECISION: u8 = 12;
}

/// Numbers of what waits for stores.
mod load {
    pub(super) const ONCE: u8 = 0;
    pub(super) const MARK: u8 = 1;
    pub(super) const AMOUNT: u8 = 2;
    pub(super) const VALUE: u8 = 3;
    pub(super) const SAID: u8 = 4;
    pub(super) const GRANTED: u8 = 5;
    pub(super) const DENIED: u8 = 6;
}

/// What a byte says of somebody: that they exist, and that time will move answers from
/// cells, and from rows.
const EXISTS: u8 = 1;
const WAKES: u8 = 2;
const ROWS_WAKE: u8 = 4;

/// A piece of what is kept for standing audiences as bytes; none if it is more than one
/// piece may hold.
pub fn encode_standing(piece: &Kept) -> Option<Vec<u8>> {
    let mut put = put::Put::new(Room { values: VALUES_MAX, depth: DEPTH_MAX });
    let kind = match piece {
        Kept::Head(head) => {
            put.head(head);
            kind::HEAD
        }
        Kept::People(people) => {
            put.people(people)?;
            kind::PEOPLE
        }
        Kept::Waiting(waiting) => {
            put.waiting(waiting)?;
            kind::WAITING
        }
    };
    Some(put.done(kind))
}

/// The piece that these bytes are; none if they are no piece.
pub fn decode_standing(bytes: &[u8]) -> Option<Kept> {
    read::piece(&mut Bytes::new(bytes)).ok()
}
