//! A page of neighbouring seats: every place there while it is open, those that
//! were touched alone when it is packed.

/// Seats on one page; the pages of a chunk of seats are whole.
pub const PAGE: usize = 4_096;
pub const WORDS: usize = PAGE / 64;

/// A bit for each seat that was touched.
type Touched = Box<[u64; WORDS]>;

/// A page with a place for everybody.
#[derive(Clone, Debug)]
pub struct Open<T> {
    touched: Touched,
    values: Vec<T>,
}

impl<T: Clone + Default> Default for Open<T> {
    fn default() -> Open<T> {
        Open { touched: Box::new([0; WORDS]), values: vec![T::default(); PAGE] }
    }
}

impl<T: Default> Open<T> {
    /// What a place has; it is touched.
    #[inline]
    pub fn at(&mut self, place: usize) -> &mut T {
        self.touched[place / 64] |= 1 << (place % 64);
        &mut self.values[place]
    }

    #[inline]
    pub fn get(&self, place: usize) -> Option<&T> {
        is_set(&self.touched, place).then(|| &self.values[place])
    }

    /// Takes out what was touched; the page is as at first after that.
    pub fn pack(&mut self) -> Packed<T> {
        let n_touched = self.touched.iter().map(|word| word.count_ones() as usize).sum();
        let (mut values, mut before) = (Vec::with_capacity(n_touched), [0; WORDS]);
        let touched = std::mem::replace(&mut self.touched, Box::new([0; WORDS]));
        for (n, word) in touched.iter().enumerate() {
            before[n] = values.len() as u16;
            values.extend(bits(*word).map(|bit| std::mem::take(&mut self.values[n * 64 + bit])));
        }
        Packed { touched, before, values }
    }

    /// Sets the bits of those who were touched and pass.
    pub fn choose(&self, words: &mut [u64], mut passes: impl FnMut(usize, &T) -> bool) {
        for (n, word) in self.touched.iter().enumerate() {
            for bit in bits(*word) {
                let place = n * 64 + bit;
                words[n] |= u64::from(passes(place, &self.values[place])) << bit;
            }
        }
    }
}

/// What was touched of a page, in the order of the places.
#[derive(Clone, Debug)]
pub struct Packed<T> {
    touched: Touched,
    /// By word, how many are touched before it.
    before: [u16; WORDS],
    values: Vec<T>,
}

impl<T> Packed<T> {
    #[inline]
    pub fn get(&self, place: usize) -> Option<&T> {
        let (word, bit) = (self.touched[place / 64], place % 64);
        if word >> bit & 1 == 0 {
            return None;
        }
        let rank = (word & ((1 << bit) - 1)).count_ones() as usize;
        self.values.get(usize::from(self.before[place / 64]) + rank)
    }

    pub fn values_mut(&mut self) -> &mut [T] {
        &mut self.values
    }

    /// Hands over every value with its place.
    pub fn each(self, mut visit: impl FnMut(usize, T)) {
        let mut values = self.values.into_iter();
        for (n, word) in self.touched.iter().enumerate() {
            bits(*word).zip(&mut values).for_each(|(bit, value)| visit(n * 64 + bit, value));
        }
    }

    /// Sets the bits of those who pass.
    pub fn choose(&self, words: &mut [u64], mut passes: impl FnMut(usize, &T) -> bool) {
        let mut values = self.values.iter();
        for (n, word) in self.touched.iter().enumerate() {
            for (bit, value) in bits(*word).zip(&mut values) {
                words[n] |= u64::from(passes(n * 64 + bit, value)) << bit;
            }
        }
    }
}

fn is_set(words: &[u64; WORDS], place: usize) -> bool {
    words[place / 64] >> (place % 64) & 1 == 1
}

/// The places of the bits that are set, ascending.
fn bits(word: u64) -> impl Iterator<Item = usize> {
    let mut left = word;
    std::iter::from_fn(move || {
        let bit = left.trailing_zeros();
        left &= left.wrapping_sub(1);
        (bit < 64).then_some(bit as usize)
    })
}
