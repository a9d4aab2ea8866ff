//! Values under seldom keys: key, row and value, without a column for each key.

use crate::model::Value;
use crate::timeline::bytes::{Reader, ValueReader, pack_ascending, packed_ascending, put_varint};
use crate::timeline::column::{ColumnKey, Loose, value_memory};

/// Few values of many keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rest {
    /// By key, ascending; the rows of each ascend.
    keys: Vec<(ColumnKey, Vec<(u32, Value)>)>,
    /// Row, place of the key, place of the value; ascending.
    by_row: Vec<(u32, u32, u32)>,
}

impl Rest {
    pub fn put(out: &mut Vec<u8>, columns: &[(&ColumnKey, &Loose<'_>)]) {
        put_varint(out, columns.len() as u64);
        for (key, cells) in columns {
            key.put(out);
            put_varint(out, cells.len() as u64);
            let cells = cells.cells();
            pack_ascending(out, cells.iter().map(|(row, _)| i64::from(*row)));
            cells.iter().for_each(|(_, cell)| cell.put(out));
        }
    }

    pub fn read(reader: &mut Reader<'_>, n_rows: usize) -> Option<Rest> {
        let n_keys = reader.count(4)?;
        let keys: Vec<_> = (0..n_keys)
            .map(|_| Some((ColumnKey::read(reader)?, values(reader, n_rows)?)))
            .collect::<Option<_>>()?;
        let ascends = keys.windows(2).all(|pair| pair[0].0 < pair[1].0);
        let places = keys.iter().enumerate().flat_map(|(key, (_, values))| {
            let rows = values.iter().enumerate();
            rows.map(move |(value, (row, _))| (*row, key as u32, value as u32))
        });
        let mut by_row: Vec<_> = places.collect();
        by_row.sort_unstable();
        ascends.then_some(Rest { keys, by_row })
    }

    /// Keys with their rows and values.
    pub fn keys(&self) -> impl Iterator<Item = (&ColumnKey, &[(u32, Value)])> {
        self.keys.iter().map(|(key, values)| (key, &**values))
    }

    /// Keys and values of one row.
    pub fn of_row(&self, row: u32) -> impl Iterator<Item = (&ColumnKey, &Value)> {
        self.numbered_of_row(row).map(|(key, value)| (&self.keys[key].0, value))
    }

    /// Places of keys, and values, of one row.
    pub fn numbered_of_row(&self, row: u32) -> impl Iterator<Item = (usize, &Value)> {
        let start = self.by_row.partition_point(|(at, ..)| *at < row);
        self.by_row[start..].iter().take_while(move |(at, ..)| *at == row).map(|(_, key, value)| {
            let (_, values) = &self.keys[*key as usize];
            (*key as usize, &values[*value as usize].1)
        })
    }

    pub fn memory(&self) -> usize {
        let values = self.keys.iter().flat_map(|(_, values)| values);
        64 * self.keys.len() + values.map(|(_, value)| 20 + value_memory(value)).sum::<usize>()
    }
}

fn values(reader: &mut Reader<'_>, n_rows: usize) -> Option<Vec<(u32, Value)>> {
    let n_values = reader.count(1).filter(|n_values| *n_values <= n_rows)?;
    let rows = packed_ascending(reader, n_values)?;
    let ascends = rows.windows(2).all(|pair| pair[0] < pair[1]);
    let row = |row: i64| u32::try_from(row).ok().filter(|row| (*row as usize) < n_rows);
    let mut read = ValueReader::default();
    let pairs = rows.into_iter().map(|at| Some((row(at)?, read.read(reader)?)));
    pairs.collect::<Option<_>>().filter(|_| ascends)
}
