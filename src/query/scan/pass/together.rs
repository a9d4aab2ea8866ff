//! People taken together: one slot for each group, or for each group and period.

use crate::index::Seats;
use crate::query::scan::slot::PerSeat;

/// Which slot a row goes into.
pub struct Together {
    /// By seat the group of a person, from one: the slot of nobody stays free.
    by_seat: PerSeat<u32>,
    /// Where periods begin, and where the last one ends.
    edges: Option<Vec<i64>>,
}

impl Together {
    /// People by seat, with the numbers of their groups from 0.
    pub fn of(people: &Seats, groups: &[u32]) -> Together {
        let mut by_seat = PerSeat::default();
        people.iter().zip(groups).for_each(|(seat, group)| *by_seat.at(seat.0) = group + 1);
        Together { by_seat, edges: None }
    }

    /// A slot for each group and period: those of a group follow one another.
    pub fn in_periods(self, edges: Vec<i64>) -> Together {
        Together { edges: Some(edges), ..self }
    }

    /// The slot of a person's row of an instant; 0 where it belongs to none.
    pub fn slot(&self, seat: u32, when: i64) -> u32 {
        let group = self.by_seat.get(seat).copied().unwrap_or_default();
        let Some(edges) = &self.edges else { return group };
        let n_begun = edges.partition_point(|edge| *edge <= when);
        match group {
            0 => 0,
            _ if n_begun == 0 || n_begun == edges.len() => 0,
            group => (group - 1) * (edges.len() as u32 - 1) + n_begun as u32,
        }
    }
}
