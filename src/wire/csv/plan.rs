//! A mapping fitted to the header of a file.

use super::error::MappingError;
use super::mapping::{Column, Encoding, Mapping};
use super::split::Cells;
use crate::lang::nearest;
use crate::wire::json::check_utf8;
use crate::wire::reject::Reject;
use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

/// A mapping, and where its columns lie in the file.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(super) mapping: Arc<Mapping>,
    places: Vec<usize>,
    pub(super) names: Vec<String>,
}

/// One row, by the columns that the mapping names.
pub(super) struct Row<'a> {
    pub plan: &'a Plan,
    pub cells: &'a Cells,
    /// Its number in the file, from 1.
    pub number: u64,
    /// Local times of it that a change of the clock made doubtful.
    pub n_doubtful: Cell<u64>,
}

impl Plan {
    /// Fits a mapping to the header; without one the mapping names the columns.
    pub(crate) fn new(mapping: Arc<Mapping>, header: Option<&[u8]>) -> Result<Plan, MappingError> {
        let names = match (&mapping.named, header) {
            (Some(names), _) => names.clone(),
            (None, Some(header)) => names_of(&mapping, header)?,
            (None, None) => Vec::new(),
        };
        let places = mapping.columns.iter().map(|(name, key, line)| {
            let place = names.iter().position(|known| known == &**name);
            place.ok_or_else(|| no_column(name, key, *line, &names))
        });
        let places = places.collect::<Result<_, _>>()?;
        Ok(Plan { mapping, places, names })
    }

    pub(super) fn place(&self, column: Column) -> usize {
        self.places[column.0]
    }
}

impl<'a> Row<'a> {
    /// The cell of that column.
    pub(super) fn cell(&self, column: Column) -> &'a str {
        self.cells.get(self.plan.place(column))
    }

    /// A reject that says which column it is about.
    pub(super) fn blame(&self, column: Column, reject: Reject) -> Reject {
        let name = self.plan.mapping.columns.name(column);
        let message = format!("the column `{name}`: {}", reject.message);
        Reject { message, ..reject }.at(1 + self.plan.place(column))
    }
}

/// The text of a row.
pub(super) fn decode(encoding: Encoding, bytes: &[u8]) -> Result<Cow<'_, str>, Reject> {
    match encoding {
        Encoding::Utf8 => {
            check_utf8(bytes).map_err(|reject| Reject {
                remedy: "write the file in UTF-8, or set encoding = \"latin-1\"".into(),
                ..reject
            })?;
            Ok(String::from_utf8_lossy(bytes))
        }
        // As browsers do: what calls itself Latin-1 is nearly always Windows-1252.
        Encoding::Latin1 => Ok(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0),
    }
}

fn names_of(mapping: &Mapping, header: &[u8]) -> Result<Vec<String>, MappingError> {
    let wrong = |message: String, remedy: String| MappingError {
        line: None,
        key: String::new(),
        message: format!("it does not fit the header of the file: {message}"),
        remedy,
    };
    let text =
        decode(mapping.encoding, header).map_err(|reject| wrong(reject.message, reject.remedy))?;
    let mut cells = Cells::default();
    cells.split(&text, mapping.delimiter);
    let names: Vec<String> =
        (0..cells.len()).map(|place| cells.get(place).trim().to_owned()).collect();
    let twice = names.iter().enumerate().find(|(place, name)| names[..*place].contains(name));
    match twice {
        Some((_, name)) if mapping.columns.iter().any(|(wanted, _, _)| **wanted == **name) => {
            Err(wrong(
                format!("two columns are called `{name}`"),
                "name them apart, or set header = false and `columns`".into(),
            ))
        }
        _ => Ok(names),
    }
}

fn no_column(name: &str, key: &str, line: usize, names: &[String]) -> MappingError {
    let shown: Vec<&str> = names.iter().take(30).map(String::as_str).collect();
    let all = format!("The file has {}", shown.join(", "));
    let all = if names.len() > shown.len() { format!("{all}, ...") } else { all };
    let remedy = match nearest(name, names.iter().map(|name| (name.as_str(), 0))) {
        Some(nearest) => format!("did you mean `{nearest}`? {all}"),
        None if names.len() == 1 => format!("check the `delimiter`. {all}"),
        None => all,
    };
    MappingError {
        line: Some(line),
        key: key.to_owned(),
        message: format!("the file has no column `{name}`"),
        remedy,
    }
}
