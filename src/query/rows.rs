//! Answers as a table.

use crate::model::Value;

/// Named columns, and rows of as many values.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rows {
    /// The names, in order.
    pub columns: Vec<String>,
    /// The rows, in order.
    pub rows: Vec<Vec<Value>>,
}
