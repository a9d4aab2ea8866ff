//! A column of exact numbers: all on the coarsest power of ten that holds each exactly.

use super::bytes::{Bytes, Malformed, put_wide};
use super::ints;
use crate::model::Decimal;

/// Numbers on their way out, in billionths.
pub(in crate::store::codec) struct Numbers {
    billionths: Vec<i128>,
    zeros: u8,
}

/// A billionth and its powers of ten up to one.
const MOST_ZEROS: u8 = 9;
/// Some number does not fit 64 bits: each is written by itself.
const WIDE: u8 = 0x80;

impl Default for Numbers {
    fn default() -> Numbers {
        Numbers { billionths: Vec::new(), zeros: MOST_ZEROS }
    }
}

impl Numbers {
    pub(in crate::store::codec) fn push(&mut self, number: Decimal) {
        let billionths = number.billionths();
        self.zeros = common_zeros(billionths, self.zeros);
        self.billionths.push(billionths);
    }

    pub(in crate::store::codec) fn put(&self, out: &mut Vec<u8>) {
        put_at(out, &self.billionths, self.zeros);
    }
}

/// Writes a column of one number.
pub(in crate::store::codec) fn put_one(out: &mut Vec<u8>, number: Decimal) {
    let billionths = number.billionths();
    put_at(out, &[billionths], common_zeros(billionths, MOST_ZEROS));
}

/// Of so many zeros those that a number ends with.
fn common_zeros(billionths: i128, mut zeros: u8) -> u8 {
    while !is_multiple(billionths, zeros) {
        zeros -= 1;
    }
    zeros
}

fn put_at(out: &mut Vec<u8>, billionths: &[i128], zeros: u8) {
    if billionths.is_empty() {
        return;
    }
    let power = i128::from(power(zeros));
    let narrow = |billionths: &i128| match i64::try_from(*billionths) {
        Ok(short) => Ok(short / power as i64),
        Err(_) => i64::try_from(billionths / power),
    };
    match billionths.iter().map(narrow).collect::<Result<Vec<i64>, _>>() {
        Ok(numbers) => {
            out.push(zeros);
            ints::put(out, &numbers);
        }
        Err(_) => {
            out.push(zeros | WIDE);
            billionths.iter().for_each(|billionths| put_wide(out, billionths / power));
        }
    }
}

/// Reads a column of `n` numbers.
pub(in crate::store::codec) fn read(
    bytes: &mut Bytes<'_>,
    n: usize,
) -> Result<Vec<Decimal>, Malformed> {
    if n == 0 {
        return Ok(Vec::new());
    }
    let way = bytes.byte()?;
    let zeros = way & !WIDE;
    if zeros > MOST_ZEROS {
        return Err(Malformed("a number has a scale beyond nine"));
    }
    let power = i128::from(power(zeros));
    let exact = |number: i128| {
        let billionths = number.checked_mul(power).and_then(Decimal::from_billionths);
        billionths.ok_or(Malformed("a number is out of range"))
    };
    if way & WIDE == 0 {
        return ints::read(bytes, n)?.into_iter().map(|number| exact(number.into())).collect();
    }
    if n > bytes.len() {
        return Err(Malformed("a column is longer than its bytes"));
    }
    (0..n).map(|_| bytes.wide().and_then(exact)).collect()
}

fn power(zeros: u8) -> i64 {
    10i64.pow(u32::from(zeros))
}

/// Whether a number ends with that many zeros; division by 128 bits is slow and rarely needed.
fn is_multiple(billionths: i128, zeros: u8) -> bool {
    match i64::try_from(billionths) {
        Ok(short) => short % power(zeros) == 0,
        Err(_) => billionths % i128::from(power(zeros)) == 0,
    }
}
