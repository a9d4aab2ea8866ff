//! Something for each seat, in pages that are made when somebody on them is touched.

use crate::index::Seats;
use crate::model::Ordinal;

/// Seats on one page; the pages of a chunk of seats are whole.
const PAGE: usize = 4_096;
const WORDS: usize = PAGE / 64;
const PAGES_PER_CHUNK: usize = Ordinal::PER_CHUNK as usize / PAGE;

/// Something for each seat; what was never touched is as it was by default.
#[derive(Clone, Debug)]
pub struct PerSeat<T> {
    pages: Vec<Option<Page<T>>>,
}

#[derive(Clone, Debug)]
struct Page<T> {
    /// A bit for each seat that was touched.
    touched: Box<[u64; WORDS]>,
    values: Vec<T>,
}

impl<T> Default for PerSeat<T> {
    fn default() -> PerSeat<T> {
        PerSeat { pages: Vec::new() }
    }
}

impl<T: Clone + Default> PerSeat<T> {
    /// What a seat has, to be changed: the seat is touched.
    #[inline]
    pub fn at(&mut self, seat: u32) -> &mut T {
        let (page, place) = split(seat);
        if !matches!(self.pages.get(page), Some(Some(_))) {
            self.make(page);
        }
        let page = self.pages[page].as_mut().expect("the page was just made");
        page.touched[place / 64] |= 1 << (place % 64);
        &mut page.values[place]
    }

    #[cold]
    fn make(&mut self, page: usize) {
        if self.pages.len() <= page {
            self.pages.resize(page + 1, None);
        }
        let touched = Box::new([0; WORDS]);
        self.pages[page] = Some(Page { touched, values: vec![T::default(); PAGE] });
    }

    /// What a seat has; none if nobody on its page was touched.
    #[inline]
    pub fn get(&self, seat: u32) -> Option<&T> {
        let (page, place) = split(seat);
        self.pages.get(page)?.as_ref()?.values.get(place)
    }

    /// Takes in what another has, seat by seat.
    pub fn absorb(&mut self, other: PerSeat<T>, mut join: impl FnMut(&mut T, T)) {
        if self.pages.len() < other.pages.len() {
            self.pages.resize(other.pages.len(), None);
        }
        for (own, other) in self.pages.iter_mut().zip(other.pages) {
            match (own, other) {
                (_, None) => {}
                (own @ None, other) => *own = other,
                (Some(own), Some(other)) => own.absorb(other, &mut join),
            }
        }
    }

    /// Everybody who was touched, to be changed.
    pub fn each_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.pages.iter_mut().flatten().flat_map(|page| {
            let (touched, values) = (&page.touched, page.values.iter_mut().enumerate());
            values.filter(|(place, _)| is_set(touched, *place)).map(|(_, value)| value)
        })
    }

    /// Everybody who was touched.
    pub fn each(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flatten().flat_map(|page| {
            let values = page.values.iter().enumerate();
            values.filter(|(place, _)| is_set(&page.touched, *place)).map(|(_, value)| value)
        })
    }

    /// Those of these people who were touched and pass; whoever is none of them
    /// may be asked as well.
    pub fn chosen(&self, people: &Seats, mut passes: impl FnMut(u32, &T) -> bool) -> Seats {
        let mut chosen = Seats::default();
        for chunk in people.chunks() {
            let first = chunk as usize * PAGES_PER_CHUNK;
            let pages = self.pages.iter().skip(first).take(PAGES_PER_CHUNK).enumerate();
            let mut words = [0; PAGES_PER_CHUNK * WORDS];
            for (n, page) in pages.filter_map(|(n, page)| Some((n, page.as_ref()?))) {
                let first = ((first + n) * PAGE) as u32;
                let words = &mut words[n * WORDS..][..WORDS];
                page.choose(words, |place, value| passes(first + place as u32, value));
            }
            chosen |= &Seats::of_chunk(chunk, &words);
        }
        people & &chosen
    }
}

impl<T: Clone + Default> Page<T> {
    fn absorb(&mut self, other: Page<T>, join: &mut impl FnMut(&mut T, T)) {
        for (place, (own, other_value)) in self.values.iter_mut().zip(other.values).enumerate() {
            if is_set(&other.touched, place) {
                join(own, other_value);
            }
        }
        self.touched.iter_mut().zip(*other.touched).for_each(|(own, other)| *own |= other);
    }

    /// Sets the bits of those who were touched and pass.
    fn choose(&self, words: &mut [u64], mut passes: impl FnMut(usize, &T) -> bool) {
        for (n, word) in self.touched.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                let place = n * 64 + bit;
                words[n] |= u64::from(passes(place, &self.values[place])) << bit;
            }
        }
    }
}

fn split(seat: u32) -> (usize, usize) {
    (seat as usize / PAGE, seat as usize % PAGE)
}

fn is_set(words: &[u64; WORDS], place: usize) -> bool {
    words[place / 64] >> (place % 64) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_touched_is_joined_and_chosen_seat_by_seat() {
        let (mut left, mut right) = (PerSeat::<u64>::default(), PerSeat::default());
        for seat in [1, 63, 64, 4_095, 4_096, 70_000] {
            *left.at(seat) += 1;
        }
        for seat in [64, 4_096, 65_535, 200_000] {
            *right.at(seat) += 2;
        }
        left.absorb(right, |own, other| *own += other);
        let all: Seats = (1..300_000).map(Ordinal).collect();
        let of = |passes: fn(&u64) -> bool| {
            let chosen = left.chosen(&all, |_, n| passes(n));
            chosen.iter().map(|seat| seat.0).collect::<Vec<_>>()
        };
        assert_eq!(of(|_| true), [1, 63, 64, 4_095, 4_096, 65_535, 70_000, 200_000]);
        assert_eq!(of(|n| *n == 3), [64, 4_096]);
        assert_eq!(of(|n| *n == 2), [65_535, 200_000]);
        assert_eq!((left.get(64), left.get(2), left.get(1 << 20)), (Some(&3), Some(&0), None));
        assert_eq!(left.each().count(), 8);
        let few: Seats = [2, 4_096].map(Ordinal).into_iter().collect();
        assert_eq!(left.chosen(&few, |_, _| true).iter().collect::<Vec<_>>(), [Ordinal(4_096)]);
    }
}
