//! A column of texts: each different one is written once, in order of appearance.

use super::bytes::{Bytes, Malformed, utf8};
use super::ints;
use super::seen::Seen;
use crate::model::{Text, same};

/// How many texts are remembered by where they lie.
const REMEMBERED: usize = 64;

/// Texts on their way out.
#[derive(Default)]
pub(in crate::store::codec) struct Texts<'a> {
    codes: Vec<i64>,
    distinct: Seen<&'a str>,
    /// Texts of late by where they lie, once there are many: an address, a length, a place.
    /// Most that are equal lie in one place, and are not read again.
    lately: Vec<(usize, usize, u32)>,
}

impl<'a> Texts<'a> {
    /// One more text: its number among the distinct ones from 1, or 0 for a new one.
    pub(in crate::store::codec) fn push(&mut self, text: &'a str) {
        if let [only] = self.distinct.things()
            && same(only, text)
        {
            return self.codes.push(1);
        }
        let code = match self.distinct.is_looked_up() {
            true => self.remembered(text),
            false => self.code(text).0,
        };
        self.codes.push(code);
    }

    /// The code of a text, and its place.
    fn code(&mut self, text: &'a str) -> (i64, usize) {
        let (place, is_new) = self.distinct.place(text);
        (if is_new { 0 } else { place as i64 + 1 }, place)
    }

    fn remembered(&mut self, text: &'a str) -> i64 {
        let (address, length) = (text.as_ptr() as usize, text.len());
        let slot = (address >> 4 ^ address >> 10) % REMEMBERED;
        if let Some((known, as_long, place)) = self.lately.get(slot)
            && (*known, *as_long) == (address, length)
        {
            return i64::from(*place) + 1;
        }
        let (code, place) = self.code(text);
        self.lately.resize(REMEMBERED, (0, 0, 0));
        self.lately[slot] = (address, length, place as u32);
        code
    }

    pub(in crate::store::codec) fn put(&self, out: &mut Vec<u8>) {
        ints::put(out, &self.codes);
        let distinct = self.distinct.things();
        let lengths: Vec<i64> = distinct.iter().map(|text| text.len() as i64).collect();
        ints::put(out, &lengths);
        distinct.iter().for_each(|text| out.extend_from_slice(text.as_bytes()));
    }
}

/// Writes a column of one text.
pub(in crate::store::codec) fn put_one(out: &mut Vec<u8>, text: &str) {
    ints::put(out, &[0]);
    ints::put(out, &[text.len() as i64]);
    out.extend_from_slice(text.as_bytes());
}

/// Reads a column of `n` texts; equal ones share their bytes.
pub(in crate::store::codec) fn read(
    bytes: &mut Bytes<'_>,
    n: usize,
) -> Result<Vec<Text>, Malformed> {
    let codes = ints::read(bytes, n)?;
    let n_distinct = codes.iter().filter(|code| **code == 0).count();
    let lengths = ints::read(bytes, n_distinct)?;
    let mut distinct: Vec<Text> = Vec::new();
    for length in lengths {
        let length = usize::try_from(length).map_err(|_| Malformed("a length is below zero"))?;
        distinct.push(utf8(bytes.take(length)?)?.into());
    }
    let mut seen = 0;
    let text = |code: i64| {
        let place = if code == 0 { seen } else { usize::try_from(code - 1).unwrap_or(usize::MAX) };
        seen += usize::from(code == 0);
        let known = distinct.get(place).filter(|_| place < seen).cloned();
        known.ok_or(Malformed("a text stands before its first appearance"))
    };
    codes.into_iter().map(text).collect()
}
