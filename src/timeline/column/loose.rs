//! The cells of one column as they come, kept by their kind while all have one.

use super::Bits;
use super::cells::Cell;
use super::coder::Coder;
use super::values::{Cells, Column};
use crate::model::{Text, Timestamp};
use crate::timeline::bytes::{Reader, Scaled, read_value};
use std::borrow::Cow;

/// Cells of one column; rows that have none are left out.
#[derive(Clone, Debug, Default)]
pub struct Loose<'a> {
    /// The row of each value.
    pub rows: Vec<u32>,
    /// The rows that say `null`.
    pub nulls: Vec<u32>,
    pub values: Values<'a>,
}

/// Values by kind; of several kinds, or of a rare one, as cells.
#[derive(Clone, Debug, Default)]
pub enum Values<'a> {
    #[default]
    None,
    Bools(Vec<bool>),
    Numbers(Vec<Scaled>),
    Instants(Vec<i64>),
    Texts(Vec<&'a str>),
    Others(Vec<Cell<'a>>),
}

impl<'a> Loose<'a> {
    /// Room for so many cells of the kind that comes first.
    pub fn with_room(n_cells: usize) -> Loose<'a> {
        Loose { rows: Vec::with_capacity(n_cells), ..Loose::default() }
    }

    pub fn push(&mut self, row: u32, cell: Cell<'a>) {
        match (&mut self.values, cell) {
            (_, Cell::Null) => return self.nulls.push(row),
            (Values::Texts(texts), Cell::Text(text)) => texts.push(text),
            (Values::Numbers(numbers), Cell::Number(number)) => numbers.push(number),
            (Values::Instants(instants), Cell::Instant(at)) => instants.push(at.millis()),
            (Values::Bools(bools), Cell::Bool(bool)) => bools.push(bool),
            (Values::Others(cells), cell) => cells.push(cell),
            (_, cell) => self.push_other_kind(cell),
        }
        self.rows.push(row);
    }

    /// The first cell decides how all are kept, and the first that differs decides otherwise.
    fn push_other_kind(&mut self, cell: Cell<'a>) {
        let mut cells: Vec<Cell<'a>> = (0..self.rows.len()).map(|place| self.cell(place)).collect();
        let room = self.rows.capacity();
        self.values = match cell {
            _ if !cells.is_empty() => {
                cells.push(cell);
                Values::Others(cells)
            }
            Cell::Text(text) => Values::Texts(first(text, room)),
            Cell::Number(number) => Values::Numbers(first(number, room)),
            Cell::Instant(at) => Values::Instants(first(at.millis(), room)),
            Cell::Bool(bool) => Values::Bools(first(bool, room)),
            cell => Values::Others(vec![cell]),
        };
    }

    pub fn len(&self) -> usize {
        self.rows.len() + self.nulls.len()
    }

    /// Every cell with its row, by row.
    pub fn cells(&self) -> Vec<(u32, Cell<'a>)> {
        let values = self.rows.iter().enumerate().map(|(place, row)| (*row, self.cell(place)));
        let nulls = self.nulls.iter().map(|row| (*row, Cell::Null));
        let mut cells: Vec<_> = values.chain(nulls).collect();
        cells.sort_by_key(|(row, _)| *row);
        cells
    }

    fn cell(&self, place: usize) -> Cell<'a> {
        match &self.values {
            Values::None => Cell::Null,
            Values::Bools(bools) => Cell::Bool(bools[place]),
            Values::Numbers(numbers) => Cell::Number(numbers[place]),
            Values::Instants(instants) => {
                Cell::Instant(Timestamp::saturating_from_millis(instants[place]))
            }
            Values::Texts(texts) => Cell::Text(texts[place]),
            Values::Others(cells) => cells[place].clone(),
        }
    }

    /// The column of so many rows that these cells are.
    pub fn column(&self, len: usize) -> Column {
        let bits = |rows: &[u32]| Bits::of(len, rows.iter().copied());
        let present = bits(&self.rows).expect("rows lie inside the block");
        let nulls = if self.nulls.is_empty() { None } else { bits(&self.nulls) };
        Column { len, present, nulls: nulls.unwrap_or_default(), cells: self.data(len) }
    }

    fn data(&self, len: usize) -> Cells {
        match &self.values {
            Values::None => Cells::Empty,
            Values::Bools(bools) => {
                let set = self.rows.iter().zip(bools).filter(|(_, bool)| **bool);
                Cells::Bools(Bits::of(len, set.map(|(row, _)| *row)).unwrap_or_default())
            }
            Values::Numbers(numbers) => match mantissas(numbers) {
                Some((scale, narrow)) => {
                    Cells::Numbers { scale, mantissas: self.spread(len, narrow) }
                }
                None => Cells::Wide(self.spread(len, numbers.iter().map(billionths))),
            },
            Values::Instants(instants) => {
                Cells::Instants(self.spread(len, instants.iter().copied()))
            }
            Values::Texts(texts) => {
                let mut coder = Coder::default();
                coder.code(texts);
                let dictionary = coder.entries(texts).map(|text| Text::from(*text)).collect();
                Cells::Texts { codes: self.spread(len, coder.codes), dictionary }
            }
            Values::Others(cells) => self.mixed(len, cells),
        }
    }

    fn mixed(&self, len: usize, cells: &[Cell<'_>]) -> Cells {
        let bytes: Vec<Cow<'_, [u8]>> = cells.iter().map(Cell::canonical).collect();
        let mut coder = Coder::default();
        coder.code(&bytes);
        let value = |bytes: &Cow<'_, [u8]>| read_value(&mut Reader::new(bytes)).unwrap_or_default();
        let dictionary = coder.entries(&bytes).map(value).collect();
        Cells::Mixed { codes: self.spread(len, coder.codes), dictionary }
    }

    fn spread<T: Clone + Default>(
        &self,
        len: usize,
        values: impl IntoIterator<Item = T>,
    ) -> Vec<T> {
        let mut rows = vec![T::default(); len];
        self.rows.iter().zip(values).for_each(|(row, value)| rows[*row as usize] = value);
        rows
    }
}

fn first<T>(value: T, room: usize) -> Vec<T> {
    let mut values = Vec::with_capacity(room);
    values.push(value);
    values
}

/// The least scale that keeps all numbers whole, and their mantissas at it, if
/// these fit 64 bits.
pub fn mantissas(numbers: &[Scaled]) -> Option<(u8, Vec<i64>)> {
    let scale = numbers.iter().map(|number| number.scale).max().unwrap_or_default();
    let narrow = |number: &Scaled| {
        let mantissa = i64::try_from(number.mantissa).ok()?;
        mantissa.checked_mul(10i64.pow(u32::from(scale - number.scale)))
    };
    numbers.iter().map(narrow).collect::<Option<_>>().map(|narrow| (scale, narrow))
}

pub fn billionths(number: &Scaled) -> i128 {
    number.number().map_or(0, |number| number.billionths())
}
