//! How an input's records are spoken of: whoever has columns is not told of keys.

use super::report::Rejected;
use crate::command::print::agreeing;
use crate::wire::Spot;
use crate::wire::csv::Mapping;
use std::borrow::Cow;

/// A noun, for one and for several.
pub(super) type Noun = [&'static str; 2];

/// The words for one input.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// Of rows: the columns that name the person.
    columns: Option<Vec<String>>,
    /// Whether ids are made of the numbers of rows.
    pub counts_rows: bool,
}

impl Words {
    /// For rows of this mapping; without one, for lines of JSON.
    pub fn new(mapping: Option<&Mapping>) -> Words {
        let columns = |mapping: &Mapping| {
            mapping.identifier_columns().into_iter().map(str::to_owned).collect()
        };
        Words {
            columns: mapping.map(columns),
            counts_rows: mapping.is_some_and(Mapping::counts_rows),
        }
    }

    /// What is read.
    pub fn records(&self) -> Noun {
        if self.columns.is_some() { ["row", "rows"] } else { ["line", "lines"] }
    }

    /// What is rejected: one call of several, or the whole record.
    pub fn unit(&self, spot: Spot) -> Noun {
        if spot.part.is_some() { ["call", "calls"] } else { self.records() }
    }

    /// The message and the remedy.
    pub fn of<'a>(&self, rejected: &Rejected<'a>) -> (Cow<'a, str>, Cow<'a, str>) {
        let as_they_are = (rejected.message.into(), rejected.remedy.into());
        let Some(columns) = &self.columns else { return as_they_are };
        match (rejected.reason, &columns[..]) {
            ("missing_identifier", []) => (
                "the mapping has no `[identifiers]`: the row names nobody".into(),
                "name the columns that say whom a row is about under `[identifiers]`".into(),
            ),
            ("missing_identifier", columns) => {
                let columns: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
                let empty = agreeing(columns.len() as u64, "is empty", "are empty");
                let names = columns.join(", ");
                (
                    format!("the row names nobody: {names} {empty}").into(),
                    "fill one in, or name another column under `[identifiers]`".into(),
                )
            }
            _ => as_they_are,
        }
    }
}
