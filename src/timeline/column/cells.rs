//! The cells of one column as they come, row by row, borrowed from where they lie.

use super::Bits;
use super::values::{Cells, Column};
use crate::model::{Decimal, Text, Timestamp, Value};
use crate::timeline::bytes::{
    Reader, Scaled, put_number, put_value, read_number, read_value, skip_value,
};
use foldhash::fast::FixedState;
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

/// One cell, borrowed from a tail's bytes or from a decoded column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    Null,
    Bool(bool),
    Number(Decimal),
    Instant(Timestamp),
    Text(&'a str),
    /// Any other kind, in the canonical bytes of a value.
    Other(Cow<'a, [u8]>),
}

impl<'a> Cell<'a> {
    /// The cell that starts here.
    pub fn read(reader: &mut Reader<'a>) -> Option<Cell<'a>> {
        let start = reader.rest();
        Some(match reader.byte()? {
            0 => Cell::Null,
            bool @ 1..=2 => Cell::Bool(bool == 2),
            4 => Cell::Text(reader.text()?),
            5 => Cell::Instant(Timestamp::from_millis(reader.signed()?)?),
            tag @ 16.. => Cell::Number(read_number(reader, tag)?),
            _ => {
                let mut behind = Reader::new(start);
                skip_value(&mut behind)?;
                let n_bytes = start.len() - behind.left();
                reader.take(n_bytes - 1)?;
                Cell::Other(Cow::Borrowed(&start[..n_bytes]))
            }
        })
    }

    /// The cell of a value.
    pub fn of(value: &'a Value) -> Cell<'a> {
        match value {
            Value::Null => Cell::Null,
            Value::Bool(bool) => Cell::Bool(*bool),
            Value::Number(number) => Cell::Number(*number),
            Value::Instant(at) => Cell::Instant(*at),
            Value::Text(text) => Cell::Text(text),
            other => {
                let mut out = Vec::new();
                put_value(&mut out, other);
                Cell::Other(Cow::Owned(out))
            }
        }
    }

    /// The cell of a row of a decoded column.
    pub fn at(column: &'a Column, row: usize) -> Option<Cell<'a>> {
        if !column.present.get(row) {
            return column.nulls.get(row).then_some(Cell::Null);
        }
        match &column.cells {
            Cells::Texts { .. } => column.text(row).map(|text| Cell::Text(text)),
            Cells::Mixed { codes, dictionary } => {
                dictionary.get(*codes.get(row)? as usize).map(Cell::of)
            }
            _ => match column.value(row)? {
                Value::Bool(bool) => Some(Cell::Bool(bool)),
                Value::Number(number) => Some(Cell::Number(number)),
                Value::Instant(at) => Some(Cell::Instant(at)),
                _ => None,
            },
        }
    }

    /// The value of the cell.
    pub fn value(&self) -> Option<Value> {
        Some(match self {
            Cell::Null => Value::Null,
            Cell::Bool(bool) => Value::Bool(*bool),
            Cell::Number(number) => Value::Number(*number),
            Cell::Instant(at) => Value::Instant(*at),
            Cell::Text(text) => Value::Text((*text).into()),
            Cell::Other(bytes) => read_value(&mut Reader::new(bytes))?,
        })
    }

    /// The canonical bytes of the value.
    pub fn put(&self, out: &mut Vec<u8>) {
        match self {
            Cell::Null => put_value(out, &Value::Null),
            Cell::Bool(bool) => put_value(out, &Value::Bool(*bool)),
            Cell::Number(number) => put_number(out, *number),
            Cell::Instant(at) => put_value(out, &Value::Instant(*at)),
            Cell::Text(text) => {
                out.push(4);
                crate::timeline::bytes::put_text(out, text);
            }
            Cell::Other(bytes) => out.extend_from_slice(bytes),
        }
    }

    /// Roughly how many bytes it takes.
    pub fn bytes(&self) -> usize {
        match self {
            Cell::Null | Cell::Bool(_) => 1,
            Cell::Number(_) | Cell::Instant(_) => 8,
            Cell::Text(text) => 2 + text.len(),
            Cell::Other(bytes) => bytes.len(),
        }
    }

    fn kind(&self) -> Form {
        match self {
            Cell::Null => Form::None,
            Cell::Bool(_) => Form::Bools,
            Cell::Number(_) => Form::Numbers,
            Cell::Instant(_) => Form::Instants,
            Cell::Text(_) => Form::Texts,
            Cell::Other(_) => Form::Mixed,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    None,
    Bools,
    Numbers,
    Instants,
    Texts,
    Mixed,
}

/// Cells of one column by row, ascending; rows that have none are left out.
#[derive(Clone, Debug, Default)]
pub struct Loose<'a> {
    cells: Vec<(u32, Cell<'a>)>,
}

impl<'a> Loose<'a> {
    pub fn push(&mut self, row: u32, cell: Cell<'a>) {
        self.cells.push((row, cell));
    }

    pub fn len(&self) -> usize {
        self.cells.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &(u32, Cell<'a>)> {
        self.cells.iter()
    }

    /// The column of so many rows that these cells are.
    pub fn column(&self, len: usize) -> Column {
        let is_null = |(_, cell): &&(u32, Cell<'_>)| *cell == Cell::Null;
        let place = |(row, _): &(u32, Cell<'_>)| *row;
        let present = self.cells.iter().filter(|cell| !is_null(cell)).map(place);
        let present = Bits::of(len, present).expect("rows lie inside the block");
        let nulls = match self.cells.iter().any(|cell| is_null(&cell)) {
            true => Bits::of(len, self.cells.iter().filter(is_null).map(place)),
            false => None,
        };
        Column { len, present, nulls: nulls.unwrap_or_default(), cells: self.data(len) }
    }

    fn form(&self) -> Form {
        let kinds = self.cells.iter().map(|(_, cell)| cell.kind());
        kinds.fold(Form::None, |form, kind| match (form, kind) {
            (form, Form::None) => form,
            (Form::None, kind) => kind,
            (form, kind) if form == kind => form,
            _ => Form::Mixed,
        })
    }

    fn data(&self, len: usize) -> Cells {
        match self.form() {
            Form::None => Cells::Empty,
            Form::Bools => {
                let set = self.cells.iter().filter(|(_, cell)| *cell == Cell::Bool(true));
                Cells::Bools(Bits::of(len, set.map(|(row, _)| *row)).unwrap_or_default())
            }
            Form::Numbers => self.numbers(len),
            Form::Instants => {
                let mut instants = vec![0; len];
                self.each(|row, cell| {
                    if let Cell::Instant(at) = cell {
                        instants[row] = at.millis();
                    }
                });
                Cells::Instants(instants)
            }
            Form::Texts => {
                let texts = self.coded(len, |cell| match cell {
                    Cell::Text(text) => Some(*text),
                    _ => None,
                });
                let dictionary = texts.1.into_iter().map(Text::from).collect();
                Cells::Texts { codes: texts.0, dictionary }
            }
            Form::Mixed => self.mixed(len),
        }
    }

    fn each(&self, mut visit: impl FnMut(usize, &Cell<'a>)) {
        self.cells.iter().for_each(|(row, cell)| visit(*row as usize, cell));
    }

    /// Numbers at the least scale that keeps all of them whole, if they fit 64 bits so.
    fn numbers(&self, len: usize) -> Cells {
        let mut scaled = vec![Scaled { mantissa: 0, scale: 0 }; len];
        let mut scale = 0;
        self.each(|row, cell| {
            if let Cell::Number(number) = cell {
                scaled[row] = Scaled::of(*number);
                scale = scaled[row].scale.max(scale);
            }
        });
        let narrow = |number: &Scaled| {
            let mantissa = i64::try_from(number.mantissa).ok()?;
            mantissa.checked_mul(10i64.pow(u32::from(scale - number.scale)))
        };
        match scaled.iter().map(narrow).collect() {
            Some(mantissas) => Cells::Numbers { scale, mantissas },
            None => {
                let billionths =
                    |number: &Scaled| number.number().map_or(0, |number| number.billionths());
                Cells::Wide(scaled.iter().map(billionths).collect())
            }
        }
    }

    fn mixed(&self, len: usize) -> Cells {
        let bytes: Vec<(u32, Vec<u8>)> = self
            .cells
            .iter()
            .filter(|(_, cell)| *cell != Cell::Null)
            .map(|(row, cell)| {
                let mut out = Vec::new();
                cell.put(&mut out);
                (*row, out)
            })
            .collect();
        let (codes, entries) = coded(len, bytes.iter().map(|(row, bytes)| (*row, &**bytes)));
        let value = |bytes: &[u8]| read_value(&mut Reader::new(bytes)).unwrap_or_default();
        Cells::Mixed { codes, dictionary: entries.into_iter().map(value).collect() }
    }

    fn coded<'b, K: Hash + Eq + Copy>(
        &'b self,
        len: usize,
        key: impl Fn(&'b Cell<'a>) -> Option<K> + 'b,
    ) -> (Vec<u32>, Vec<K>) {
        coded(len, self.cells.iter().filter_map(move |(row, cell)| Some((*row, key(cell)?))))
    }
}

/// Each row's place among the distinct keys, and these in the order of their first rows.
fn coded<K: Hash + Eq + Copy>(
    len: usize,
    keys: impl Iterator<Item = (u32, K)>,
) -> (Vec<u32>, Vec<K>) {
    let (mut codes, mut entries) = (vec![0; len], Vec::new());
    let mut known: HashMap<K, u32, FixedState> = HashMap::default();
    for (row, key) in keys {
        codes[row as usize] = *known.entry(key).or_insert_with(|| {
            entries.push(key);
            entries.len() as u32 - 1
        });
    }
    (codes, entries)
}
