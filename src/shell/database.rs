//! What answers the statements: an open directory, or a server that holds it.

use crate::engine::{Answers, Ask, CommitError, QueryError, Throng};
use crate::wire::json_of_diagnostics;
use std::fmt;

/// What answers statements.
pub trait Database: Send + Sync {
    /// Runs a program of statements.
    ///
    /// # Errors
    /// See [`Trouble`].
    fn ask(&self, asked: &Ask<'_>) -> Result<Answers, Trouble>;
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// What was asked is wrong; the text says why.
    Wrong(String),
    /// The statements are wrong.
    Text {
        /// Shows where.
        pictures: String,
        /// The same for programs.
        json: String,
    },
    /// Something failed.
    Failed(String),
    /// The question was taken back.
    Cancelled,
}

impl Database for Throng {
    fn ask(&self, asked: &Ask<'_>) -> Result<Answers, Trouble> {
        Throng::ask(self, asked).map_err(|error| Trouble::of(error, asked.text))
    }
}

impl Trouble {
    /// Why there is no answer to this text.
    pub fn of(error: QueryError, text: &str) -> Trouble {
        match error {
            QueryError::Text { diagnostics, pictures } => {
                let json = json_of_diagnostics(text, &diagnostics, &pictures).to_string();
                Trouble::Text { pictures, json }
            }
            other => Trouble::from(other),
        }
    }
}

impl From<QueryError> for Trouble {
    fn from(error: QueryError) -> Trouble {
        match error {
            QueryError::Text { pictures, .. } => Trouble::Wrong(pictures),
            QueryError::NoSuchAudience { .. }
            | QueryError::Commit(CommitError::NoSuchProfile(_)) => {
                Trouble::Wrong(format!("throng: {error}"))
            }
            QueryError::Cancelled => Trouble::Cancelled,
            QueryError::After { error: ref inner, .. } => {
                match Trouble::from(QueryError::clone(inner)) {
                    Trouble::Wrong(_) | Trouble::Text { .. } => Trouble::Wrong(error.to_string()),
                    Trouble::Failed(_) | Trouble::Cancelled => Trouble::Failed(error.to_string()),
                }
            }
            other => Trouble::Failed(other.to_string()),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Wrong(text) | Trouble::Text { pictures: text, .. } => {
                f.write_str(text.trim_end())
            }
            Trouble::Failed(problem) => write!(f, "throng: {problem}"),
            Trouble::Cancelled => f.write_str("cancelled"),
        }
    }
}

impl std::error::Error for Trouble {}
