//! The place of a value in the order that decides which is first and last.

use std::cmp::Ordering;

/// By party (or by person, where several are taken together), then canonical order, then place inside the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    pub party: u32,
    pub when: i64,
    pub ord: i64,
    /// The event's id; a number of the row where ids were not read.
    pub id: u128,
    pub nth: u32,
}

/// Whether ids are known, and whether that was needed where they are not: ids
/// are most of a row's bytes, and hardly ever decide.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ties {
    pub has_ids: bool,
    pub torn: bool,
}

impl Ties {
    /// How two ranks compare; torn if only their ids could tell.
    pub fn order(&mut self, left: &Rank, right: &Rank) -> Ordering {
        let head = |rank: &Rank| (rank.party, rank.when, rank.ord);
        match head(left).cmp(&head(right)) {
            Ordering::Equal => {
                self.torn |= !self.has_ids && left.id != right.id;
                (left.id, left.nth).cmp(&(right.id, right.nth))
            }
            order => order,
        }
    }
}
