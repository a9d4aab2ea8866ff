//! Many seats put into a set or taken out of it at once.

use super::Seats;
use crate::model::Ordinal;
use roaring::RoaringBitmap;
use std::sync::Arc;

/// So few changes of a chunk are made one by one; a set of them costs a pass over all that
/// are in.
const FEW: usize = 32;

impl Seats {
    /// Puts seats in (true) or takes them out, given in ascending order without repeats.
    ///
    /// ```
    /// use throng::index::Seats;
    /// use throng::model::Ordinal;
    /// let mut seats: Seats = [1, 2, 70_000].map(Ordinal).into_iter().collect();
    /// seats.move_sorted(&[(Ordinal(2), false), (Ordinal(3), true), (Ordinal(70_000), false)]);
    /// assert_eq!(seats, [1, 3].map(Ordinal).into_iter().collect());
    /// ```
    pub fn move_sorted(&mut self, moved: &[(Ordinal, bool)]) {
        debug_assert!(moved.is_sorted_by(|a, b| a.0 < b.0), "each once, in order");
        for moved in moved.chunk_by(|a, b| a.0.chunk() == b.0.chunk()) {
            let chunk = moved[0].0.chunk();
            let place = self.place(chunk).unwrap_or_else(|place| {
                self.chunks.insert(place, (chunk, Arc::default()));
                place
            });
            let mine = Arc::make_mut(&mut self.chunks[place].1);
            match moved.len() {
                ..=FEW => one_by_one(mine, moved),
                _ => {
                    *mine |= side(moved, true);
                    *mine -= side(moved, false);
                }
            }
            if mine.is_empty() {
                self.chunks.remove(place);
            }
        }
    }
}

fn one_by_one(mine: &mut RoaringBitmap, moved: &[(Ordinal, bool)]) {
    for (seat, inside) in moved {
        match inside {
            true => mine.insert(seat.0),
            false => mine.remove(seat.0),
        };
    }
}

fn side(moved: &[(Ordinal, bool)], inside: bool) -> RoaringBitmap {
    moved.iter().filter(|(_, is_in)| *is_in == inside).map(|(seat, _)| seat.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn few_and_many_are_moved_as_one_by_one() {
        let mut seed = 11u64;
        let mut roll = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
            (seed >> 33) % n
        };
        for n_moved in [1, 5, FEW as u64, 40, 400] {
            for n_seats in [0, 30, 3_000, 30_000] {
                let seat = |n: u64| (n % 3 * 65_536 + n * 7 % 65_536) as u32;
                let mut plain: BTreeSet<u32> = (0..n_seats).map(|_| seat(roll(90_000))).collect();
                let mut seats: Seats = plain.iter().copied().map(Ordinal).collect();
                let shared = seats.clone();
                let before = plain.clone();
                let moved: BTreeSet<u32> = (0..n_moved).map(|_| seat(roll(90_000))).collect();
                let moved: Vec<(Ordinal, bool)> =
                    moved.into_iter().map(|seat| (Ordinal(seat), roll(3) > 0)).collect();
                seats.move_sorted(&moved);
                for (seat, inside) in moved {
                    match inside {
                        true => plain.insert(seat.0),
                        false => plain.remove(&seat.0),
                    };
                }
                assert_eq!(
                    seats,
                    plain.into_iter().map(Ordinal).collect(),
                    "{n_moved} of {n_seats}"
                );
                assert_eq!(shared, before.into_iter().map(Ordinal).collect());
            }
        }
    }

    #[test]
    fn a_chunk_that_is_left_by_all_is_none() {
        let mut seats: Seats = [1, 70_000].map(Ordinal).into_iter().collect();
        seats.move_sorted(&[(Ordinal(70_000), false), (Ordinal(200_000), false)]);
        assert_eq!(seats.chunks().collect::<Vec<_>>(), [0]);
    }
}
