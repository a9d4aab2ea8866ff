//! Integers packed by frame of reference: the least, the step that divides all
//! distances from it, and each distance in as many bits as the greatest needs.

use super::Reader;
use super::reader::{put_signed, put_varint};

/// Packs the numbers behind what is there.
pub fn pack(out: &mut Vec<u8>, numbers: impl Iterator<Item = i64> + Clone) {
    let (least, greatest) = numbers
        .clone()
        .fold((i64::MAX, i64::MIN), |(least, greatest), n| (least.min(n), greatest.max(n)));
    if least > greatest {
        return;
    }
    let distances = numbers.map(|number| number.wrapping_sub(least) as u64);
    let step = common_step(distances.clone()).max(1);
    let width = 64 - (greatest.wrapping_sub(least) as u64 / step).leading_zeros();
    put_signed(out, least);
    out.push(width as u8);
    if width > 0 {
        put_varint(out, step);
        // A division costs more than all else here, and mostly there is nothing to divide by.
        match step {
            1 => pack_bits(out, distances, width),
            _ => pack_bits(out, distances.map(|distance| distance / step), width),
        }
    }
}

/// Packs numbers that hardly move from one to the next, by their differences.
pub fn pack_ascending(out: &mut Vec<u8>, numbers: impl Iterator<Item = i64> + Clone) {
    let before = std::iter::once(0).chain(numbers.clone());
    let mut steps = numbers.zip(before).map(|(number, before)| number.wrapping_sub(before));
    if let Some(first) = steps.next() {
        put_signed(out, first);
        // The steps are walked thrice, so they are kept once.
        let steps: Vec<i64> = steps.collect();
        pack(out, steps.iter().copied());
    }
}

/// The numbers that [`pack`] wrote; `n_numbers` is for the caller to keep within bounds.
pub fn packed(reader: &mut Reader<'_>, n_numbers: usize) -> Option<Vec<i64>> {
    if n_numbers == 0 {
        return Some(Vec::new());
    }
    let least = reader.signed()?;
    let width = u32::from(reader.byte()?);
    if width == 0 {
        return Some(vec![least; n_numbers]);
    }
    let step = reader.varint()?;
    let n_bytes = n_numbers.checked_mul(width as usize)?.div_ceil(8);
    let bits = reader.take(n_bytes).filter(|_| width <= 64)?;
    Some(unpacked(bits, n_numbers, width, |distance| {
        least.wrapping_add(distance.wrapping_mul(step) as i64)
    }))
}

/// The numbers that [`pack_ascending`] wrote.
pub fn packed_ascending(reader: &mut Reader<'_>, n_numbers: usize) -> Option<Vec<i64>> {
    if n_numbers == 0 {
        return Some(Vec::new());
    }
    let mut at = reader.signed()?;
    let mut numbers = Vec::with_capacity(n_numbers);
    numbers.push(at);
    for step in packed(reader, n_numbers - 1)? {
        at = at.wrapping_add(step);
        numbers.push(at);
    }
    Some(numbers)
}

/// The greatest number that divides all of these; 0 of zeros alone.
fn common_step(distances: impl Iterator<Item = u64>) -> u64 {
    let mut step = 0u64;
    for mut distance in distances {
        while distance != 0 {
            (step, distance) = (distance, step % distance);
        }
        if step == 1 {
            break;
        }
    }
    step
}

fn pack_bits(out: &mut Vec<u8>, numbers: impl Iterator<Item = u64>, width: u32) {
    let (mut waiting, mut n_bits) = (0u128, 0);
    for number in numbers {
        waiting |= u128::from(number) << n_bits;
        n_bits += width;
        if n_bits >= 64 {
            out.extend_from_slice(&(waiting as u64).to_le_bytes());
            (waiting, n_bits) = (waiting >> 64, n_bits - 64);
        }
    }
    out.extend_from_slice(&waiting.to_le_bytes()[..n_bits.div_ceil(8) as usize]);
}

fn unpacked(bits: &[u8], n_numbers: usize, width: u32, number: impl Fn(u64) -> i64) -> Vec<i64> {
    let mask = u64::MAX >> (64 - width);
    let mut words = bits.chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    let (mut waiting, mut n_bits) = (0u128, 0);
    let mut numbers = Vec::with_capacity(n_numbers);
    for _ in 0..n_numbers {
        if n_bits < width {
            waiting |= u128::from(words.next().unwrap_or(0)) << n_bits;
            n_bits += 64;
        }
        numbers.push(number(waiting as u64 & mask));
        (waiting, n_bits) = (waiting >> width, n_bits - width);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(numbers: &[i64]) -> usize {
        let (mut out, mut ascending) = (Vec::new(), Vec::new());
        pack(&mut out, numbers.iter().copied());
        let mut reader = Reader::new(&out);
        assert_eq!(packed(&mut reader, numbers.len()).as_deref(), Some(numbers));
        assert!(reader.is_empty());
        pack_ascending(&mut ascending, numbers.iter().copied());
        let mut reader = Reader::new(&ascending);
        assert_eq!(packed_ascending(&mut reader, numbers.len()).as_deref(), Some(numbers));
        assert!(reader.is_empty());
        out.len()
    }

    #[test]
    fn numbers_of_every_width_come_back() {
        there_and_back(&[]);
        there_and_back(&[i64::MIN, i64::MAX, 0, -1]);
        for width in 0..63 {
            let numbers: Vec<i64> =
                (0..300i64).map(|n| (n * n * 7_919) & ((1i64 << width) - 1)).collect();
            there_and_back(&numbers);
            there_and_back(&numbers[..1]);
        }
    }

    #[test]
    fn a_common_step_is_not_paid_for() {
        let days: Vec<i64> = (0..1_000).map(|n| 1_700_000_000_000 + n % 30 * 86_400_000).collect();
        assert!(there_and_back(&days) < 1_000 * 5 / 8 + 20);
        assert!(there_and_back(&[5; 1_000]) < 4);
    }
}
