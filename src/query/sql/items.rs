//! The walk through the arrays of events: a row for each place that a path leads to.

use super::path::{typed, written};
use super::refused::Made;
use super::sql::Sql;
use crate::model::{Path, Step};
use crate::query::predicate::Type;

/// Arrays right inside arrays are taken apart so deep.
const DEPTH: usize = 3;

impl Sql {
    /// The table of the places that a path leads to, with the event of each, the
    /// innermost array element that is an object, and what lies there.
    pub(super) fn items(&mut self, path: &Path, declared: Option<Type>) -> Made<String> {
        let steps = typed(path.steps(), declared)?;
        let (event, columns) = (self.events(), self.event_columns());
        let dialect = self.dialect;
        let first = dialect.extracted("lettered", &written(dialect, &steps[..1])?);
        let mut rows = format!(
            "SELECT {columns}, CAST(NULL AS {string}) AS object, {first} AS node, \
             CAST('' AS {string}) AS pos FROM {event} WHERE {first} IS NOT NULL",
            string = dialect.string()
        );
        for step in &steps[1..] {
            let at = written(dialect, std::slice::from_ref(step))?;
            rows = match step {
                Step::Index(_) => self.stepped(&rows, '[', &dialect.extracted("node", &at)),
                Step::Key(_) => {
                    let apart = self.apart(rows);
                    self.stepped(&apart, '{', &dialect.extracted("node", &at))
                }
            };
        }
        let rows = self.apart(rows);
        Ok(self.table("item", rows))
    }

    pub(super) fn event_columns(&self) -> String {
        let kind = self.dialect.quoted("type");
        format!(
            "profile_id, seq, name, t, received, source, channel, {kind}, lettered, lettered_context"
        )
    }

    /// Into a field of an object, or to an element of an array.
    fn stepped(&self, rows: &str, opens: char, inside: &str) -> String {
        let columns = self.event_columns();
        let object = match opens {
            '[' => "CASE WHEN left(el, 1) = '{' THEN el ELSE object END",
            _ => "object",
        };
        format!(
            "SELECT {columns}, {object} AS object, el AS node, pos FROM (SELECT *, \
             CASE WHEN left(node, 1) = '{opens}' THEN {inside} END AS el FROM ({rows})) \
             WHERE el IS NOT NULL"
        )
    }

    /// Every array taken element by element.
    fn apart(&self, mut rows: String) -> String {
        let (columns, dialect) = (self.event_columns(), self.dialect);
        let string = dialect.string();
        for _ in 0..DEPTH {
            rows = format!(
                "SELECT {columns}, CASE WHEN a AND left(el, 1) = '{{' THEN el ELSE object END AS object, \
                 el AS node, pos || lpad(CAST(i AS {string}), 6, '0') AS pos \
                 FROM (SELECT {columns}, object, pos, a, {} FROM (SELECT *, left(node, 1) = '[' AS a, \
                 CASE WHEN left(node, 1) = '[' THEN {} ELSE {} END AS l FROM ({rows})))",
                dialect.unnested("l"),
                dialect.elements("node"),
                dialect.list("node"),
            );
        }
        rows
    }
}
