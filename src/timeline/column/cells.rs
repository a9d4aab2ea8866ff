//! One cell, borrowed from where it lies.

use super::values::{Cells, Column};
use crate::model::{Decimal, Timestamp, Value};
use crate::timeline::bytes::{
    Reader, Scaled, put_scaled, put_value, read_scaled, read_value, skip_value,
};
use std::borrow::Cow;

/// One cell, borrowed from a tail's bytes or from a decoded column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    Null,
    Bool(bool),
    /// At the least scale that keeps it whole.
    Number(Scaled),
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
            tag @ 16.. => Cell::Number(read_scaled(reader, tag)?),
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
            Value::Number(number) => Cell::Number(Scaled::of(*number)),
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
            Cells::Numbers { scale, mantissas } => {
                Some(Cell::Number(Scaled::least(*mantissas.get(row)?, *scale)))
            }
            Cells::Wide(billionths) => {
                let number = Decimal::from_billionths(*billionths.get(row)?)?;
                Some(Cell::Number(Scaled::of(number)))
            }
            Cells::Instants(instants) => {
                instants.get(row).and_then(|ms| Timestamp::from_millis(*ms)).map(Cell::Instant)
            }
            Cells::Bools(bits) => Some(Cell::Bool(bits.get(row))),
            Cells::Empty => None,
        }
    }

    /// The value of the cell.
    pub fn value(&self) -> Option<Value> {
        Some(match self {
            Cell::Null => Value::Null,
            Cell::Bool(bool) => Value::Bool(*bool),
            Cell::Number(number) => Value::Number(number.number()?),
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
            Cell::Number(number) => put_scaled(out, *number),
            Cell::Instant(at) => put_value(out, &Value::Instant(*at)),
            Cell::Text(text) => {
                out.push(4);
                crate::timeline::bytes::put_text(out, text);
            }
            Cell::Other(bytes) => out.extend_from_slice(bytes),
        }
    }

    /// The canonical bytes, copied only where they do not lie anywhere yet.
    pub fn canonical(&self) -> Cow<'_, [u8]> {
        if let Cell::Other(bytes) = self {
            return Cow::Borrowed(bytes);
        }
        let mut out = Vec::new();
        self.put(&mut out);
        Cow::Owned(out)
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
}
