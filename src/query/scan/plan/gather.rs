//! Passes over the rows, and what each gathers of them.

use super::switch::Switch;
use super::tree::{Expr, Filter, Window};
use crate::model::{Path, Text};
use crate::timeline::ColumnKey;

/// Which rows a pass reads.
#[derive(Clone, Debug, PartialEq)]
pub enum Rows {
    /// Events of one name.
    Named(Text),
    /// All events.
    Events,
    /// All calls.
    Calls,
    Identify,
    Group,
    Consent,
}

/// One reading of some streams, for all that is gathered of them.
#[derive(Clone, Debug)]
pub struct Pass {
    /// How many levels of slots must be there before.
    pub level: usize,
    pub rows: Rows,
    pub columns: Vec<ColumnKey>,
    pub gathers: Vec<Gather>,
}

/// What goes into a slot.
#[derive(Clone, Debug)]
pub struct Gather {
    pub slot: usize,
    /// Any of these must let a row through.
    pub filters: Vec<Named>,
    /// The word that a row must have to be let through, if there is one.
    pub switch: Option<Switch>,
    pub what: What,
    /// For how many each row or element counts, where they are counted.
    pub weight: u16,
    /// Not before the first millisecond, before the second.
    pub span: (i64, i64),
    /// Windows that are different for each person, or count local days.
    pub windows: Vec<Window>,
    /// Slots of anchors, which do not count themselves.
    pub anchors: Vec<usize>,
    /// Whether the slot is one of each group and not of each person.
    pub is_together: bool,
}

/// A filter for events of a name.
#[derive(Clone, Debug)]
pub struct Named {
    /// The name, where rows of several lie together.
    pub name: Option<Text>,
    pub filter: Option<Filter>,
}

/// What is read of a row.
#[derive(Clone, Debug)]
pub enum What {
    /// That it is there.
    Row,
    /// When it happened.
    When,
    /// The value of an expression; a list element by element.
    Value(Expr),
    /// That it is good for something, and the values that it agrees with others by.
    Mark { bit: u64, key: Option<Expr> },
    /// Values of the elements that a path leads to, else the elements themselves.
    Items { column: usize, path: Path, value: Option<Expr> },
    /// An attribute, and the column of sources.
    Attribute { column: usize, source: usize },
    /// A group's id, and the column of sources.
    Group { column: usize, source: usize },
    /// A decision on a purpose: three columns.
    Consent { wanted: Text, purpose: usize, granted: usize, expires: usize },
}

/// The column of a key, among those that a pass reads.
pub fn column(columns: &mut Vec<ColumnKey>, key: ColumnKey) -> usize {
    columns.iter().position(|other| *other == key).unwrap_or_else(|| {
        columns.push(key);
        columns.len() - 1
    })
}
