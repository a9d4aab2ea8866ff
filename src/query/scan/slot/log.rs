//! What rows add to people, written down as it comes and put in its place later,
//! page by page: rows of a block jump from seat to seat, and most of what many slots
//! hold lies beyond the near memory. What all workers have written of a chunk of
//! people is put in its place by one of them, so that it need not be united afterwards.

use super::fold::Fold;
use super::per_seat::PerSeat;
use super::slots::{Slots, Sum, meet};
use crate::model::Ordinal;

/// Seats by their chunk, and what is added to each: a row, a number in billionths,
/// or an instant.
#[derive(Debug, Default)]
pub struct Log {
    rows: Entries<()>,
    numbers: Entries<i64>,
}

#[derive(Debug, Default)]
struct Entries<U> {
    by_chunk: Vec<Vec<(u32, U)>>,
    n_entries: usize,
}

impl<U> Entries<U> {
    #[inline]
    fn extend(&mut self, all: impl Iterator<Item = (u32, U)>) {
        for (seat, more) in all {
            let chunk = (seat / Ordinal::PER_CHUNK) as usize;
            if self.by_chunk.len() <= chunk {
                self.by_chunk.resize_with(chunk + 1, Vec::new);
            }
            self.by_chunk[chunk].push((seat, more));
            self.n_entries += 1;
        }
    }

    fn of_chunk(&self, chunk: u32) -> &[(u32, U)] {
        self.by_chunk.get(chunk as usize).map_or(&[], Vec::as_slice)
    }
}

impl Log {
    /// Rows of these people.
    #[inline]
    pub fn rows(&mut self, seats: impl Iterator<Item = u32>) {
        self.rows.extend(seats.map(|seat| (seat, ())));
    }

    /// Billionths, or milliseconds, of these people.
    #[inline]
    pub fn numbers(&mut self, numbers: impl Iterator<Item = (u32, i64)>) {
        self.numbers.extend(numbers);
    }

    /// Bytes of all that is written.
    pub fn bytes(&self) -> usize {
        size_of::<(u32, ())>() * self.rows.n_entries
            + size_of::<(u32, i64)>() * self.numbers.n_entries
    }

    /// The chunks of people of whom something is written.
    pub fn chunks(&self) -> impl Iterator<Item = u32> + '_ {
        let n_chunks = self.rows.by_chunk.len().max(self.numbers.by_chunk.len()) as u32;
        (0..n_chunks).filter(|chunk| {
            !self.rows.of_chunk(*chunk).is_empty() || !self.numbers.of_chunk(*chunk).is_empty()
        })
    }

    /// What several logs of a slot come to for a chunk of people.
    pub fn slots(logs: &[&Log], chunk: u32, fold: Fold) -> Slots {
        let rows: Vec<_> = logs.iter().map(|log| log.rows.of_chunk(chunk)).collect();
        let numbers: Vec<_> = logs.iter().map(|log| log.numbers.of_chunk(chunk)).collect();
        match Slots::new(fold) {
            Slots::Counts(_) => Slots::Counts(PerSeat::of(chunk, &rows, |n, ()| *n += 1)),
            Slots::Sums(_) => Slots::Sums(PerSeat::of(chunk, &numbers, Sum::add_small)),
            Slots::Instants(_) => {
                Slots::Instants(PerSeat::of(chunk, &numbers, |at, ms| meet(at, ms, fold)))
            }
            // Of all others nothing is written down.
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_have_written_of_a_chunk_is_put_together() {
        let seats = |first: u32| (0..5_000).map(move |n| (n * 7_919 + first) % 200_000);
        let mut logs = [Log::default(), Log::default()];
        logs[0].rows(seats(1));
        logs[1].rows(seats(2).chain([70_000, 70_000]));
        logs[1].numbers([(3, 5), (150_000, 7), (3, -9)].into_iter());
        assert_eq!(logs[1].bytes(), 5_002 * 4 + 3 * 16);
        let all: Vec<u32> = seats(1).chain(seats(2)).chain([70_000, 70_000]).collect();
        let logs = logs.each_ref();
        for chunk in logs[1].chunks() {
            let of_chunk = |seat: &u32| seat / Ordinal::PER_CHUNK == chunk;
            let Slots::Counts(counts) = Log::slots(&logs, chunk, Fold::Count) else { panic!() };
            for seat in all.iter().filter(|seat| of_chunk(seat)) {
                let n_rows = all.iter().filter(|other| *other == seat).count() as u64;
                assert_eq!(counts.get(*seat), Some(&n_rows), "{seat}");
            }
        }
        let Slots::Instants(instants) = Log::slots(&logs, 0, Fold::Earliest) else { panic!() };
        assert_eq!((instants.get(3), instants.get(4)), (Some(&Some(-9)), None));
        let Slots::Sums(sums) = Log::slots(&logs, 2, Fold::Sum) else { panic!() };
        let sum = sums.get(150_000).unwrap();
        assert_eq!((sum.billionths, sum.n_values, sums.get(3).is_none()), (7, 1, true));
    }
}
