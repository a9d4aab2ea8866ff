//! One column of a block of rows, decoded: plain slices.

use super::{Bits, Dictionary};
use crate::model::{Decimal, Text, Timestamp, Value};
use crate::timeline::bytes::Scaled;
use std::sync::Arc;

/// What some rows have in one column. The slices of [`Cells`] are as long as
/// there are rows; where `present` is not set they hold nothing that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// How many rows there are.
    pub len: usize,
    /// The rows that have one of `cells`.
    pub present: Bits,
    /// The rows that say `null`; empty when none does.
    pub nulls: Bits,
    /// The values.
    pub cells: Cells,
}

/// The values of a column, by their kind where all have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cells {
    /// No row has a value.
    Empty,
    /// `true` where set.
    Bools(Bits),
    /// Numbers: mantissas at one scale, 0 to 9 digits behind the point.
    Numbers {
        /// Digits behind the point.
        scale: u8,
        /// By row.
        mantissas: Vec<i64>,
    },
    /// Numbers that do not fit so, in billionths by row.
    Wide(Vec<i128>),
    /// Instants, in milliseconds since 1970 by row.
    Instants(Vec<i64>),
    /// Texts.
    Texts {
        /// By row, the place in the dictionary.
        codes: Vec<u32>,
        /// Each text once.
        dictionary: Arc<[Text]>,
    },
    /// Values of several kinds, or of one that is none of the above: lists,
    /// dates, objects.
    Mixed {
        /// By row, the place in the dictionary.
        codes: Vec<u32>,
        /// Each value once.
        dictionary: Dictionary,
    },
}

impl Column {
    /// So many rows, none of which has anything.
    pub fn empty(len: usize) -> Column {
        Column { len, present: Bits::none(len), nulls: Bits::default(), cells: Cells::Empty }
    }

    /// What a row has; none when it has nothing, and [`Value::Null`] when it says so.
    pub fn value(&self, row: usize) -> Option<Value> {
        if !self.present.get(row) {
            return self.nulls.get(row).then_some(Value::Null);
        }
        match &self.cells {
            Cells::Empty => None,
            Cells::Bools(bits) => Some(Value::Bool(bits.get(row))),
            Cells::Numbers { scale, mantissas } => {
                let mantissa = i128::from(*mantissas.get(row)?);
                Scaled { mantissa, scale: *scale }.number().map(Value::Number)
            }
            Cells::Wide(billionths) => {
                Decimal::from_billionths(*billionths.get(row)?).map(Value::Number)
            }
            Cells::Instants(instants) => {
                instants.get(row).and_then(|ms| Timestamp::from_millis(*ms)).map(Value::Instant)
            }
            Cells::Texts { .. } => self.text(row).cloned().map(Value::Text),
            Cells::Mixed { codes, dictionary } => {
                dictionary.get(*codes.get(row)? as usize).cloned()
            }
        }
    }

    /// What a row of a column of several kinds has, as it lies there.
    pub fn mixed(&self, row: usize) -> Option<&Value> {
        let Cells::Mixed { codes, dictionary } = &self.cells else { return None };
        match self.present.get(row) {
            true => dictionary.get(*codes.get(row)? as usize),
            false => self.nulls.get(row).then_some(&Value::Null),
        }
    }

    /// The text of a row of a column of texts.
    pub fn text(&self, row: usize) -> Option<&Text> {
        match &self.cells {
            Cells::Texts { codes, dictionary } if self.present.get(row) => {
                dictionary.get(*codes.get(row)? as usize)
            }
            _ => None,
        }
    }

    /// These rows of the column, in this order.
    pub fn gather(&self, rows: &[u32]) -> Column {
        let picked = |bits: &Bits| {
            let set = rows.iter().enumerate().filter(|(_, row)| bits.get(**row as usize));
            Bits::of(rows.len(), set.map(|(place, _)| place as u32)).unwrap_or_default()
        };
        let cells = match &self.cells {
            Cells::Empty => Cells::Empty,
            Cells::Bools(bits) => Cells::Bools(picked(bits)),
            Cells::Numbers { scale, mantissas } => {
                Cells::Numbers { scale: *scale, mantissas: taken(mantissas, rows) }
            }
            Cells::Wide(billionths) => Cells::Wide(taken(billionths, rows)),
            Cells::Instants(instants) => Cells::Instants(taken(instants, rows)),
            Cells::Texts { codes, dictionary } => {
                Cells::Texts { codes: taken(codes, rows), dictionary: dictionary.clone() }
            }
            Cells::Mixed { codes, dictionary } => {
                Cells::Mixed { codes: taken(codes, rows), dictionary: dictionary.clone() }
            }
        };
        let nulls = if self.nulls.is_empty() { Bits::default() } else { picked(&self.nulls) };
        Column { len: rows.len(), present: picked(&self.present), nulls, cells }
    }

    /// Roughly the bytes of memory that the column holds.
    pub fn memory(&self) -> usize {
        let rows: usize = match &self.cells {
            Cells::Empty => 0,
            Cells::Bools(bits) => bits.len() / 8,
            Cells::Numbers { mantissas: words, .. } | Cells::Instants(words) => 8 * words.len(),
            Cells::Wide(words) => 16 * words.len(),
            Cells::Texts { codes, .. } | Cells::Mixed { codes, .. } => 4 * codes.len(),
        };
        128 + rows + self.words_memory() + (self.present.len() + self.nulls.len()) / 8
    }

    /// Of these, the bytes of its dictionary, which columns gathered from this one share.
    pub fn words_memory(&self) -> usize {
        match &self.cells {
            Cells::Texts { dictionary, .. } => dictionary.iter().map(|text| 40 + text.len()).sum(),
            // With room for what is found out of elements.
            Cells::Mixed { dictionary, .. } => {
                dictionary.iter().map(|value| 16 + value_memory(value)).sum()
            }
            _ => 0,
        }
    }
}

fn taken<T: Copy + Default>(values: &[T], rows: &[u32]) -> Vec<T> {
    rows.iter().map(|row| values.get(*row as usize).copied().unwrap_or_default()).collect()
}

/// Roughly the bytes of memory that one value holds.
pub fn value_memory(value: &Value) -> usize {
    32 + match value {
        Value::Text(text) | Value::Digits(text) => 24 + text.len(),
        Value::List(values) => values.iter().map(value_memory).sum(),
        Value::Object(object) => {
            object.iter().map(|(key, value)| 40 + key.len() + value_memory(value)).sum()
        }
        _ => 0,
    }
}
