//! A column of whole numbers, written in the shortest of five ways.
//!
//! How many there are is never written: the reader knows it from what it read before.

use super::bytes::{Bytes, Malformed, number_len, put_number, put_signed, zigzag};

/// A first byte below this is the one value that all numbers have.
const SMALL: u8 = 0xE0;
/// All numbers are the one that follows.
const SAME: u8 = 0xE0;
/// Each as its distance from the least, in as many bits as the greatest distance needs.
const PACKED: u8 = 0xE1;
/// The first, then packed steps from each to the next.
const STEPS: u8 = 0xE2;
/// Each by itself.
const PLAIN: u8 = 0xE3;
/// Each value once, with how often it is repeated.
const RUNS: u8 = 0xE4;

/// Writes a column; nothing for an empty one.
pub(in crate::store) fn put(out: &mut Vec<u8>, numbers: &[i64]) {
    let Some(&first) = numbers.first() else { return };
    if numbers.iter().all(|number| *number == first) {
        return put_same(out, first);
    }
    let way = shortest(numbers);
    out.push(way);
    match way {
        PACKED => put_packed(out, numbers.iter().copied()),
        STEPS => {
            put_signed(out, first);
            put_packed(out, steps(numbers));
        }
        RUNS => runs(numbers).for_each(|(number, repeated)| {
            put_signed(out, number);
            put_number(out, repeated);
        }),
        _ => numbers.iter().for_each(|number| put_signed(out, *number)),
    }
}

/// The way that takes the fewest bytes, the first of them where two take as
/// many. Two of the four are reckoned number by number, so only where they may win.
fn shortest(numbers: &[i64]) -> u8 {
    let first_len = number_len(zigzag(numbers[0]));
    let mut best = (packed_len(numbers.iter().copied()), PACKED);
    best = best.min((first_len + packed_len(steps(numbers)), STEPS));
    if numbers.len() < best.0 {
        best = best.min((numbers.iter().map(|number| number_len(zigzag(*number))).sum(), PLAIN));
    }
    let n_runs = 1 + numbers.windows(2).filter(|pair| pair[0] != pair[1]).count();
    if 2 * n_runs < best.0 {
        let run_len = |(number, repeated)| number_len(zigzag(number)) + number_len(repeated);
        best = best.min((runs(numbers).map(run_len).sum(), RUNS));
    }
    best.1
}

/// Reads a column of `n` numbers; the caller answers for `n`.
pub(in crate::store) fn read(bytes: &mut Bytes<'_>, n: usize) -> Result<Vec<i64>, Malformed> {
    if n == 0 {
        return Ok(Vec::new());
    }
    match bytes.byte()? {
        small if small < SMALL => Ok(vec![i64::from(small); n]),
        SAME => Ok(vec![bytes.signed()?; n]),
        PACKED => read_packed(bytes, n),
        STEPS => read_steps(bytes, n),
        PLAIN => read_plain(bytes, n),
        RUNS => read_runs(bytes, n),
        _ => Err(Malformed("a column is written in an unknown way")),
    }
}

fn put_same(out: &mut Vec<u8>, number: i64) {
    match u8::try_from(number) {
        Ok(small) if small < SMALL => out.push(small),
        _ => {
            out.push(SAME);
            put_signed(out, number);
        }
    }
}

/// From each number to the next; a step past the end of the range wraps, and back again.
fn steps(numbers: &[i64]) -> impl Iterator<Item = i64> + Clone {
    numbers.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]))
}

fn runs(numbers: &[i64]) -> impl Iterator<Item = (i64, u64)> {
    numbers.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u64))
}

/// The least number, and how many bits the distance of the greatest needs.
fn frame(numbers: impl Iterator<Item = i64>) -> (i64, u32, usize) {
    let start = (i64::MAX, i64::MIN, 0);
    let (least, greatest, n) = numbers.fold(start, |(least, greatest, n), number| {
        (least.min(number), greatest.max(number), n + 1)
    });
    (least, 64 - (greatest.wrapping_sub(least) as u64).leading_zeros(), n)
}

fn packed_len(numbers: impl Iterator<Item = i64>) -> usize {
    let (least, width, n) = frame(numbers);
    number_len(zigzag(least)) + 1 + (n * width as usize).div_ceil(8)
}

fn put_packed(out: &mut Vec<u8>, numbers: impl Iterator<Item = i64> + Clone) {
    let (least, width, _) = frame(numbers.clone());
    put_signed(out, least);
    out.push(width as u8);
    let distances = numbers.map(|number| number.wrapping_sub(least) as u64);
    if width <= 32 { put_bits(out, width, distances) } else { put_wide_bits(out, width, distances) }
}

/// Numbers of few bits one after the other, four bytes at a time.
fn put_bits(out: &mut Vec<u8>, width: u32, numbers: impl Iterator<Item = u64>) {
    let (mut waiting, mut n_bits) = (0u64, 0);
    for number in numbers {
        waiting |= number << n_bits;
        n_bits += width;
        if n_bits >= 32 {
            out.extend_from_slice(&(waiting as u32).to_le_bytes());
            waiting >>= 32;
            n_bits -= 32;
        }
    }
    out.extend_from_slice(&waiting.to_le_bytes()[..n_bits.div_ceil(8) as usize]);
}

fn put_wide_bits(out: &mut Vec<u8>, width: u32, numbers: impl Iterator<Item = u64>) {
    let (mut waiting, mut n_bits) = (0u128, 0);
    for number in numbers {
        waiting |= u128::from(number) << n_bits;
        n_bits += width;
        while n_bits >= 8 {
            out.push(waiting as u8);
            waiting >>= 8;
            n_bits -= 8;
        }
    }
    if n_bits > 0 {
        out.push(waiting as u8);
    }
}

fn read_packed(bytes: &mut Bytes<'_>, n: usize) -> Result<Vec<i64>, Malformed> {
    let least = bytes.signed()?;
    let width = u32::from(bytes.byte()?);
    if width > 64 {
        return Err(Malformed("a packed number has more than 64 bits"));
    }
    let n_bits = n.checked_mul(width as usize).ok_or(Malformed("a column is too long"))?;
    let packed = bytes.take(n_bits.div_ceil(8))?;
    let mask = if width == 64 { u64::MAX } else { (1u64 << width) - 1 };
    let mut rest = packed.iter();
    let (mut waiting, mut n_waiting) = (0u128, 0);
    let numbers = (0..n).map(|_| {
        while n_waiting < width {
            // There are enough bytes: their number was reckoned from `n`.
            waiting |= u128::from(rest.next().copied().unwrap_or(0)) << n_waiting;
            n_waiting += 8;
        }
        let distance = waiting as u64 & mask;
        waiting >>= width;
        n_waiting -= width;
        least.wrapping_add(distance as i64)
    });
    Ok(numbers.collect())
}

fn read_steps(bytes: &mut Bytes<'_>, n: usize) -> Result<Vec<i64>, Malformed> {
    let first = bytes.signed()?;
    let mut numbers = vec![first];
    numbers.extend(read_packed(bytes, n - 1)?);
    for place in 1..numbers.len() {
        numbers[place] = numbers[place].wrapping_add(numbers[place - 1]);
    }
    Ok(numbers)
}

fn read_plain(bytes: &mut Bytes<'_>, n: usize) -> Result<Vec<i64>, Malformed> {
    if n > bytes.len() {
        return Err(Malformed("a column is longer than its bytes"));
    }
    (0..n).map(|_| bytes.signed()).collect()
}

fn read_runs(bytes: &mut Bytes<'_>, n: usize) -> Result<Vec<i64>, Malformed> {
    let mut numbers = Vec::new();
    while numbers.len() < n {
        let number = bytes.signed()?;
        let repeated: usize = bytes.fit()?;
        if repeated == 0 || repeated > n - numbers.len() {
            return Err(Malformed("a run is longer than its column"));
        }
        numbers.resize(numbers.len() + repeated, number);
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(numbers: &[i64], bytes_max: usize) {
        let mut out = Vec::new();
        put(&mut out, numbers);
        assert!(out.len() <= bytes_max, "{} bytes for {numbers:?}", out.len());
        let mut bytes = Bytes::new(&out);
        assert_eq!(read(&mut bytes, numbers.len()).as_deref(), Ok(numbers));
        assert_eq!(bytes.done(), Ok(()));
    }

    #[test]
    fn each_shape_of_column_comes_back_and_is_short() {
        check(&[], 0);
        check(&[0], 1);
        check(&[223; 1000], 1);
        check(&[-1; 1000], 2);
        check(&[i64::MIN, i64::MAX], 21);
        check(&[i64::MAX, i64::MIN, 0, -1, 1], 60);
        check(&(0..1000).map(|n| n * 7 + 1_700_000_000_000).collect::<Vec<_>>(), 12);
        check(&(0..1000).map(|n| n * 31 % 8).collect::<Vec<_>>(), 378);
        check(&[vec![5; 500], vec![9; 500]].concat(), 8);
        let mut one_far_away = vec![3; 100];
        one_far_away[50] = i64::MAX;
        one_far_away.extend((0..50).map(|n| n % 60));
        check(&one_far_away, 170);
    }

    #[test]
    fn a_width_of_nothing_or_of_everything_packs() {
        for numbers in [[0, i64::MIN, i64::MAX, -5].as_slice(), &[1, 2, 3, 4]] {
            let mut out = Vec::new();
            put_packed(&mut out, numbers.iter().copied());
            assert_eq!(read_packed(&mut Bytes::new(&out), numbers.len()).as_deref(), Ok(numbers));
        }
    }
}
