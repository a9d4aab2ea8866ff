//! A bit for each row.

/// A bit for each of so many rows; a place behind the last is not set.
///
/// ```
/// use throng::timeline::Bits;
/// let mut bits = Bits::none(70);
/// bits.set(69);
/// assert_eq!((bits.get(69), bits.get(70), bits.count()), (true, false, 1));
/// assert_eq!(bits.words().len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// So many rows, none set.
    pub fn none(len: usize) -> Bits {
        Bits { words: vec![0; len.div_ceil(64)], len }
    }

    /// So many rows, all set.
    pub fn all(len: usize) -> Bits {
        let mut words = vec![u64::MAX; len.div_ceil(64)];
        if let Some(last) = words.last_mut().filter(|_| !len.is_multiple_of(64)) {
            *last >>= 64 - len % 64;
        }
        Bits { words, len }
    }

    /// So many rows, these set; none if one lies outside.
    pub fn of(len: usize, places: impl IntoIterator<Item = u32>) -> Option<Bits> {
        let mut bits = Bits::none(len);
        for place in places {
            *bits.words.get_mut(place as usize / 64)? |= 1 << (place % 64);
        }
        (bits == bits.clone().cut()).then_some(bits)
    }

    pub(crate) fn from_bytes(len: usize, bytes: &[u8]) -> Bits {
        let mut bits = Bits::none(len);
        for (place, byte) in bytes.iter().enumerate().take(len.div_ceil(8)) {
            bits.words[place / 8] |= u64::from(*byte) << (place % 8 * 8);
        }
        bits.cut()
    }

    pub(crate) fn bytes(&self) -> impl Iterator<Item = u8> + '_ {
        self.words.iter().flat_map(|word| word.to_le_bytes()).take(self.len.div_ceil(8))
    }

    /// Clears what lies behind the last row.
    fn cut(mut self) -> Bits {
        if let Some(last) = self.words.last_mut().filter(|_| !self.len.is_multiple_of(64)) {
            *last &= u64::MAX >> (64 - self.len % 64);
        }
        self
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether a row is set.
    #[inline]
    pub fn get(&self, place: usize) -> bool {
        self.words.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// Sets a row; one behind the last is left alone.
    pub fn set(&mut self, place: usize) {
        if place < self.len {
            self.words[place / 64] |= 1 << (place % 64);
        }
    }

    /// How many rows are set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The bits in words, the first row in the lowest bit of the first word.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The places that are set, ascending.
    pub fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let place = (left != 0).then(|| at * 64 + left.trailing_zeros() as usize);
                left &= left.wrapping_sub(1);
                place
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_bytes_come_back() {
        for len in [0, 1, 63, 64, 65, 200] {
            let places: Vec<u32> = (0..len as u32).filter(|n| n % 3 == 0 || n % 7 == 2).collect();
            let bits = Bits::of(len, places.iter().copied()).unwrap();
            assert!(bits.places().eq(places.iter().map(|place| *place as usize)));
            let bytes: Vec<u8> = bits.bytes().collect();
            assert_eq!(Bits::from_bytes(len, &bytes), bits);
            assert_eq!(Bits::all(len).count(), len);
            assert_eq!(Bits::of(len, [len as u32]), None);
        }
    }
}
