//! The order of versions, by a text of each that sorts as they do.
//!
//! A version of a declared type is written in one way: numbers of which there
//! are three or more, and what a preview is called.

use super::Dialect;
use super::cell::Cell;
use super::sql::{Sql, all_of};
use crate::model::{Kind, Value, Version};
use crate::query::predicate::Comparison;

impl Sql {
    /// Whether a version compares so with each of these.
    pub(super) fn version(&self, subject: &Cell, all: &[(Comparison, Cell)]) -> String {
        let own = self.read(subject, Kind::Text);
        self.once("v", &own, |v| {
            let key = self.key(v);
            let compared = all.iter().map(|(comparison, other)| {
                let sign = match comparison {
                    Comparison::Equal => "=",
                    Comparison::NotEqual => "<>",
                    Comparison::Less => "<",
                    Comparison::AtMost => "<=",
                    Comparison::Greater => ">",
                    Comparison::AtLeast => ">=",
                };
                format!("{key} {sign} {}", self.key_of(other))
            });
            all_of(compared.collect())
        })
    }

    fn key_of(&self, cell: &Cell) -> String {
        match cell {
            Cell::Literal(Value::Text(text)) => match text.parse::<Version>() {
                Ok(version) => self.key(&self.dialect.text(&version.to_string())),
                Err(_) => "NULL".to_owned(),
            },
            other => self.key(&self.read(other, Kind::Text)),
        }
    }

    /// Numbers of one width; then `!` and the parts of a preview, numbers before
    /// words, or `#` for the release, which comes after it and before more numbers.
    fn key(&self, version: &str) -> String {
        let dialect = self.dialect;
        let number = dialect.padded("x");
        let numbers =
            dialect.each_part(&format!("split_part({version}, '-', 1)"), '.', &number, ".");
        let part = format!(
            "CASE WHEN {} THEN '0' || {number} ELSE '1' || x END",
            dialect.finds("x", "^[0-9]+$")
        );
        let preview = dialect.replaced(version, "^[^-]*-", "");
        let preview = dialect.each_part(&preview, '.', &part, " ");
        format!(
            "{numbers} || CASE WHEN contains({version}, '-') THEN '!' || {preview} ELSE '#' END"
        )
    }
}

impl Dialect {
    fn padded(self, text: &str) -> String {
        format!("lpad({text}, 20, '0')")
    }

    /// Each part of a text, made to something and joined again.
    pub(super) fn each_part(self, text: &str, between: char, made: &str, by: &str) -> String {
        match self {
            Dialect::DuckDb => {
                let parts = format!("string_split({text}, '{between}')");
                format!("array_to_string({}, '{by}')", self.mapped(&parts, "x", made))
            }
            Dialect::Spark => {
                let parts = format!("split({text}, '[{between}]')");
                format!("array_join({}, '{by}')", self.mapped(&parts, "x", made))
            }
        }
    }
}
