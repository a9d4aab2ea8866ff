//! What is kept for standing audiences as plain values, piece by piece: what a checkpoint
//! at rest holds, so that the next opening need not read everybody's rows.

use super::keep::{Cell, Stamp};
use super::people::Arrival;
use crate::model::{Ordinal, Timestamp};

/// A piece of what is kept. Its numbers are those of a circuit that is made of the same
/// audiences in the same order.
#[derive(Clone, Debug)]
pub enum Kept {
    /// What is short.
    Head(HeadKept),
    /// People that follow one another.
    People(PeopleKept),
    /// What has arrived and cannot be taken in yet.
    Waiting(WaitingKept),
}

/// By what it is known again, and how much there is of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadKept {
    /// The instant up to which everything is settled.
    pub at: Timestamp,
    /// How many people the pieces have.
    pub n_people: u32,
    /// Of the program, of the rules of time zones, and of the circuit.
    pub print: [u8; 32],
}

/// People that follow one another by seats.
#[derive(Clone, Debug)]
pub struct PeopleKept {
    /// How many come before them.
    pub first: u32,
    pub(crate) people: Vec<PersonKept>,
}

/// What is kept of one person.
#[derive(Clone, Debug)]
pub(crate) struct PersonKept {
    pub(crate) seat: u32,
    pub(crate) exists: bool,
    pub(crate) since: i64,
    pub(crate) until: i64,
    pub(crate) rows_until: i64,
    /// The instant after which deadlines lie.
    pub(crate) base: i64,
    /// Deadlines: the column of each, and how long after the instant.
    pub(crate) units: Vec<(u32, u32)>,
    /// Answers, a bit for each column.
    pub(crate) bits: Vec<u64>,
    /// Where they stand in orders of people: the order, and their key.
    pub(crate) keys: Vec<(u32, i128)>,
    pub(crate) cells: Vec<Cell>,
}

/// Arrivals, of each whose it is and its place in canonical order.
#[derive(Clone, Debug, Default)]
pub struct WaitingKept {
    pub(crate) arrivals: Vec<(Ordinal, Stamp, Arrival)>,
}

impl Kept {
    /// The name of the piece: its kind, and its number among those of the kind.
    pub fn name(&self) -> (u8, u32) {
        match self {
            Kept::Head(_) => (0, 0),
            Kept::Waiting(_) => (1, 0),
            Kept::People(kept) => (2, kept.first),
        }
    }
}
