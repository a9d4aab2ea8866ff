//! A column of texts: each different one is written once, in order of appearance.

use super::bytes::{Bytes, Malformed, utf8};
use super::ints;
use super::seen::Seen;
use crate::model::Text;

/// Whether two texts are equal; most that are lie in one place, and need no look.
pub(in crate::store::codec) fn same(a: &str, b: &str) -> bool {
    std::ptr::eq(a, b) || a == b
}

/// Texts on their way out.
#[derive(Default)]
pub(in crate::store::codec) struct Texts<'a> {
    codes: Vec<i64>,
    distinct: Seen<&'a str>,
}

impl<'a> Texts<'a> {
    /// One more text: its number among the distinct ones from 1, or 0 for a new one.
    pub(in crate::store::codec) fn push(&mut self, text: &'a str) {
        if let [only] = self.distinct.things()
            && same(only, text)
        {
            return self.codes.push(1);
        }
        let (place, is_new) = self.distinct.place(text);
        self.codes.push(if is_new { 0 } else { place as i64 + 1 });
    }

    pub(in crate::store::codec) fn put(&self, out: &mut Vec<u8>) {
        ints::put(out, &self.codes);
        let distinct = self.distinct.things();
        let lengths: Vec<i64> = distinct.iter().map(|text| text.len() as i64).collect();
        ints::put(out, &lengths);
        distinct.iter().for_each(|text| out.extend_from_slice(text.as_bytes()));
    }
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
