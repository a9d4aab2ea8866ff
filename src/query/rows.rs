//! Answers as a table.

use crate::model::Value;

/// Named columns, and rows of as many values.
///
/// ```
/// use throng::engine::{Rows, Throng};
/// let answers = Throng::temporary()?.query("count everyone")?;
/// let rows: &Rows = answers.answers[0].rows().unwrap();
/// assert_eq!((&rows.columns[..], &rows.rows[..]), (&["people".to_owned()][..], &[vec![0.into()]][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rows {
    /// The names, in order.
    pub columns: Vec<String>,
    /// The rows, in order.
    pub rows: Vec<Vec<Value>>,
}
