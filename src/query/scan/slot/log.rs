//! What rows add to people, written down as it comes and put in its place later: rows of a
//! block jump from seat to seat, and most of what many slots hold lies beyond the near
//! memory. What all workers have written of a chunk of people is put in its place by one of
//! them, page by page, so that it need not be united afterwards.

use super::blocks::Blocks;
use super::fold::Fold;
use super::page::{Open, PAGE};
use super::per_seat::{PerSeat, pages_of};
use super::slots::{Slots, meet};
use super::sum::Sum;
use crate::model::Ordinal;

/// No chunk is at home.
const NONE: u32 = u32::MAX;

/// Billionths of a hundredth.
const HUNDREDTH: i64 = 10_000_000;

/// What is added to each seat: a row, or as many as it counts for, a number in billionths, or
/// in hundredths, which are half as long, or an instant.
#[derive(Debug, Default)]
pub struct Log {
    rows: Entries<()>,
    weights: Entries<u16>,
    hundredths: Entries<i32>,
    numbers: Entries<i64>,
}

/// Additions to seats. Most rows of a chunk of origins belong to its own seats, which ascend
/// as the rows do: those of the chunk at home are written by page, all others by chunk, for
/// to write on a page here and on one there is to wait for each of them.
#[derive(Debug)]
struct Entries<U> {
    home: u32,
    by_page: Vec<Blocks<(u16, U)>>,
    by_chunk: Vec<Blocks<(u16, U)>>,
    n_entries: usize,
}

impl<U> Default for Entries<U> {
    fn default() -> Entries<U> {
        Entries { home: NONE, by_page: Vec::new(), by_chunk: Vec::new(), n_entries: 0 }
    }
}

impl<U> Entries<U> {
    fn move_to(&mut self, chunk: u32) {
        self.home = chunk;
        let n_pages = pages_of(chunk).end;
        if self.by_page.len() < n_pages {
            self.by_page.resize_with(n_pages, Blocks::default);
        }
    }

    #[inline]
    fn extend(&mut self, all: impl Iterator<Item = (u32, U)>) {
        let (home, first) = (self.home, pages_of(self.home).start);
        let pages = self.by_page.get_mut(first..).unwrap_or_default();
        let mut n_entries = 0;
        // An iterator that is asked for one after the other is called for each.
        all.for_each(|(seat, more)| {
            let (chunk, place) = (seat / Ordinal::PER_CHUNK, seat % Ordinal::PER_CHUNK);
            let entry = (place as u16, more);
            n_entries += 1;
            if chunk == home {
                return pages[place as usize / PAGE].push(entry);
            }
            if self.by_chunk.len() <= chunk as usize {
                self.by_chunk.resize_with(chunk as usize + 1, Blocks::default);
            }
            self.by_chunk[chunk as usize].push(entry);
        });
        self.n_entries += n_entries;
    }

    fn bytes(&self) -> usize {
        size_of::<(u16, U)>() * self.n_entries
    }

    /// No chunk of that number or beyond is written of.
    fn n_chunks(&self) -> u32 {
        self.by_page.len().div_ceil(pages_of(0).len()).max(self.by_chunk.len()) as u32
    }

    /// Whether something is written of a chunk.
    fn has(&self, chunk: u32) -> bool {
        let far = self.by_chunk.get(chunk as usize);
        let near = self.by_page.get(pages_of(chunk)).unwrap_or_default();
        near.iter().chain(far).any(|blocks| !blocks.is_empty())
    }
}

impl Log {
    /// Rows of a chunk of origins come next.
    pub fn move_to(&mut self, chunk: u32) {
        self.rows.move_to(chunk);
        self.weights.move_to(chunk);
        self.hundredths.move_to(chunk);
        self.numbers.move_to(chunk);
    }

    /// Rows of these people, of which each counts for so many.
    #[inline]
    pub fn rows(&mut self, seats: impl Iterator<Item = u32>, weight: u16) {
        match weight {
            1 => self.rows.extend(seats.map(|seat| (seat, ()))),
            weight => self.weights.extend(seats.map(|seat| (seat, weight))),
        }
    }

    /// Hundredths of these people: what most amounts of money are.
    #[inline]
    pub fn hundredths(&mut self, numbers: impl Iterator<Item = (u32, i32)>) {
        self.hundredths.extend(numbers);
    }

    /// Billionths, or milliseconds, of these people.
    #[inline]
    pub fn numbers(&mut self, numbers: impl Iterator<Item = (u32, i64)>) {
        self.numbers.extend(numbers);
    }

    /// Bytes of all that is written.
    pub fn bytes(&self) -> usize {
        let Log { rows, weights, hundredths, numbers } = self;
        rows.bytes() + weights.bytes() + hundredths.bytes() + numbers.bytes()
    }

    /// The chunks of people of whom something is written.
    pub fn chunks(&self) -> impl Iterator<Item = u32> + '_ {
        let Log { rows, weights, hundredths, numbers } = self;
        let counted = rows.n_chunks().max(weights.n_chunks());
        let chunks = 0..counted.max(hundredths.n_chunks()).max(numbers.n_chunks());
        chunks.filter(|chunk| {
            let is_counted = rows.has(*chunk) || weights.has(*chunk);
            is_counted || hundredths.has(*chunk) || numbers.has(*chunk)
        })
    }

    /// What several logs of a slot come to for a chunk of people.
    pub fn slots(logs: &[&Log], chunk: u32, fold: Fold) -> Slots {
        let numbers = Written::of(chunk, logs.iter().map(|log| &log.numbers));
        match (Slots::new(fold), fold) {
            (Slots::Counts(_), _) => {
                let rows = Written::of(chunk, logs.iter().map(|log| &log.rows));
                let weights = Written::of(chunk, logs.iter().map(|log| &log.weights));
                Slots::Counts(placed(chunk, |at, open| {
                    let has_rows = rows.put(at, open, |n, ()| *n += 1);
                    weights.put(at, open, |n, weight| *n += u64::from(weight)) || has_rows
                }))
            }
            (Slots::Sums(_), _) => {
                let hundredths = Written::of(chunk, logs.iter().map(|log| &log.hundredths));
                Slots::Sums(placed(chunk, |at, open| {
                    let add = |sum: &mut Sum, n| sum.add_small(i64::from(n) * HUNDREDTH);
                    let has_hundredths = hundredths.put(at, open, add);
                    numbers.put(at, open, Sum::add_small) || has_hundredths
                }))
            }
            (Slots::Instants(_), Fold::Earliest) => Slots::Instants(placed(chunk, |at, open| {
                numbers.put(at, open, |known, ms| meet(known, ms, Fold::Earliest))
            })),
            (Slots::Instants(_), _) => Slots::Instants(placed(chunk, |at, open| {
                numbers.put(at, open, |known, ms| meet(known, ms, Fold::Latest))
            })),
            // Of all others nothing is written down.
            (other, _) => other,
        }
    }
}

/// What is written of a chunk of people, put in its place page by page: of each page, and
/// which it is of those of the chunk, something may be put on it, or nothing.
fn placed<T: Clone + Default>(
    chunk: u32,
    put: impl Fn((usize, usize), &mut Open<T>) -> bool,
) -> PerSeat<T> {
    let mut open = Open::default();
    let pages = pages_of(chunk).enumerate();
    PerSeat::of_pages(pages.filter_map(|(nth, page)| {
        let has_any = put((nth, page), &mut open);
        has_any.then(|| (page, open.pack()))
    }))
}

/// What several logs say of a chunk of people.
struct Written<'l, U> {
    logs: Vec<&'l Entries<U>>,
    far: Far<U>,
}

impl<'l, U: Copy> Written<'l, U> {
    fn of(chunk: u32, logs: impl Iterator<Item = &'l Entries<U>>) -> Written<'l, U> {
        let logs: Vec<_> = logs.collect();
        let far = far_of(chunk, &logs);
        Written { logs, far }
    }

    /// Puts what is written of a page on it; whether that is anything.
    fn put<T: Default>(
        &self,
        (nth, page): (usize, usize),
        open: &mut Open<T>,
        take: impl Fn(&mut T, U),
    ) -> bool {
        let near = self.logs.iter().filter_map(|log| log.by_page.get(page)).flat_map(Blocks::each);
        let mut has_any = false;
        for entries in near.chain([self.far.of(nth)]) {
            has_any |= !entries.is_empty();
            let mut take = |(place, more): &(u16, U)| {
                take(open.at(usize::from(*place) % PAGE), *more);
            };
            entries.iter().for_each(&mut take);
        }
        has_any
    }
}

/// Entries of a chunk by the pages on which they belong.
struct Far<U> {
    starts: Vec<usize>,
    entries: Vec<(u16, U)>,
}

impl<U> Far<U> {
    fn of(&self, page: usize) -> &[(u16, U)] {
        match self.starts.get(page..page + 2) {
            Some([start, end]) => &self.entries[*start..*end],
            _ => &[],
        }
    }
}

/// What was written of a chunk while others were at home.
fn far_of<U: Copy>(chunk: u32, logs: &[&Entries<U>]) -> Far<U> {
    let blocks = || logs.iter().filter_map(|log| log.by_chunk.get(chunk as usize));
    let all = || blocks().flat_map(Blocks::each);
    let Some(any) = all().find_map(|block| block.first()) else {
        return Far { starts: Vec::new(), entries: Vec::new() };
    };
    let n_pages = pages_of(chunk).len();
    let page = |entry: &(u16, U)| usize::from(entry.0) / PAGE;
    let mut starts = vec![0; n_pages + 1];
    all().for_each(|block| block.iter().for_each(|entry| starts[page(entry) + 1] += 1));
    (0..n_pages).for_each(|page| starts[page + 1] += starts[page]);
    let (mut next, mut entries) = (starts.clone(), vec![*any; starts[n_pages]]);
    all().flatten().for_each(|entry| {
        let next = &mut next[page(entry)];
        entries[*next] = *entry;
        *next += 1;
    });
    Far { starts, entries }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_have_written_of_a_chunk_is_put_together() {
        let seats = |first: u32| (0..5_000).map(move |n| (n * 7_919 + first) % 200_000);
        let mut logs = [Log::default(), Log::default()];
        logs[0].move_to(1);
        logs[0].rows(seats(1), 1);
        logs[1].rows(seats(2).chain([70_000, 70_000]), 1);
        logs[0].rows(seats(3), 10);
        logs[1].move_to(0);
        logs[1].numbers([(3, 5), (150_000, 7), (3, -9)].into_iter());
        logs[0].hundredths([(150_000, -300), (80_000, i32::MIN)].into_iter());
        assert_eq!(logs[0].bytes(), 5_000 * 2 + 5_000 * 4 + 2 * 8);
        assert_eq!(logs[1].bytes(), 5_002 * 2 + 3 * 16);
        let tenfold: Vec<u32> = seats(3).collect();
        let all: Vec<u32> = seats(1).chain(seats(2)).chain([70_000, 70_000]).collect();
        let logs = logs.each_ref();
        for chunk in logs[1].chunks() {
            let of_chunk = |seat: &u32| seat / Ordinal::PER_CHUNK == chunk;
            let Slots::Counts(counts) = Log::slots(&logs, chunk, Fold::Count) else { panic!() };
            for seat in all.iter().chain(&tenfold).filter(|seat| of_chunk(seat)) {
                let n_of = |all: &[u32]| all.iter().filter(|other| *other == seat).count() as u64;
                let n_rows = n_of(&all) + 10 * n_of(&tenfold);
                assert_eq!(counts.get(*seat), Some(&n_rows), "{seat}");
            }
        }
        let Slots::Instants(instants) = Log::slots(&logs, 0, Fold::Earliest) else { panic!() };
        assert_eq!((instants.get(3), instants.get(4)), (Some(&Some(-9)), None));
        let Slots::Sums(sums) = Log::slots(&logs, 2, Fold::Sum) else { panic!() };
        let sum = sums.get(150_000).unwrap();
        assert_eq!((sum.billionths(), sums.get(3).is_none()), (7 - 3_000_000_000, true));
        let Slots::Sums(sums) = Log::slots(&logs, 1, Fold::Sum) else { panic!() };
        let least = i128::from(i32::MIN) * i128::from(HUNDREDTH);
        assert_eq!(sums.get(80_000).map(Sum::billionths), Some(least));
    }
}
