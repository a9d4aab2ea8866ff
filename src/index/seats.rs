//! A set of seats: one roaring container per chunk, each shared until it is written.

use crate::model::Ordinal;
use roaring::RoaringBitmap;
use std::fmt;
use std::io;
use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, Sub, SubAssign};
use std::sync::Arc;

/// Words of a bit for each seat of a chunk.
pub const CHUNK_WORDS: usize = Ordinal::PER_CHUNK as usize / 64;
/// A container of at most so many seats is a list of them.
const ARRAY_MAX: u64 = 4_096;

/// A set of seats. Cloning costs a pointer per chunk; the first write to a
/// chunk that a clone shares copies that chunk only, at most 8 KiB.
///
/// ```
/// use throng::index::Seats;
/// use throng::model::Ordinal;
/// let before: Seats = [1, 2, 70_000].map(Ordinal).into_iter().collect();
/// let mut after = before.clone();
/// after.remove(Ordinal(2));
/// after.insert(Ordinal(9));
/// assert_eq!((&before ^ &after).iter().collect::<Vec<_>>(), [Ordinal(2), Ordinal(9)]);
/// assert_eq!(Seats::from_bytes(&after.to_bytes()).unwrap(), after);
/// ```
#[derive(Clone, Default)]
pub struct Seats {
    /// By chunk, ascending; no bitmap is empty, and each holds seats of its chunk only.
    pub(super) chunks: Vec<(u32, Arc<RoaringBitmap>)>,
}

/// Bytes that are no set of seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotSeats;

impl Seats {
    /// The seats of one chunk by a bit each, the first seat in the lowest bit of the first word.
    pub fn of_chunk(chunk: u32, words: &[u64]) -> Seats {
        let mut bytes = [0; Ordinal::PER_CHUNK as usize / 8];
        for (bytes, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(words) {
            *bytes = word.to_le_bytes();
        }
        let first = chunk.saturating_mul(Ordinal::PER_CHUNK);
        let bits = RoaringBitmap::from_lsb0_bytes(first, &bytes);
        Seats { chunks: some(chunk, bits).into_iter().collect() }
    }

    /// Sets that lie in one chunk each, ascending, as one.
    pub fn of_chunks(parts: impl IntoIterator<Item = Seats>) -> Seats {
        Seats { chunks: parts.into_iter().flat_map(|part| part.chunks).collect() }
    }

    /// Puts a seat in; whether it was not there.
    pub fn insert(&mut self, seat: Ordinal) -> bool {
        match self.place(seat.chunk()) {
            Ok(place) if self.chunks[place].1.contains(seat.0) => false,
            Ok(place) => Arc::make_mut(&mut self.chunks[place].1).insert(seat.0),
            Err(place) => {
                let bits = RoaringBitmap::from_iter([seat.0]);
                self.chunks.insert(place, (seat.chunk(), Arc::new(bits)));
                true
            }
        }
    }

    /// Takes a seat out; whether it was there.
    pub fn remove(&mut self, seat: Ordinal) -> bool {
        let Ok(place) = self.place(seat.chunk()) else { return false };
        if !self.chunks[place].1.contains(seat.0) {
            return false;
        }
        let bits = Arc::make_mut(&mut self.chunks[place].1);
        bits.remove(seat.0);
        if bits.is_empty() {
            self.chunks.remove(place);
        }
        true
    }

    /// Whether a seat is in.
    pub fn contains(&self, seat: Ordinal) -> bool {
        self.place(seat.chunk()).is_ok_and(|place| self.chunks[place].1.contains(seat.0))
    }

    /// How many seats are in.
    pub fn len(&self) -> u64 {
        self.chunks.iter().map(|(_, bits)| bits.len()).sum()
    }

    /// Whether no seat is in.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// The seats, ascending.
    pub fn iter(&self) -> impl Iterator<Item = Ordinal> + '_ {
        self.chunks.iter().flat_map(|(_, bits)| bits.iter().map(Ordinal))
    }

    /// The chunks in which there are seats, ascending.
    pub fn chunks(&self) -> impl Iterator<Item = u32> + '_ {
        self.chunks.iter().map(|(chunk, _)| *chunk)
    }

    /// The seats of one chunk.
    pub fn chunk(&self, chunk: u32) -> Seats {
        let held = self.place(chunk).ok().map(|place| self.chunks[place].clone());
        Seats { chunks: held.into_iter().collect() }
    }

    /// Sets the bits of the seats of one chunk: the first seat is the lowest bit of the
    /// first word.
    pub fn mark(&self, chunk: u32, words: &mut [u64; CHUNK_WORDS]) {
        let Ok(place) = self.place(chunk) else { return };
        let bits = &*self.chunks[place].1;
        if bits.len() > ARRAY_MAX {
            let mut all = Marking { words: [0; CHUNK_WORDS], n_words: 0 };
            if bits.serialize_into(&mut all).is_ok() && all.n_words == CHUNK_WORDS {
                return words.iter_mut().zip(all.words).for_each(|(word, all)| *word |= all);
            }
        }
        for seat in bits {
            let place = (seat % Ordinal::PER_CHUNK) as usize;
            words[place / 64] |= 1 << (place % 64);
        }
    }

    /// The seats of one chunk by number, ascending: the same as to go through them, and faster.
    pub fn listed(&self, chunk: u32) -> Vec<u32> {
        let mut words = [0; CHUNK_WORDS];
        self.mark(chunk, &mut words);
        listed(chunk, &words)
    }

    /// How many seats lie in both.
    pub fn overlap(&self, other: &Seats) -> u64 {
        let mine = self.chunks.iter();
        mine.map(|(chunk, bits)| match other.place(*chunk) {
            Ok(place) => bits.intersection_len(&other.chunks[place].1),
            Err(_) => 0,
        })
        .sum()
    }

    /// The set in the portable format of roaring bitmaps, run containers where they are shorter.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut whole = RoaringBitmap::new();
        self.chunks.iter().for_each(|(_, bits)| whole |= &**bits);
        whole.optimize();
        let mut bytes = Vec::with_capacity(whole.serialized_size());
        whole.serialize_into(&mut bytes).expect("writing to memory does not fail");
        bytes
    }

    /// The set that [`Seats::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Seats, NotSeats> {
        let mut rest = bytes;
        let bits = RoaringBitmap::deserialize_from(&mut rest).map_err(|_| NotSeats)?;
        if rest.is_empty() { Ok(Seats::from_bitmap(bits)) } else { Err(NotSeats) }
    }

    /// Roughly how many bytes of memory the set holds, shared ones included.
    pub fn memory(&self) -> usize {
        self.chunks.iter().map(|(_, bits)| 96 + bits.serialized_size()).sum()
    }

    fn from_bitmap(mut bits: RoaringBitmap) -> Seats {
        // Reads touch single seats; run containers pay off on disk only.
        bits.remove_run_compression();
        let mut chunks = Vec::new();
        while let Some(first) = bits.min() {
            let chunk = Ordinal(first).chunk();
            let last = chunk * Ordinal::PER_CHUNK + (Ordinal::PER_CHUNK - 1);
            let n_seats = bits.range_cardinality(first..=last);
            let part = RoaringBitmap::from_sorted_iter(bits.iter().take(n_seats as usize));
            chunks.push((chunk, Arc::new(part.expect("a bitmap ascends"))));
            bits.remove_range(first..=last);
        }
        Seats { chunks }
    }

    pub(super) fn place(&self, chunk: u32) -> Result<usize, usize> {
        self.chunks.binary_search_by_key(&chunk, |(at, _)| *at)
    }

    /// Walks both sets chunk by chunk; `join` gives what stays of a chunk.
    fn joined(&self, other: &Seats, join: impl Fn(Side<'_>) -> Option<Bits>) -> Seats {
        let (mut mine, mut theirs) =
            (self.chunks.iter().peekable(), other.chunks.iter().peekable());
        let mut chunks = Vec::with_capacity(self.chunks.len().max(other.chunks.len()));
        loop {
            let left = mine.peek().map_or(u32::MAX, |(chunk, _)| *chunk);
            let right = theirs.peek().map_or(u32::MAX, |(chunk, _)| *chunk);
            let chunk = left.min(right);
            let a = mine.next_if(|_| left == chunk).map(|(_, bits)| bits);
            let b = theirs.next_if(|_| right == chunk).map(|(_, bits)| bits);
            let kept = match (a, b) {
                (Some(a), Some(b)) => join(Side::Both(a, b)),
                (Some(a), None) => join(Side::Left(a)),
                (None, Some(b)) => join(Side::Right(b)),
                (None, None) => return Seats { chunks },
            };
            chunks.extend(kept.filter(|bits| !bits.is_empty()).map(|bits| (chunk, bits)));
        }
    }
}

type Bits = Arc<RoaringBitmap>;

/// The bits of one chunk in two sets.
enum Side<'a> {
    Left(&'a Bits),
    Right(&'a Bits),
    Both(&'a Bits, &'a Bits),
}

fn some(chunk: u32, bits: RoaringBitmap) -> Option<(u32, Bits)> {
    (!bits.is_empty()).then(|| (chunk, Arc::new(bits)))
}

/// The seats of a chunk of whom the bit is set, ascending.
pub fn listed(chunk: u32, words: &[u64; CHUNK_WORDS]) -> Vec<u32> {
    let n_seats: u32 = words.iter().map(|word| word.count_ones()).sum();
    let (mut seats, first) = (Vec::with_capacity(n_seats as usize), chunk * Ordinal::PER_CHUNK);
    for (n, word) in (0..).zip(words) {
        let mut left = *word;
        while left != 0 {
            seats.push(first + n * 64 + left.trailing_zeros());
            left &= left - 1;
        }
    }
    seats
}

/// Takes the words of a single bitmap in as they are written; nothing else that is written
/// of one is so long.
struct Marking {
    words: [u64; CHUNK_WORDS],
    n_words: usize,
}

impl io::Write for Marking {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let (Ok(bytes), Some(word)) = (bytes.try_into(), self.words.get_mut(self.n_words)) {
            *word = u64::from_le_bytes(bytes);
            self.n_words += 1;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl BitOr for &Seats {
    type Output = Seats;

    fn bitor(self, other: &Seats) -> Seats {
        self.joined(other, |side| match side {
            Side::Left(a) | Side::Right(a) => Some(a.clone()),
            Side::Both(a, b) if Arc::ptr_eq(a, b) => Some(a.clone()),
            Side::Both(a, b) => Some(Arc::new(&**a | &**b)),
        })
    }
}

impl PartialEq for Seats {
    /// Bitmaps of two shapes are compared word by word, which their own equality does not do.
    fn eq(&self, other: &Seats) -> bool {
        let same = |own: &RoaringBitmap, other: &RoaringBitmap| {
            own.len() == other.len() && own.intersection_len(other) == own.len()
        };
        self.chunks.len() == other.chunks.len()
            && self.chunks.iter().zip(&other.chunks).all(|((chunk, own), (of, other))| {
                chunk == of && (Arc::ptr_eq(own, other) || same(own, other))
            })
    }
}

impl BitAnd for &Seats {
    type Output = Seats;

    fn bitand(self, other: &Seats) -> Seats {
        self.joined(other, |side| match side {
            Side::Left(_) | Side::Right(_) => None,
            Side::Both(a, b) if Arc::ptr_eq(a, b) => Some(a.clone()),
            Side::Both(a, b) => Some(Arc::new(&**a & &**b)),
        })
    }
}

impl Sub for &Seats {
    type Output = Seats;

    fn sub(self, other: &Seats) -> Seats {
        self.joined(other, |side| match side {
            Side::Left(a) => Some(a.clone()),
            Side::Right(_) => None,
            Side::Both(a, b) if Arc::ptr_eq(a, b) => None,
            Side::Both(a, b) => Some(Arc::new(&**a - &**b)),
        })
    }
}

/// What changed between two sets: the seats in exactly one of them.
impl BitXor for &Seats {
    type Output = Seats;

    fn bitxor(self, other: &Seats) -> Seats {
        self.joined(other, |side| match side {
            Side::Left(a) | Side::Right(a) => Some(a.clone()),
            Side::Both(a, b) if Arc::ptr_eq(a, b) => None,
            Side::Both(a, b) => Some(Arc::new(&**a ^ &**b)),
        })
    }
}

impl BitOrAssign<&Seats> for Seats {
    fn bitor_assign(&mut self, other: &Seats) {
        for (chunk, bits) in &other.chunks {
            match self.place(*chunk) {
                Ok(place) if Arc::ptr_eq(&self.chunks[place].1, bits) => {}
                Ok(place) => *Arc::make_mut(&mut self.chunks[place].1) |= &**bits,
                Err(place) => self.chunks.insert(place, (*chunk, bits.clone())),
            }
        }
    }
}

impl BitAndAssign<&Seats> for Seats {
    fn bitand_assign(&mut self, other: &Seats) {
        *self = &*self & other;
    }
}

impl SubAssign<&Seats> for Seats {
    fn sub_assign(&mut self, other: &Seats) {
        for (chunk, bits) in &other.chunks {
            let Ok(place) = self.place(*chunk) else { continue };
            let mine = Arc::make_mut(&mut self.chunks[place].1);
            *mine -= &**bits;
            if mine.is_empty() {
                self.chunks.remove(place);
            }
        }
    }
}

impl Eq for Seats {}

impl FromIterator<Ordinal> for Seats {
    fn from_iter<I: IntoIterator<Item = Ordinal>>(seats: I) -> Seats {
        Seats::from_bitmap(seats.into_iter().map(|seat| seat.0).collect())
    }
}

impl Extend<Ordinal> for Seats {
    fn extend<I: IntoIterator<Item = Ordinal>>(&mut self, seats: I) {
        for seat in seats {
            self.insert(seat);
        }
    }
}

impl fmt::Debug for Seats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|seat| seat.0)).finish()
    }
}

impl fmt::Display for NotSeats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("these bytes are no set of seats")
    }
}

impl std::error::Error for NotSeats {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A small generator of numbers; the seed is in every message.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self) -> u32 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
            (self.0 >> 33) as u32
        }
    }

    fn set(dice: &mut Dice) -> BTreeSet<u32> {
        let n_seats = dice.roll() % 300;
        let crowded = dice.roll().is_multiple_of(2);
        let seat = |dice: &mut Dice| match crowded {
            true => dice.roll() % 500 + 65_300,
            false => (dice.roll() % 5) * 1_000_000_000 % u32::MAX + dice.roll() % 40,
        };
        (0..n_seats).map(|_| seat(dice)).collect()
    }

    fn seats(set: &BTreeSet<u32>) -> Seats {
        set.iter().copied().map(Ordinal).collect()
    }

    #[test]
    fn a_set_does_what_a_tree_of_numbers_does() {
        for seed in 0..300 {
            let mut dice = Dice(seed);
            let (mut a, b) = (set(&mut dice), set(&mut dice));
            let (mut x, y) = (seats(&a), seats(&b));
            assert_eq!(&x | &y, seats(&(&a | &b)), "seed {seed}");
            assert_eq!(&x & &y, seats(&(&a & &b)), "seed {seed}");
            assert_eq!(&x - &y, seats(&(&a - &b)), "seed {seed}");
            assert_eq!(&x ^ &y, seats(&(&a ^ &b)), "seed {seed}");
            let (mut both, mut mine) = (x.clone(), x.clone());
            both |= &y;
            mine -= &y;
            assert_eq!((both, mine), (&x | &y, &x - &y), "seed {seed}");
            assert_eq!(x.overlap(&y), (&a & &b).len() as u64, "seed {seed}");
            let kept = x.clone();
            for seat in b.iter().take(50) {
                assert_eq!(x.insert(Ordinal(*seat)), a.insert(*seat), "seed {seed}");
                let other = dice.roll() % 70_000;
                assert_eq!(x.remove(Ordinal(other)), a.remove(&other), "seed {seed}");
            }
            assert_eq!(x.len(), a.len() as u64, "seed {seed}");
            assert!(x.iter().map(|seat| seat.0).eq(a.iter().copied()), "seed {seed}");
            assert_eq!(&(&kept ^ &x) ^ &kept, x, "a delta carries one onto the other: {seed}");
            assert_eq!(Seats::from_bytes(&x.to_bytes()), Ok(x), "seed {seed}");
        }
    }

    #[test]
    fn a_chunk_of_words_is_the_seats_of_its_bits() {
        let mut words = vec![0u64; 1_024];
        (words[0], words[1_023]) = (0b101, 1 << 63);
        let seats = Seats::of_chunk(2, &words);
        assert!(seats.iter().eq([131_072, 131_074, 196_607].map(Ordinal)));
        assert_eq!(seats.chunk(2), seats);
        assert!(seats.chunk(1).is_empty() && Seats::of_chunk(1, &[0]).is_empty());
    }

    #[test]
    fn a_chunk_is_marked_bit_by_bit_however_it_is_kept() {
        // A list, the longest list, the least bitmap, one of runs, and everybody.
        for (n_seats, step) in [(3, 7_919), (4_096, 13), (4_097, 13), (30_000, 1), (65_536, 1)] {
            let all: Vec<u32> = (0..n_seats).map(|n| 65_536 + n * step % 65_536).collect();
            let mut seats: Seats = all.iter().copied().map(Ordinal).collect();
            for _ in 0..2 {
                let (mut words, mut right) = ([0; CHUNK_WORDS], [0; CHUNK_WORDS]);
                (words[5], right[5]) = (1 << 40, 1 << 40);
                seats.mark(1, &mut words);
                seats.mark(0, &mut words);
                for place in all.iter().map(|seat| *seat as usize - 65_536) {
                    right[place / 64] |= 1 << (place % 64);
                }
                assert_eq!(words, right, "{n_seats}");
                assert!(seats.listed(1).into_iter().map(Ordinal).eq(seats.iter()));
                Arc::make_mut(&mut seats.chunks[0].1).optimize();
            }
        }
    }

    #[test]
    fn a_write_copies_its_chunk_only() {
        let mut seats: Seats = (0..10).map(|n| Ordinal(n * 65_536)).collect();
        let kept = seats.clone();
        seats.insert(Ordinal(65_537));
        let shared = |place: usize| Arc::ptr_eq(&seats.chunks[place].1, &kept.chunks[place].1);
        assert!(shared(0) && !shared(1) && shared(9));
        assert_eq!(kept.len(), 10);
    }

    #[test]
    fn bytes_that_are_no_set_are_refused_without_panic() {
        let seats: Seats = (0..5_000).map(|n| Ordinal(n * 37)).collect();
        let bytes = seats.to_bytes();
        let mut dice = Dice(7);
        for _ in 0..2_000 {
            let mut damaged = bytes.clone();
            damaged.truncate(dice.roll() as usize % (bytes.len() + 1));
            for _ in 0..dice.roll() % 4 {
                let place = dice.roll() as usize % damaged.len().max(1);
                if let Some(byte) = damaged.get_mut(place) {
                    *byte = dice.roll() as u8;
                }
            }
            if let Ok(read) = Seats::from_bytes(&damaged) {
                assert!(read.iter().is_sorted());
            }
        }
    }
}
