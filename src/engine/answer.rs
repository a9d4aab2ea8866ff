//! What a statement gets back.

use crate::query::Rows;

/// The answer to one statement.
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// One per statement.
    pub answers: Vec<Answer>,
    /// Lints, drawn as pictures.
    pub warnings: Vec<String>,
}
