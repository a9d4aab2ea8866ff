//! A column decoded to be copied from once: its texts stay one piece, so that
//! none of them is made and dropped for each row of a merge.

use super::Bits;
use super::cells::Cell;
use super::values::Column;

/// A column of which cells are borrowed.
#[derive(Debug)]
pub enum Flat {
    Texts(FlatTexts),
    Other(Column),
}

/// Texts by code, where each ends in one piece.
#[derive(Debug)]
pub struct FlatTexts {
    pub present: Bits,
    pub nulls: Bits,
    pub codes: Vec<u32>,
    pub text: Box<str>,
    pub ends: Vec<usize>,
}

impl Flat {
    /// The cell of a row.
    pub fn cell(&self, row: usize) -> Option<Cell<'_>> {
        match self {
            Flat::Other(column) => Cell::at(column, row),
            Flat::Texts(texts) if texts.present.get(row) => texts.text(row).map(Cell::Text),
            Flat::Texts(texts) => texts.nulls.get(row).then_some(Cell::Null),
        }
    }
}

impl FlatTexts {
    fn text(&self, row: usize) -> Option<&str> {
        let code = *self.codes.get(row)? as usize;
        let start = code.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..*self.ends.get(code)?)
    }
}
