//! The order of rows: by the run they will lie in, then as the run has them.

use crate::model::EventId;
use std::collections::BTreeMap;

/// One row to be written: what orders it, where it lies.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub origin: u32,
    pub stream: u32,
    pub when: i64,
    pub ord: i64,
    pub id: EventId,
    /// Where its source keeps it.
    pub place: u64,
}

/// Rows by the run they will lie in: by chunk and number of the slice.
#[derive(Debug, Default)]
pub struct Parts {
    parts: BTreeMap<(u32, u32), Vec<Row>>,
    n_rows: u64,
}

impl Parts {
    pub fn push(&mut self, slice: u32, row: Row) {
        self.parts.entry((row.origin >> 16, slice)).or_default().push(row);
        self.n_rows += 1;
    }

    pub fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Rows with their chunk and slice, in the order of these.
    pub fn into_parts(self) -> impl Iterator<Item = ((u32, u32), Vec<Row>)> {
        self.parts.into_iter()
    }
}

/// The rows of one chunk by the rank of their stream, then by origin, when,
/// ord and id; rows that are equal in all of these keep the order in which they came.
///
/// Rank and origin are sorted as one number with the row's place behind it, and
/// rows are moved once. Those of one origin mostly came in order.
pub fn sorted(rows: &[Row], rank: impl Fn(&Row) -> u16) -> Vec<Row> {
    let keys = rows.iter().enumerate().map(|(place, row)| key(row, rank(row), place)).collect();
    let keys = by_bytes(keys);
    let mut sorted: Vec<Row> = keys.iter().map(|key| rows[*key as u32 as usize]).collect();
    let mut left = &mut sorted[..];
    for equal in keys.chunk_by(|a, b| a >> 32 == b >> 32) {
        let (part, rest) = left.split_at_mut(equal.len());
        let order = |row: &Row| (row.when, row.ord, row.id);
        if !part.is_sorted_by_key(order) {
            part.sort_by_key(order);
        }
        left = rest;
    }
    sorted
}

/// Rank, origin within the chunk, place.
fn key(row: &Row, rank: u16, place: usize) -> u64 {
    u64::from(rank) << 48 | u64::from(row.origin as u16) << 32 | place as u64
}

/// Numbers whose lower halves ascend, sorted by their upper ones: byte by byte,
/// the lowest first. Few numbers are not worth the counting.
fn by_bytes(mut keys: Vec<u64>) -> Vec<u64> {
    if keys.len() < 256 {
        keys.sort_unstable();
        return keys;
    }
    let mut spare = vec![0; keys.len()];
    for shift in [32, 40, 48, 56] {
        let byte = |key: &u64| (key >> shift) as usize & 0xff;
        let mut counts = [0usize; 256];
        keys.iter().for_each(|key| counts[byte(key)] += 1);
        if counts.contains(&keys.len()) {
            continue;
        }
        let mut start = 0;
        let mut starts = counts.map(|n_keys| {
            start += n_keys;
            start - n_keys
        });
        for key in &keys {
            spare[starts[byte(key)]] = *key;
            starts[byte(key)] += 1;
        }
        std::mem::swap(&mut keys, &mut spare);
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_as_they_would_be_by_comparing() {
        for n_rows in [0u64, 1, 200, 300, 5_000] {
            let roll = |n: u64| (n + 7).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            let row = |n: u64| Row {
                origin: roll(n) as u32 % 900,
                stream: roll(n) as u32 % 3,
                when: roll(2 * n) as i64 % 4 - 2,
                ord: roll(3 * n) as i64 % 2,
                id: EventId(u128::from(roll(5 * n) % 2)),
                place: n,
            };
            let rows: Vec<Row> = (0..n_rows).map(row).collect();
            let rank = |row: &Row| [7, u16::MAX, 0x100][row.stream as usize];
            let mut expected = rows.clone();
            expected.sort_by_key(|row| (rank(row), row.origin, row.when, row.ord, row.id));
            let places = |rows: &[Row]| rows.iter().map(|row| row.place).collect::<Vec<_>>();
            assert_eq!(places(&sorted(&rows, rank)), places(&expected), "{n_rows} rows");
        }
    }
}
