//! Columns of an answer: how values are shown, and how rows are ordered by them.
//!
//! Rows are made first, with values as the lake has them; only then are they
//! ordered and shown, so that what is shown says nothing about the order.

use super::cell::Cell;
use super::refused::Made;
use super::sql::{Scope, Sql};
use super::told::told;
use crate::model::Kind;
use crate::query::predicate::{Expr, PersonLeaf};

/// A value of each row that is made: its expression, then its column.
pub(super) struct Column {
    cell: Cell,
    /// What its declared type says it is, if it is anything.
    told: Option<Kind>,
}

impl Column {
    pub(super) fn of(sql: &mut Sql, value: &Expr<PersonLeaf>, scope: &mut Scope) -> Made<Column> {
        Ok(Column { cell: sql.value(value, scope)?, told: told(value) })
    }

    /// As the row has it.
    pub(super) fn raw(&self, sql: &Sql) -> String {
        match self.cell.kind() {
            Some(kind) => sql.read(&self.cell, kind),
            None => sql.lettered(&self.cell),
        }
    }

    /// As a person reads it, of the column that has it.
    pub(super) fn shown(&self, sql: &Sql, column: &str) -> String {
        let cell = self.held(column);
        match self.cell.kind().or(self.told) {
            Some(Kind::Instant) => sql.dialect.instant(&sql.read(&cell, Kind::Instant)),
            Some(Kind::Date) => sql.dialect.date(&sql.read(&cell, Kind::Date)),
            Some(Kind::List) => sql.texts(column),
            Some(Kind::Object) | None => sql.text_of_any(column),
            Some(kind) => sql.read(&cell, kind),
        }
    }

    /// What rows are ordered by; where a column may be of several kinds, the kind
    /// comes first, then the size, then a list's elements, then the text.
    pub(super) fn ordered(&self, sql: &Sql, column: &str) -> String {
        match self.cell.kind() {
            Some(_) => column.to_owned(),
            None => sql.place(column),
        }
    }

    fn held(&self, column: &str) -> Cell {
        match self.cell.kind() {
            Some(kind) => Cell::Of(kind, column.to_owned()),
            None => Cell::any(column.to_owned()),
        }
    }
}

impl Sql {
    /// The elements of a list as texts.
    fn texts(&self, v: &str) -> String {
        let array = format!("CASE WHEN left({v}, 1) = '[' THEN {v} END");
        self.dialect.mapped(&self.dialect.elements(&array), "y", &self.text_of("y"))
    }

    fn text_of_any(&self, v: &str) -> String {
        let list = self.dialect.json_of(&self.texts(v));
        format!("CASE WHEN left({v}, 1) = '[' THEN {list} ELSE {} END", self.text_of(v))
    }

    /// The text of a value without its letter; of an object, JSON without letters.
    fn text_of(&self, v: &str) -> String {
        let (dialect, string) = (self.dialect, self.dialect.string());
        let day = dialect.date(&format!("substr({v}, 2)"));
        let at = dialect.instant(&format!("CAST(substr({v}, 2) AS BIGINT)"));
        format!(
            "CASE left({v}, 1) WHEN 'd' THEN CAST({day} AS {string}) \
             WHEN 'i' THEN CAST({at} AS {string}) WHEN 'n' THEN substr({v}, 2) \
             WHEN 't' THEN substr({v}, 2) WHEN 'b' THEN substr({v}, 2) \
             WHEN 'm' THEN substr({v}, 2) ELSE {} END",
            dialect.without_letters(v)
        )
    }

    /// Where a value of any kind stands among others.
    fn place(&self, v: &str) -> String {
        let dialect = self.dialect;
        let of_element = dialect.record(&place_of("y"));
        let array = format!("CASE WHEN left({v}, 1) = '[' THEN {v} END");
        let list = dialect.mapped(&dialect.elements(&array), "y", &of_element);
        let mut fields = place_of(v).to_vec();
        fields.insert(2, ("l", list));
        format!("CASE WHEN {v} IS NOT NULL THEN {} END", dialect.record(&fields))
    }
}

/// The kind, the size and the text.
fn place_of(v: &str) -> [(&'static str, String); 3] {
    let rank = format!(
        "CASE left({v}, 1) WHEN 'b' THEN 0 WHEN 'n' THEN 1 WHEN 'd' THEN 3 WHEN 'i' THEN 4 \
         WHEN 'm' THEN 5 WHEN 't' THEN 6 WHEN '[' THEN 7 WHEN '{{' THEN 8 \
         ELSE CASE WHEN {v} IS NULL THEN 9 ELSE 2 END END"
    );
    let size = format!(
        "CASE WHEN left({v}, 1) IN ('n', 'd', 'i', 'm') THEN CAST(substr({v}, 2) AS DECIMAL(38,9)) END"
    );
    [("k", rank), ("n", size), ("t", v.to_owned())]
}
