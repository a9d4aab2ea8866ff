//! What the database knows, for those who write: it is asked in statements.

use super::super::database::{Database, Trouble};
use crate::engine::{Answer, Ask};
use crate::lang::print_name;
use crate::model::Value;
use crate::query::Rows;
use std::sync::Arc;

/// A database, or none.
#[derive(Clone)]
pub(super) struct Known(pub Option<Arc<dyn Database>>);

impl Known {
    /// The rows of a question; none if it cannot be answered.
    pub fn rows(&self, text: &str) -> Option<Rows> {
        let answers = self.0.as_ref()?.ask(&Ask { text, ..Ask::default() }).ok()?;
        answers.answers.iter().find_map(Answer::rows).cloned()
    }

    /// The names that a question lists in its first column.
    pub fn names(&self, text: &str) -> Vec<String> {
        let rows = self.rows(text).map(|rows| rows.rows).unwrap_or_default();
        let name = |row: &Vec<Value>| row.first().and_then(Value::as_text).map(|it| it.to_string());
        rows.iter().filter_map(name).collect()
    }

    /// The properties of an event.
    pub fn properties(&self, event: &str) -> Vec<String> {
        self.names(&format!("describe event {}", print_name(event)))
    }

    /// The texts of the rows of all statements.
    pub fn texts(&self, statements: &str) -> Vec<String> {
        let answers = self
            .0
            .as_ref()
            .and_then(|database| database.ask(&Ask { text: statements, ..Ask::default() }).ok());
        let answers = answers.map(|found| found.answers).unwrap_or_default();
        let rows = answers.iter().filter_map(Answer::rows).flat_map(|rows| &rows.rows);
        rows.flatten().filter_map(Value::as_text).map(ToString::to_string).collect()
    }

    /// What is wrong with a statement that is only explained, as JSON, or what it warns of.
    pub fn wrong(&self, statement: &str) -> Result<Vec<String>, String> {
        let Some(database) = &self.0 else { return Ok(Vec::new()) };
        let text = format!("explain {statement}");
        match database.ask(&Ask { text: &text, ..Ask::default() }) {
            Ok(answers) => Ok(answers.warnings),
            Err(Trouble::Text { json, .. }) => Err(json),
            Err(_) => Ok(Vec::new()),
        }
    }
}
