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
    values: Box<[T; PAGE]>,
}

impl<T: Clone + Default> Default for Open<T> {
    fn default() -> Open<T> {
        let values = vec![T::default(); PAGE].into_boxed_slice().try_into();
        let values = values.unwrap_or_else(|_| unreachable!("there are so many"));
        Open { touched: Box::new([0; WORDS]), values }
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

    /// A bit for each place that was touched.
    pub fn touched(&self) -> &[u64; WORDS] {
        &self.touched
    }

    /// Every value of these people, with how many of them there are before.
    pub fn each_of(
        &self,
        people: &[u64; WORDS],
        before: &[u32; WORDS],
        mut visit: impl FnMut(usize, &T),
    ) {
        for n in 0..WORDS {
            for (place, bit) in (before[n] as usize..).zip(bits(people[n])) {
                self.get(n * 64 + bit).into_iter().for_each(|value| visit(place, value));
            }
        }
    }

    /// Takes out what was touched; the page is as at first after that.
    pub fn pack(&mut self) -> Packed<T> {
        let n_touched = self.touched.iter().map(|word| word.count_ones() as usize).sum();
        let (mut values, mut before) = (Vec::with_capacity(n_touched), [0; WORDS]);
        let touched = std::mem::replace(&mut self.touched, Box::new([0; WORDS]));
        for (n, word) in touched.iter().enumerate() {
            before[n] = values.len() as u16;
            let of_word = &mut self.values.as_chunks_mut::<64>().0[n];
            let mut left = *word;
            while left != 0 {
                values.push(std::mem::take(&mut of_word[left.trailing_zeros() as usize % 64]));
                left &= left - 1;
            }
        }
        Packed { touched, before, values }
    }

    /// The bits of those who were touched and pass.
    pub fn choose(&self, words: &mut [u64; WORDS], mut passes: impl FnMut(usize, &T) -> bool) {
        for (n, word) in self.touched.iter().enumerate() {
            words[n] = passing(*word, |bit| passes(n * 64 + bit, &self.values[n * 64 + bit]));
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

impl<T> Default for Packed<T> {
    fn default() -> Packed<T> {
        Packed { touched: Box::new([0; WORDS]), before: [0; WORDS], values: Vec::new() }
    }
}

impl<T> Packed<T> {
    #[inline]
    pub fn get(&self, place: usize) -> Option<&T> {
        self.rank(place).and_then(|rank| self.values.get(rank))
    }

    /// Which of the values is that of a place, if it was touched.
    #[inline]
    fn rank(&self, place: usize) -> Option<usize> {
        let (word, bit) = (self.touched[place / 64], place % 64);
        let n_before = || (word & ((1 << bit) - 1)).count_ones() as usize;
        (word >> bit & 1 == 1).then(|| usize::from(self.before[place / 64]) + n_before())
    }

    /// A bit for each place that was touched.
    pub fn touched(&self) -> &[u64; WORDS] {
        &self.touched
    }

    /// Every value of these people, with how many of them there are before.
    pub fn each_of(
        &self,
        people: &[u64; WORDS],
        before: &[u32; WORDS],
        mut visit: impl FnMut(usize, &T),
    ) {
        for n in 0..WORDS {
            let (wanted, touched) = (people[n], self.touched[n]);
            let (mut place, mut rank) = (before[n] as usize, usize::from(self.before[n]));
            // Whoever is one of both moves a place on: to count bits costs more than that.
            let (both, mut left) = (wanted & touched, wanted | touched);
            while both & left != 0 {
                let bit = left & left.wrapping_neg();
                if both & bit != 0 {
                    visit(place, &self.values[rank]);
                }
                place += usize::from(wanted & bit != 0);
                rank += usize::from(touched & bit != 0);
                left ^= bit;
            }
        }
    }

    pub fn values_mut(&mut self) -> &mut [T] {
        &mut self.values
    }

    /// Every value with its place, ascending.
    pub fn each(&self) -> impl Iterator<Item = (usize, &T)> {
        let words = self.touched.iter().enumerate();
        let places = words.flat_map(|(n, word)| bits(*word).map(move |bit| n * 64 + bit));
        places.zip(&self.values)
    }

    /// The same, taken out.
    pub fn into_each(self) -> impl Iterator<Item = (usize, T)> {
        let words = (*self.touched).into_iter().enumerate();
        let places = words.flat_map(|(n, word)| bits(word).map(move |bit| n * 64 + bit));
        places.zip(self.values)
    }

    /// Those whose places are among these.
    pub fn only(self, places: &[u64; WORDS]) -> Packed<T> {
        let each = self.into_each().filter(|(place, _)| is_set(places, *place));
        Packed::of(each.collect())
    }

    /// Bytes of memory held, without what values point at.
    pub fn memory(&self) -> usize {
        size_of::<Self>() + size_of::<[u64; WORDS]>() + self.values.capacity() * size_of::<T>()
    }

    /// Takes in values with their places, which ascend; a place may come again.
    pub fn join(
        mut self,
        more: impl Iterator<Item = (usize, T)>,
        join: &mut impl FnMut(&mut T, T),
    ) -> Packed<T> {
        let mut new = Vec::new();
        for (place, value) in more {
            match self.rank(place) {
                Some(rank) => join(&mut self.values[rank], value),
                None => new.push((place, value)),
            }
        }
        if new.is_empty() { self } else { self.with_new(new, join) }
    }

    /// The same, of places that were not touched.
    fn with_new(self, new: Vec<(usize, T)>, join: &mut impl FnMut(&mut T, T)) -> Packed<T> {
        let mut joined = Packed::default();
        joined.values.reserve(self.values.len() + new.len());
        let mut own = self.into_each().peekable();
        for (place, value) in new {
            while let Some((place, value)) = own.next_if(|(own, _)| *own < place) {
                joined.push(place, value);
            }
            match joined.values.last_mut().filter(|_| is_set(&joined.touched, place)) {
                Some(known) => join(known, value),
                None => joined.push(place, value),
            }
        }
        own.for_each(|(place, value)| joined.push(place, value));
        joined.counted()
    }

    /// Values with their places, which ascend.
    pub fn of(each: Vec<(usize, T)>) -> Packed<T> {
        let mut packed = Packed::default();
        packed.values.reserve(each.len());
        each.into_iter().for_each(|(place, value)| packed.push(place, value));
        packed.counted()
    }

    fn counted(mut self) -> Packed<T> {
        let mut before = 0;
        for (n, word) in self.touched.iter().enumerate() {
            self.before[n] = before;
            before += word.count_ones() as u16;
        }
        self
    }

    /// The places ascend.
    fn push(&mut self, place: usize, value: T) {
        self.touched[place / 64] |= 1 << (place % 64);
        self.values.push(value);
    }

    /// The bits of those who pass.
    pub fn choose(&self, words: &mut [u64; WORDS], mut passes: impl FnMut(usize, &T) -> bool) {
        let mut left = &self.values[..];
        for (n, word) in self.touched.iter().enumerate() {
            let (of_word, behind) = left.split_at(word.count_ones() as usize);
            let mut of_word = of_word.iter();
            let mut value = || of_word.next().expect("each that was touched has a value");
            words[n] = passing(*word, |bit| passes(n * 64 + bit, value()));
            left = behind;
        }
    }
}

fn is_set(words: &[u64; WORDS], place: usize) -> bool {
    words[place / 64] >> (place % 64) & 1 == 1
}

/// Those of the bits that are set which pass.
#[inline]
fn passing(word: u64, mut passes: impl FnMut(usize) -> bool) -> u64 {
    bits(word).fold(0, |passing, bit| passing | u64::from(passes(bit)) << bit)
}

/// The places of the bits that are set, ascending.
#[inline]
fn bits(word: u64) -> impl ExactSizeIterator<Item = usize> {
    let mut left = word;
    (0..word.count_ones() as usize).map(move |_| {
        let bit = left.trailing_zeros();
        left &= left.wrapping_sub(1);
        bit as usize % 64
    })
}
