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
    pub(super) const WAITING: u8 = 1;
    pub(super) const PEOPLE: u8 = 2;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audience::{
        Amounts, Arrival, Cause, Cell, Decision, HeadKept, Kind, Latest, Load, Mark, Marks,
        PeopleKept, PersonKept, Share, Stamp, Values, WaitingKept,
    };
    use crate::model::{EventId, Ordinal, Party, Timestamp, Value};

    /// Cells of every kind.
    fn cells(at: i64) -> Vec<Cell> {
        let stamp = Stamp { when: at, ord: -1, id: EventId(1 << 127) };
        let said = (Party::Third, Timestamp::EPOCH, EventId(5));
        let mark = Mark { when: at + 3, place: 9, steps: 1, without: 1 << 31, tails: 4 };
        let list = Value::List(vec![Value::Null, "a".into()]);
        let mut amounts = Amounts::default();
        [(at, 7), (at + 1, -(1 << 80))].into_iter().for_each(|(at, sum)| amounts.insert(at, sum));
        let decision = Decision { key: (at, EventId(2)), granted: true, expires: None };
        let kinds = [
            Kind::Tally(300),
            Kind::Total(Box::new((2, -(1 << 90)))),
            Kind::Instant(at),
            Kind::Instants(vec![at, at, at + 1]),
            Kind::Amounts(Box::new(amounts)),
            Kind::Rows(Box::new(vec![(stamp, list.clone()), (stamp, 3.into())])),
            Kind::Values(Box::new(Values::from_iter([list]))),
            Kind::Latest(Box::new(Latest::of([(at, "b".into())].into_iter()))),
            Kind::Marks(Box::new(Marks::of([(Value::Null, vec![mark; 2])].into_iter()))),
            Kind::Picked(Box::new((stamp, "c".into()))),
            Kind::Extreme(Box::new(4.into())),
            Kind::Said(Box::new((said, true.into()))),
            Kind::Decision(Box::new(Decision { expires: Some(Timestamp::MAX), ..decision })),
        ];
        (0..).zip(kinds).map(|(store, body)| Cell { store, body }).collect()
    }

    fn pieces() -> [Kept; 3] {
        let at = 1_700_000_000_000;
        let person = |seat, cells| PersonKept {
            seat,
            exists: seat > 0,
            since: i64::MIN,
            until: at + 5,
            rows_until: i64::MAX,
            base: at,
            units: vec![(3, u32::MAX - 1), (70, 0)],
            bits: vec![u64::MAX, 1],
            keys: vec![(1, i128::MIN)],
            cells,
        };
        let shares = [
            Load::Once,
            Load::Mark(Mark { when: at, place: 1, steps: 2, without: 3, tails: 4 }, "k".into()),
            Load::Amount(-5),
            Load::Value("v".into()),
            Load::Said((Party::First, Timestamp::MIN, EventId(9)), 1.into()),
            Load::Decision { granted: true, expires: Some(Timestamp::EPOCH) },
            Load::Decision { granted: false, expires: None },
        ];
        let shares = shares.into_iter().map(|load| Share { store: 2, load }).collect();
        let arrival = Arrival { shares, asks: vec![1, 9], cause: Cause::Consent };
        let stamp = Stamp { when: at, ord: 0, id: EventId(0) };
        [
            Kept::Head(HeadKept { at: Timestamp::EPOCH, n_people: 2, print: [7; 32] }),
            Kept::People(PeopleKept {
                first: 4_096,
                people: vec![person(0, cells(at)), person(u32::MAX, Vec::new())],
            }),
            Kept::Waiting(WaitingKept { arrivals: vec![(Ordinal(3), stamp, arrival)] }),
        ]
    }

    #[test]
    fn a_piece_is_read_as_it_was_written() {
        for piece in pieces() {
            let bytes = encode_standing(&piece).unwrap();
            let read = decode_standing(&bytes).unwrap();
            assert_eq!(format!("{read:?}"), format!("{piece:?}"));
        }
    }

    #[test]
    fn bytes_that_are_no_piece_are_none() {
        for piece in pieces() {
            let whole = encode_standing(&piece).unwrap();
            for end in 0..whole.len() {
                assert!(decode_standing(&whole[..end]).is_none(), "up to byte {end}");
            }
            assert!(decode_standing(&[&whole[..], &[0]].concat()).is_none());
            for place in 0..whole.len() {
                let mut garbled = whole.clone();
                garbled[place] ^= 0xFF;
                // A piece or none, and no panic.
                drop(decode_standing(&garbled));
            }
        }
    }
}
