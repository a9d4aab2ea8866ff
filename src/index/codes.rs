//! A small number for each seat, as planes of bits: a comparison of all seats
//! is a few operations on words of 64 of them.

use super::seats::CHUNK_WORDS;
use crate::model::Ordinal;
use std::sync::Arc;

/// Seats of one page.
const SEATS: usize = 4_096;
/// Words of one plane of a page.
const WORDS: usize = SEATS / 64;
/// Words of a plane that are compared together, so many as registers hold.
const LANES: usize = 8;

/// A number for each seat; 0 where nothing was said. A clone shares every page
/// until it is written.
#[derive(Clone, Debug, Default)]
pub struct Codes {
    pages: Vec<Arc<Page>>,
}

/// Bit by bit the numbers of some seats: the lowest plane first, and none that is all zero
/// from the start.
#[derive(Clone, Debug, Default)]
struct Page {
    planes: Vec<[u64; WORDS]>,
}

impl Codes {
    /// The number of a seat.
    pub fn get(&self, seat: u32) -> u64 {
        let (page, word, bit) = place_of(seat);
        let Some(page) = self.pages.get(page) else { return 0 };
        let planes = page.planes.iter().enumerate();
        planes.fold(0, |code, (n, plane)| code | (plane[word] >> bit & 1) << n)
    }

    /// Gives a seat another number.
    pub fn set(&mut self, seat: u32, code: u64) {
        let (page, word, bit) = place_of(seat);
        if self.pages.len() <= page {
            if code == 0 {
                return;
            }
            self.pages.resize_with(page + 1, Arc::default);
        }
        let planes = &mut Arc::make_mut(&mut self.pages[page]).planes;
        let n_planes = (u64::BITS - code.leading_zeros()) as usize;
        if planes.len() < n_planes {
            planes.resize(n_planes, [0; WORDS]);
        }
        for (n, plane) in planes.iter_mut().enumerate() {
            plane[word] = plane[word] & !(1 << bit) | (code >> n & 1) << bit;
        }
    }

    /// Adds to the bits of a chunk those of the seats whose numbers lie between two, both
    /// included; the first is above 0.
    pub fn between(&self, chunk: u32, (low, high): (u64, u64), bits: &mut [u64; CHUNK_WORDS]) {
        for (page, bits) in self.pages_of(chunk).zip(bits.as_chunks_mut::<WORDS>().0) {
            page.between(low, high, bits);
        }
    }

    /// Adds those of the seats whose number is not 0 and passes.
    pub fn passing(
        &self,
        chunk: u32,
        passes: &mut dyn FnMut(u64) -> bool,
        bits: &mut [u64; CHUNK_WORDS],
    ) {
        for (page, bits) in self.pages_of(chunk).zip(bits.as_chunks_mut::<WORDS>().0) {
            page.passing(passes, bits);
        }
    }

    /// No seat of a chunk of that number or beyond has another number than 0.
    pub fn n_chunks(&self) -> u32 {
        (self.pages.len() * SEATS).div_ceil(Ordinal::PER_CHUNK as usize) as u32
    }

    /// Roughly the bytes of memory held.
    pub fn memory(&self) -> usize {
        let page = |page: &Arc<Page>| 48 + page.planes.capacity() * size_of::<[u64; WORDS]>();
        self.pages.iter().map(page).sum()
    }

    fn pages_of(&self, chunk: u32) -> impl Iterator<Item = &Arc<Page>> {
        let per_chunk = Ordinal::PER_CHUNK as usize / SEATS;
        self.pages.iter().skip(chunk as usize * per_chunk).take(per_chunk)
    }
}

fn place_of(seat: u32) -> (usize, usize, u32) {
    let place = seat as usize % SEATS;
    (seat as usize / SEATS, place / 64, place as u32 % 64)
}

/// One bit of a number, as often as a word has bits.
fn bit_of(code: u64, place: usize) -> u64 {
    (code >> place & 1).wrapping_neg()
}

fn each_lane(words: &mut [u64; LANES], others: &[u64; LANES], of: impl Fn(u64, u64) -> u64) {
    for lane in 0..LANES {
        words[lane] = of(words[lane], others[lane]);
    }
}

impl Page {
    fn between(&self, low: u64, high: u64, bits: &mut [u64; WORDS]) {
        let most = 1_u64.checked_shl(self.planes.len() as u32).map_or(u64::MAX, |end| end - 1);
        let high = high.min(most);
        if low > high {
            return;
        }
        let found = if low == high { self.equal(low) } else { self.within(low, high) };
        for (word, found) in found.into_iter().enumerate() {
            bits[word] |= found;
        }
    }

    /// Who has this number.
    fn equal(&self, code: u64) -> [u64; WORDS] {
        let mut same = [u64::MAX; WORDS];
        for (place, plane) in self.planes.iter().enumerate() {
            let other = bit_of(!code, place);
            for word in 0..WORDS {
                same[word] &= plane[word] ^ other;
            }
        }
        same
    }

    /// Who has a number from `low` to `high`: who is below one and above the other is told
    /// bit by bit, of which the higher outdoes the lower.
    fn within(&self, low: u64, high: u64) -> [u64; WORDS] {
        let mut within = [0; WORDS];
        for (n, within) in within.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let (mut below, mut above) = ([0; LANES], [0; LANES]);
            for (place, plane) in self.planes.iter().enumerate() {
                let bits: &[u64; LANES] = &plane.as_chunks().0[n];
                match low >> place & 1 {
                    0 => each_lane(&mut below, bits, |below, bit| below & !bit),
                    _ => each_lane(&mut below, bits, |below, bit| below | !bit),
                }
                match high >> place & 1 {
                    0 => each_lane(&mut above, bits, |above, bit| above | bit),
                    _ => each_lane(&mut above, bits, |above, bit| above & bit),
                }
            }
            each_lane(&mut below, &above, |below, above| !(below | above));
            *within = below;
        }
        within
    }

    fn passing(&self, passes: &mut dyn FnMut(u64) -> bool, bits: &mut [u64; WORDS]) {
        for (word, bits) in bits.iter_mut().enumerate() {
            let mut left = self.planes.iter().fold(0, |any, plane| any | plane[word]);
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                let planes = self.planes.iter().enumerate();
                let code = planes.fold(0, |code, (n, plane)| code | (plane[word] >> bit & 1) << n);
                *bits |= u64::from(passes(code)) << bit;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that are like and unlike each other, by seat.
    fn some(seed: u64, most: u64) -> Vec<(u32, u64)> {
        let mut state = seed;
        let mut roll = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
            state >> 33
        };
        (0..500).map(|_| ((roll() % 140_000) as u32, roll() % (most + 1))).collect()
    }

    #[test]
    fn a_seat_has_what_was_set_last_and_is_found_between() {
        for (seed, most) in [(1, 1), (2, 5), (3, 70), (4, 1_000), (5, 1 << 20)] {
            let (mut codes, mut right) = (Codes::default(), std::collections::BTreeMap::new());
            for (seat, code) in some(seed, most) {
                codes.set(seat, code);
                right.insert(seat, code);
            }
            assert!(right.iter().all(|(seat, code)| codes.get(*seat) == *code), "seed {seed}");
            let (low, high) = (most / 3 + 1, most / 2 + 1);
            for (low, high) in [(low, high), (1, most), (low, low), (most, u64::MAX), (9, 2)] {
                let (mut found, mut passing) = (Vec::new(), Vec::new());
                for chunk in 0..4 {
                    for (seats, ask) in [(&mut found, true), (&mut passing, false)] {
                        let mut bits = [0; CHUNK_WORDS];
                        match ask {
                            true => codes.between(chunk, (low, high), &mut bits),
                            false => codes.passing(
                                chunk,
                                &mut |code| (low..=high).contains(&code),
                                &mut bits,
                            ),
                        }
                        let is_in = |n: &usize| bits[n / 64] >> (n % 64) & 1 == 1;
                        let first = chunk as usize * CHUNK_WORDS * 64;
                        seats.extend((0..CHUNK_WORDS * 64).filter(is_in).map(|n| n + first));
                    }
                }
                let right = right.iter().filter(|(_, code)| (low..=high).contains(*code));
                let right: Vec<usize> = right.map(|(seat, _)| *seat as usize).collect();
                assert_eq!((found, passing), (right.clone(), right), "seed {seed}: {low}-{high}");
            }
        }
    }

    #[test]
    fn a_clone_keeps_what_it_had() {
        let mut codes = Codes::default();
        codes.set(7, 3);
        let kept = codes.clone();
        codes.set(7, 9);
        codes.set(5_000, 1);
        assert_eq!([kept.get(7), kept.get(5_000), codes.get(7), codes.get(5_000)], [3, 0, 9, 1]);
    }
}
