//! Names that are known: asked for when somebody wants to complete one.

use super::database::Database;
use crate::engine::{Answer, Ask};
use crate::model::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// The names of a database, as of the last statement that ran.
pub(super) struct Names {
    database: Arc<dyn Database>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    fresh: bool,
    all: Vec<String>,
    /// Answers to questions that list names.
    listed: BTreeMap<String, Vec<String>>,
    /// Properties of the events that were asked for.
    properties: BTreeMap<String, Vec<String>>,
}

/// What may stand in a condition or a definition.
const LISTS: &str = "show events; show attributes; show audiences; show traits; \
                     show identifiers; show conditions; show lists; show experiments";

impl Names {
    pub fn new(database: Arc<dyn Database>) -> Names {
        Names { database, known: Mutex::default() }
    }

    /// A statement ran: there may be other names now.
    pub fn forget(&self) {
        if let Ok(mut known) = self.known.lock() {
            *known = Known::default();
        }
    }

    /// Events, attributes, namespaces, and everything that is defined.
    pub fn all(&self) -> Vec<String> {
        let Ok(mut known) = self.known.lock() else { return Vec::new() };
        if !known.fresh {
            let mut all: Vec<String> = self.first_columns(LISTS);
            all.sort();
            all.dedup();
            known.all = all;
            known.fresh = true;
        }
        known.all.clone()
    }

    /// The names that a question lists, asked for once between two statements.
    pub fn listed(&self, question: &str) -> Vec<String> {
        let Ok(mut known) = self.known.lock() else { return Vec::new() };
        if let Some(names) = known.listed.get(question) {
            return names.clone();
        }
        let names = self.first_columns(question);
        known.listed.insert(question.to_owned(), names.clone());
        names
    }

    /// The properties of an event.
    pub fn properties(&self, event: &str) -> Vec<String> {
        let Ok(mut known) = self.known.lock() else { return Vec::new() };
        if let Some(properties) = known.properties.get(event) {
            return properties.clone();
        }
        let quoted = format!("describe event {}", crate::lang::print_name(event));
        let properties = self.first_columns(&quoted);
        known.properties.insert(event.to_owned(), properties.clone());
        properties
    }

    /// The texts of the rows of all statements, asked for once between two others.
    fn texts(&self, statements: &str) -> Vec<String> {
        let Ok(mut known) = self.known.lock() else { return Vec::new() };
        if let Some(texts) = known.listed.get(statements) {
            return texts.clone();
        }
        let asked = self.database.ask(&Ask { text: statements, ..Ask::default() });
        let answers = asked.map(|found| found.answers).unwrap_or_default();
        let rows = answers.iter().filter_map(Answer::rows).flat_map(|rows| &rows.rows);
        let texts: Vec<String> =
            rows.flatten().filter_map(Value::as_text).map(ToString::to_string).collect();
        known.listed.insert(statements.to_owned(), texts.clone());
        texts
    }

    #[cfg(test)]
    pub fn database_for_tests(&self) -> &dyn Database {
        &*self.database
    }

    /// The first column of each answer. A question that fails offers nothing.
    fn first_columns(&self, text: &str) -> Vec<String> {
        let Ok(answers) = self.database.ask(&Ask { text, ..Ask::default() }) else {
            return Vec::new();
        };
        let rows = answers.answers.iter().filter_map(Answer::rows).flat_map(|rows| &rows.rows);
        rows.filter_map(|row| row.first().and_then(Value::as_text).map(|name| name.to_string()))
            .collect()
    }
}

impl super::suggest::Known for Names {
    fn names(&self, question: &str) -> Vec<String> {
        self.listed(question)
    }

    fn properties(&self, event: &str) -> Vec<String> {
        Names::properties(self, event)
    }

    fn texts(&self, statements: &str) -> Vec<String> {
        Names::texts(self, statements)
    }
}
