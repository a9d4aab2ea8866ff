//! An instant of each seat, told to about an hour in a column: most are told apart by that,
//! many at once, and whoever lies on an edge is asked for the millisecond.

use crate::model::Ordinal;
use std::sync::Arc;

/// A unit of the column is two to this power, in milliseconds.
const UNIT_BITS: u32 = 22;
/// Units before the instant around which a column is made up to the one in its middle:
/// it reaches from some seven years before that instant to one after it.
const BEFORE: i64 = 25_000;
/// The unit of nobody's instant: less than any other.
const NONE: i16 = i16::MIN;
const SEATS: usize = Ordinal::PER_CHUNK as usize;

/// By chunk, the unit in which the instant of each seat lies. What lies beyond the column is
/// on its edge.
#[derive(Clone, Debug)]
pub struct Moments {
    /// The instant in the middle of the column, in milliseconds.
    middle: i64,
    chunks: Vec<Option<Arc<[i16]>>>,
}

impl Moments {
    /// Nobody has an instant; most are going to lie before this one, or soon after.
    pub fn before(around: i64) -> Moments {
        Moments { middle: around.saturating_sub(BEFORE << UNIT_BITS), chunks: Vec::new() }
    }

    /// The instant of a seat, in milliseconds since 1970.
    pub fn set(&mut self, seat: Ordinal, at: Option<i64>) {
        let (chunk, place) = (seat.chunk() as usize, (seat.0 % Ordinal::PER_CHUNK) as usize);
        if self.chunks.len() <= chunk {
            self.chunks.resize(chunk + 1, None);
        }
        let unit = at.map_or(NONE, |at| self.unit(at));
        let column = self.chunks[chunk].get_or_insert_with(|| vec![NONE; SEATS].into());
        Arc::make_mut(column)[place] = unit;
    }

    /// Keeps the bits of those of a chunk whose instant lies from one up to before another
    /// one, or of all others; whoever cannot be told is asked.
    pub fn narrow(
        &self,
        chunk: u32,
        (from, to): (i64, i64),
        wanted: bool,
        passing: &mut [u64; SEATS / 64],
        is_between: impl Fn(u32) -> bool,
    ) {
        let others = if wanted { 0 } else { u64::MAX };
        let Some(column) = self.chunks.get(chunk as usize).and_then(Option::as_ref) else {
            return passing.iter_mut().for_each(|word| *word &= others);
        };
        let (first, units) = (chunk * Ordinal::PER_CHUNK, (self.unit(from), self.unit(to)));
        let words = passing.iter_mut().zip(column.as_chunks::<64>().0);
        for (n, (word, column)) in words.enumerate() {
            let says = |place: u32| is_between(first + n as u32 * 64 + place);
            *word &= inside(column, units, says) ^ others;
        }
    }

    fn unit(&self, ms: i64) -> i16 {
        let units = ms.saturating_sub(self.middle) >> UNIT_BITS;
        units.clamp(i64::from(NONE) + 1, i16::MAX.into()) as i16
    }

    /// Bytes of memory held.
    pub fn memory(&self) -> usize {
        self.chunks.iter().flatten().map(|column| size_of_val(&**column)).sum()
    }
}

/// The bits of those who lie between two units, and of those on one of them who say so.
#[inline]
fn inside(units: &[i16; 64], edges: (i16, i16), says: impl Fn(u32) -> bool) -> u64 {
    let (mut word, mut edge) = told(units, edges);
    while edge != 0 {
        let place = edge.trailing_zeros();
        word |= u64::from(says(place)) << place;
        edge &= edge - 1;
    }
    word
}

/// The bits of those who lie between two units, and of those on one of them.
fn told(units: &[i16; 64], (from, to): (i16, i16)) -> (u64, u64) {
    let (mut between, mut on_edge, mut any_on_edge) = ([0; 64], [0; 64], false);
    for n in 0..64 {
        between[n] = u8::from((from < units[n]) & (units[n] < to));
    }
    for unit in units {
        any_on_edge |= (*unit == from) | (*unit == to);
    }
    if any_on_edge {
        (0..64).for_each(|n| on_edge[n] = u8::from((units[n] == from) | (units[n] == to)));
    }
    (bits(&between), if any_on_edge { bits(&on_edge) } else { 0 })
}

/// A bit for each byte that is 1, eight of them at once by a product that moves the least
/// bit of byte n to bit 56 + n.
fn bits(bytes: &[u8; 64]) -> u64 {
    let mut word = 0;
    for (n, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
        let eight = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        word |= eight << (8 * n);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    const DAY: i64 = 86_400_000;

    #[test]
    fn whoever_lies_on_an_edge_is_asked_and_nobody_else() {
        let mut moments = Moments::before(100_000);
        let at = |seat: u32| match seat % 5 {
            0 => None,
            1 => Some(i64::from(seat) * 100_000),
            2 => Some(-i64::from(seat) * DAY),
            3 => Some(i64::MAX),
            _ => Some(i64::MIN + i64::from(seat)),
        };
        let seats: Vec<u32> = (1..400).chain(65_500..65_600).chain([400_000]).collect();
        seats.iter().for_each(|seat| moments.set(Ordinal(*seat), at(*seat)));
        let edges = [i64::MIN, -72 * DAY, -1, 0, 9_600_000, 9_600_001, 390 * DAY, i64::MAX];
        for (from, to) in edges.into_iter().flat_map(|from| edges.map(|to| (from, to))) {
            let is_between = |seat: u32| at(seat).is_some_and(|at| from <= at && at < to);
            let n_asked = Cell::new(0);
            for (chunk, wanted) in (0..8).flat_map(|chunk| [true, false].map(|way| (chunk, way))) {
                let mut words = [u64::MAX; SEATS / 64];
                words[3] = 0;
                moments.narrow(chunk, (from, to), wanted, &mut words, |seat| {
                    n_asked.set(n_asked.get() + 1);
                    is_between(seat)
                });
                for place in 0..Ordinal::PER_CHUNK {
                    let seat = chunk * Ordinal::PER_CHUNK + place;
                    let is_known = seats.binary_search(&seat).is_ok() && is_between(seat);
                    let is_right = place / 64 != 3 && is_known == wanted;
                    let is_in = words[place as usize / 64] >> (place % 64) & 1 == 1;
                    assert_eq!(is_in, is_right, "{seat} {from} {to}");
                }
            }
            let is_far = |edge: i64| edge.unsigned_abs() > 300 * DAY as u64;
            assert!(n_asked.get() < 150 || is_far(from) || is_far(to), "{n_asked:?}");
        }
        assert_eq!(moments.memory(), 3 * SEATS * 2);
    }
}
