//! The head of a file: its delimiter, its encoding, its columns and some of their cells.

use super::guess::{Guess, squeezed};
use super::mapping::Encoding;
use super::plan::decode;
use super::split::Cells;
use crate::wire::read::{Cut, Found};

/// The columns of a file, and some of their cells.
pub(super) struct Sample {
    pub delimiter: u8,
    pub encoding: Encoding,
    pub columns: Vec<Column>,
    /// Names that several columns have: none of these can be told from the others.
    pub repeated: Vec<String>,
}

/// A column: its name and what it seems to hold.
pub(super) struct Column {
    pub name: String,
    pub guess: Guess,
    /// Cells that are not what most of them are.
    pub odd: Vec<String>,
    /// How many different cells there are.
    pub n_distinct: usize,
    /// How many cells are not empty.
    pub n_known: usize,
}

/// So many rows tell enough.
const ROWS_MAX: usize = 500;

impl Sample {
    /// What the head of a file shows. Its last row may be cut in the middle.
    pub(super) fn of(head: &[u8]) -> Sample {
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        let is_latin = std::str::from_utf8(head).is_err_and(|error| error.error_len().is_some());
        let encoding = if is_latin { Encoding::Latin1 } else { Encoding::Utf8 };
        let mut best = (0, b',', Vec::new());
        for delimiter in [b',', b';', b'\t', b'|'] {
            let rows = rows(head, delimiter, encoding);
            let score = score(&rows);
            if score > best.0 || best.2.is_empty() {
                best = (score, delimiter, rows);
            }
        }
        let mut columns = columns(&best.2);
        let mut names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        names.sort_unstable();
        let mut repeated: Vec<String> =
            names.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0].clone()).collect();
        repeated.dedup();
        columns.retain(|column| !repeated.contains(&column.name));
        Sample { delimiter: best.1, encoding, columns, repeated }
    }

    /// The column that most looks like the time of what a row tells.
    pub(super) fn time(&self) -> Option<&Column> {
        let instant = |column: &&Column| matches!(column.guess, Guess::Instant(..));
        let date = |column: &&Column| {
            let is_date = matches!(column.guess, Guess::Date(..));
            let name = squeezed(&column.name);
            is_date && !name.contains("birth") && name != "dob"
        };
        self.columns.iter().find(instant).or_else(|| self.columns.iter().find(date))
    }

    /// The first column that has one of these names, by letters and digits alone.
    pub(super) fn called(&self, names: &[&str]) -> Option<&Column> {
        let mut found = names
            .iter()
            .filter_map(|name| self.columns.iter().find(|column| squeezed(&column.name) == *name));
        found.next()
    }
}

/// Cells in rows that are as long as the first; one cell in a row tells nothing.
fn score(rows: &[Vec<String>]) -> usize {
    let width = rows.first().map_or(0, Vec::len);
    let n_alike = rows.iter().filter(|row| row.len() == width).count();
    if width > 1 { n_alike * width } else { 0 }
}

fn rows(head: &[u8], delimiter: u8, encoding: Encoding) -> Vec<Vec<String>> {
    let (mut rows, mut rest, mut cells) = (Vec::new(), head, Cells::default());
    while rows.len() <= ROWS_MAX && !rest.is_empty() {
        let Found::Record { n_content, n_bytes, .. } = (Cut::Rows { delimiter }).first(rest, true)
        else {
            break;
        };
        if let Ok(text) = decode(encoding, &rest[..n_content])
            && !text.trim().is_empty()
        {
            cells.split(&text, delimiter);
            rows.push((0..cells.len()).map(|place| cells.get(place).to_owned()).collect());
        }
        rest = &rest[n_bytes..];
    }
    if rows.len() > 2 && rest.is_empty() {
        rows.pop();
    }
    rows
}

fn columns(rows: &[Vec<String>]) -> Vec<Column> {
    let Some((header, rows)) = rows.split_first() else { return Vec::new() };
    let rows: Vec<_> = rows.iter().filter(|row| row.len() == header.len()).collect();
    let columns = header.iter().enumerate().map(|(place, name)| {
        let cells = rows.iter().map(|row| row[place].trim());
        let mut known: Vec<&str> = cells.filter(|cell| !cell.is_empty()).collect();
        let guess = Guess::of(name, &known);
        let odd = guess.odd(&known);
        let n_known = known.len();
        known.sort_unstable();
        known.dedup();
        Column { name: name.trim().to_owned(), guess, odd, n_distinct: known.len(), n_known }
    });
    columns.filter(|column| !column.name.is_empty()).collect()
}
