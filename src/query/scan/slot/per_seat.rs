//! Something for each seat, in pages: open while rows come in, packed afterwards.

use super::page::{Open, PAGE, Packed, WORDS};
use super::places::Places;
use crate::index::{CHUNK_WORDS, Seats};
use crate::model::Ordinal;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::ops::Range;

const PAGES_PER_CHUNK: usize = Ordinal::PER_CHUNK as usize / PAGE;

/// Something for each seat; what was never touched is as it was by default.
///
/// Most rows of a chunk of origins belong to its own seats. While they come in,
/// that chunk is at home and its pages are open; the few others are far.
#[derive(Clone, Debug)]
pub struct PerSeat<T> {
    pages: Vec<Page<T>>,
    /// The chunk that is at home; all are if none is.
    home: Option<u32>,
    far: HashMap<u32, T, FixedState>,
    /// Pages that were open, of which nothing is touched.
    spare: Vec<Open<T>>,
}

/// Packed pages lie apart, so that a row of mostly empty ones is short.
#[derive(Clone, Debug, Default)]
enum Page<T> {
    #[default]
    None,
    Open(Open<T>),
    Packed(Box<Packed<T>>),
}

impl<T> Default for PerSeat<T> {
    fn default() -> PerSeat<T> {
        PerSeat { pages: Vec::new(), home: None, far: HashMap::default(), spare: Vec::new() }
    }
}

impl<T: Clone + Default> PerSeat<T> {
    /// Whole pages by number, ascending.
    pub fn of_pages(packed: impl IntoIterator<Item = (usize, Packed<T>)>) -> PerSeat<T> {
        let mut all = PerSeat::default();
        for (number, page) in packed {
            all.pages.resize(number, Page::None);
            all.pages.push(Page::Packed(Box::new(page)));
        }
        all
    }

    /// From here on a chunk is at home, and the one before is packed.
    pub fn move_to(&mut self, chunk: u32) {
        if self.home == Some(chunk) {
            return;
        }
        self.pack();
        self.home = Some(chunk);
    }

    /// Closes the pages that are open.
    fn pack(&mut self) {
        let pages = match self.home {
            Some(chunk) => {
                let Range { start, end } = pages_of(chunk);
                let n_pages = self.pages.len();
                &mut self.pages[start.min(n_pages)..end.min(n_pages)]
            }
            None => &mut self.pages[..],
        };
        for page in pages.iter_mut() {
            match std::mem::take(page) {
                Page::Open(mut open) => {
                    *page = Page::Packed(Box::new(open.pack()));
                    self.spare.push(open);
                }
                other => *page = other,
            }
        }
    }

    /// What a seat has, to be changed: the seat is touched.
    #[inline]
    pub fn at(&mut self, seat: u32) -> &mut T {
        let (page, place) = split(seat);
        if self.home.is_some_and(|home| home as usize != page / PAGES_PER_CHUNK) {
            return self.far.entry(seat).or_default();
        }
        if !matches!(self.pages.get(page), Some(Page::Open(_))) {
            self.open(page);
        }
        match &mut self.pages[page] {
            Page::Open(open) => open.at(place),
            _ => unreachable!("the page was just opened"),
        }
    }

    #[cold]
    fn open(&mut self, page: usize) {
        if self.pages.len() <= page {
            self.pages.resize(page + 1, Page::None);
        }
        let mut open = self.spare.pop().unwrap_or_default();
        if let Page::Packed(packed) = std::mem::take(&mut self.pages[page]) {
            packed.into_each().for_each(|(place, value)| *open.at(place) = value);
        }
        self.pages[page] = Page::Open(open);
    }

    /// What a seat has; none if it was not touched.
    #[inline]
    pub fn get(&self, seat: u32) -> Option<&T> {
        let (page, place) = split(seat);
        match self.pages.get(page)? {
            Page::None => None,
            Page::Open(open) => open.get(place),
            Page::Packed(packed) => packed.get(place),
        }
    }

    /// Takes in what another has, seat by seat; all is at home after that.
    pub fn absorb(&mut self, mut other: PerSeat<T>, mut join: impl FnMut(&mut T, T)) {
        for part in [&mut *self, &mut other] {
            part.pack();
            part.home = None;
        }
        if self.pages.len() < other.pages.len() {
            self.pages.resize(other.pages.len(), Page::None);
        }
        for (page, new) in other.pages.into_iter().enumerate() {
            match (&mut self.pages[page], new) {
                (_, Page::None) => {}
                (own @ Page::None, new) => *own = new,
                (_, Page::Packed(new)) => self.join(page, new.into_each(), &mut join),
                (_, Page::Open(_)) => unreachable!("it was packed"),
            }
        }
        let far = std::mem::take(&mut self.far).into_iter().chain(other.far);
        let mut far: Vec<(u32, T)> = far.collect();
        far.sort_by_key(|(seat, _)| *seat);
        self.join_all(far, join);
    }

    /// Takes in values, whose seats ascend; a seat may come again.
    pub fn join_all(
        &mut self,
        more: impl IntoIterator<Item = (u32, T)>,
        mut join: impl FnMut(&mut T, T),
    ) {
        let mut more = more.into_iter().map(|(seat, value)| (split(seat), value)).peekable();
        while let Some(((page, _), _)) = more.peek() {
            let page = *page;
            let of_page = std::iter::from_fn(|| more.next_if(|((at, _), _)| *at == page));
            self.join(page, of_page.map(|((_, place), value)| (place, value)), &mut join);
        }
    }

    /// Whoever is none of these people is as if never touched; all is at home.
    pub fn keep(&mut self, people: &Seats) {
        let n_chunks = self.pages.len().div_ceil(PAGES_PER_CHUNK) as u32;
        (0..n_chunks).for_each(|chunk| self.keep_of_chunk(chunk, &words_of(people, chunk)));
    }

    /// These people are as if never touched; all is at home.
    pub fn remove(&mut self, people: &Seats) {
        for chunk in people.chunks() {
            self.keep_of_chunk(chunk, &words_of(people, chunk).map(|word| !word));
        }
    }

    fn keep_of_chunk(&mut self, chunk: u32, words: &[u64; CHUNK_WORDS]) {
        let pages = pages_of(chunk).zip(words.as_chunks::<WORDS>().0);
        for (page, words) in pages {
            let Some(own) = self.pages.get_mut(page) else { return };
            *own = match std::mem::take(own) {
                Page::None => Page::None,
                Page::Packed(packed) => Page::Packed(Box::new(packed.only(words))),
                Page::Open(mut open) => Page::Packed(Box::new(open.pack().only(words))),
            };
        }
    }

    /// Bytes of memory held, without what values point at.
    pub fn memory(&self) -> usize {
        let of_page = |page: &Page<T>| match page {
            Page::None => 0,
            Page::Open(_) => PAGE * size_of::<T>(),
            Page::Packed(packed) => packed.memory(),
        };
        self.pages.iter().map(of_page).sum::<usize>() + self.pages.capacity() * size_of::<Page<T>>()
    }

    /// Takes values into a page that is packed.
    fn join(
        &mut self,
        page: usize,
        more: impl Iterator<Item = (usize, T)>,
        join: &mut impl FnMut(&mut T, T),
    ) {
        if self.pages.len() <= page {
            self.pages.resize(page + 1, Page::None);
        }
        let own = match std::mem::take(&mut self.pages[page]) {
            Page::Packed(packed) => *packed,
            Page::None => Packed::default(),
            Page::Open(mut open) => open.pack(),
        };
        self.pages[page] = Page::Packed(Box::new(own.join(more, join)));
    }

    /// Everybody who was touched, to be changed.
    pub fn each_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.pack();
        self.pages.iter_mut().flat_map(|page| match page {
            Page::Packed(packed) => packed.values_mut(),
            _ => &mut [],
        })
    }

    /// Shows everybody who was touched; all is at home and packed.
    pub fn each(&self, mut visit: impl FnMut(u32, &T)) {
        for (number, page) in self.pages.iter().enumerate() {
            let first = (number * PAGE) as u32;
            if let Page::Packed(packed) = page {
                packed.each().for_each(|(place, value)| visit(first + place as u32, value));
            }
        }
    }

    /// Those of these people who were touched and pass; whoever is none of them
    /// may be asked as well.
    pub fn chosen(&self, people: &Seats, mut passes: impl FnMut(u32, &T) -> bool) -> Seats {
        let mut chosen = Seats::default();
        for chunk in people.chunks() {
            let mut words = [0; CHUNK_WORDS];
            let parts = words.as_chunks_mut::<WORDS>().0;
            for ((number, page), words) in pages_of(chunk).zip(self.pages_of(chunk)).zip(parts) {
                let first = (number * PAGE) as u32;
                let passes = |place, value: &T| passes(first + place as u32, value);
                match page {
                    Page::None => {}
                    Page::Open(open) => open.choose(words, passes),
                    Page::Packed(packed) => packed.choose(words, passes),
                }
            }
            chosen |= &Seats::of_chunk(chunk, &words);
        }
        people & &chosen
    }

    /// Adds the bits of those of a chunk who were touched.
    pub fn touch(&self, chunk: u32, words: &mut [u64; CHUNK_WORDS]) {
        for (page, words) in self.pages_of(chunk).zip(words.as_chunks_mut::<WORDS>().0) {
            let touched = match page {
                Page::None => continue,
                Page::Open(open) => open.touched(),
                Page::Packed(packed) => packed.touched(),
            };
            words.iter_mut().zip(touched).for_each(|(word, touched)| *word |= touched);
        }
    }

    /// Shows what each of some people has who was touched, with their place.
    pub fn each_of(&self, people: &Places, mut visit: impl FnMut(usize, &T)) {
        for (nth, page) in self.pages_of(people.chunk()).enumerate() {
            let (words, before) = people.of_page(nth);
            match page {
                Page::None => {}
                Page::Open(open) => open.each_of(words, before, &mut visit),
                Page::Packed(packed) => packed.each_of(words, before, &mut visit),
            }
        }
    }

    fn pages_of(&self, chunk: u32) -> impl Iterator<Item = &Page<T>> {
        self.pages.iter().skip(pages_of(chunk).start).take(PAGES_PER_CHUNK)
    }
}

/// A bit for each of these people who lies in a chunk.
fn words_of(people: &Seats, chunk: u32) -> [u64; CHUNK_WORDS] {
    let mut words = [0; CHUNK_WORDS];
    people.mark(chunk, &mut words);
    words
}

/// The pages of a chunk, by number.
pub fn pages_of(chunk: u32) -> Range<usize> {
    let first = chunk as usize * PAGES_PER_CHUNK;
    first..first + PAGES_PER_CHUNK
}

fn split(seat: u32) -> (usize, usize) {
    (seat as usize / PAGE, seat as usize % PAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(own: &mut u64, other: u64) {
        *own += other;
    }

    fn seats_of(found: &Seats) -> Vec<u32> {
        found.iter().map(|seat| seat.0).collect()
    }

    #[test]
    fn what_is_touched_is_joined_and_chosen_seat_by_seat() {
        let (mut left, mut right) = (PerSeat::<u64>::default(), PerSeat::default());
        for seat in [1, 63, 64, 4_095, 4_096, 70_000] {
            *left.at(seat) += 1;
        }
        for seat in [64, 4_096, 65_535, 200_000] {
            *right.at(seat) += 2;
        }
        left.absorb(right, add);
        let all: Seats = (1..300_000).map(Ordinal).collect();
        let of = |passes: fn(&u64) -> bool| seats_of(&left.chosen(&all, |_, n| passes(n)));
        assert_eq!(of(|_| true), [1, 63, 64, 4_095, 4_096, 65_535, 70_000, 200_000]);
        assert_eq!(of(|n| *n == 3), [64, 4_096]);
        assert_eq!(of(|n| *n == 2), [65_535, 200_000]);
        assert_eq!((left.get(64), left.get(2), left.get(1 << 20)), (Some(&3), None, None));
        assert_eq!(left.each_mut().count(), 8);
        let few: Seats = [2, 4_096].map(Ordinal).into_iter().collect();
        assert_eq!(seats_of(&left.chosen(&few, |_, _| true)), [4_096]);
    }

    #[test]
    fn chunks_at_home_one_after_the_other_come_to_the_same_as_all_at_home() {
        let seat = |n: u32| n.wrapping_mul(2_654_435_761) % 400_000;
        let mut whole = PerSeat::<u64>::default();
        let mut parts = [PerSeat::<u64>::default(), PerSeat::default()];
        for n in 0..30_000 {
            // Most rows are at home, a tenth is not, and the parts take turns.
            let chunk = n / 3_000 % 7;
            let near = chunk * Ordinal::PER_CHUNK + seat(n) % Ordinal::PER_CHUNK;
            let seat = if n % 10 == 0 { seat(n) } else { near };
            *whole.at(seat) += u64::from(n);
            let part = &mut parts[chunk as usize % 2];
            part.move_to(chunk);
            *part.at(seat) += u64::from(n);
        }
        let [mut joined, other] = parts;
        joined.absorb(other, add);
        for seat in 0..500_000 {
            assert_eq!(joined.get(seat), whole.get(seat), "{seat}");
        }
    }
}
