//! What a statement gets back.

use crate::query::Rows;

/// The answer to one statement.
///
/// ```
/// use throng::engine::{Answer, Throng};
/// let answers = Throng::temporary()?.query("declare event order; count everyone")?.answers;
/// assert!(matches!(answers[0], Answer::Done(_)));
/// assert_eq!(answers[1].rows().unwrap().columns, ["people"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A table.
    Rows(Rows),
    /// A text to be read: a proof, a plan, a description.
    Text(String),
    /// Something was changed; the text says what.
    Done(String),
}

impl Answer {
    /// The table, if it is one.
    pub fn rows(&self) -> Option<&Rows> {
        match self {
            Answer::Rows(rows) => Some(rows),
            _ => None,
        }
    }
}

/// The answers to a program, in order, and what it was warned of.
///
/// ```
/// use throng::engine::Throng;
/// let answers = Throng::temporary()?.query("count everyone; count everyone")?;
/// assert_eq!((answers.answers.len(), answers.warnings.len()), (2, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// One per statement.
    pub answers: Vec<Answer>,
    /// Lints, drawn as pictures.
    pub warnings: Vec<String>,
}
