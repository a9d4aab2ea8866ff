//! Statements of several columns: the rows as a table, then their order and what is shown.

use super::column::Column;
use super::refused::Made;
use super::sql::{Scope, Sql};
use crate::query::predicate::{Condition, Expr, PersonLeaf};
use crate::query::{self, Sort};

impl Sql {
    /// A value of everybody.
    pub(super) fn values(&mut self, value: &Expr<PersonLeaf>) -> Made<String> {
        let mut scope = Scope::people(self);
        let column = Column::of(self, value, &mut scope)?;
        let (person, birth, raw) = (scope.person(), scope.column("birth"), column.raw(self));
        let text = self.select(&scope, &format!("{person}, {birth}, {raw} AS c1"), &[], "");
        let rows = self.table("row", text);
        let shown = column.shown(self, &format!("{rows}.c1"));
        Ok(format!(
            "SELECT {rows}.profile_id, {shown} AS value FROM {rows}\n  ORDER BY {rows}.birth"
        ))
    }

    /// How many people each group has, the largest first.
    pub(super) fn groups(
        &mut self,
        people: &Condition,
        by: &[query::Column],
        top: Option<u64>,
    ) -> Made<String> {
        let mut scope = Scope::people(self);
        let condition = self.condition(people, &mut scope)?;
        let columns = self.columns(by, &mut scope)?;
        let places = (1..=by.len()).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
        let selected = format!("{}, COUNT(*) AS people", self.raw(&columns));
        let text = self.select(&scope, &selected, &[condition], &format!("GROUP BY {places}"));
        let rows = self.table("row", text);
        let mut order = vec![format!("{rows}.people DESC")];
        for (place, column) in columns.iter().enumerate() {
            let key = column.ordered(self, &numbered(&rows, place));
            order.push(format!("{key} ASC NULLS LAST"));
        }
        let shown = self.shown(&columns, by, &rows)?;
        Ok(ordered(&format!("{shown}, {rows}.people"), &rows, &order, top))
    }

    /// A row of each person.
    pub(super) fn list(
        &mut self,
        people: &Condition,
        of: &[query::Column],
        sort: Option<&Sort>,
        limit: Option<u64>,
    ) -> Made<String> {
        let mut scope = Scope::people(self);
        let condition = self.condition(people, &mut scope)?;
        let columns = self.columns(of, &mut scope)?;
        let mut selected = format!("{}, {}", self.raw(&columns), scope.column("birth"));
        let sort = match sort {
            Some(sort) => Some((Column::of(self, &sort.value, &mut scope)?, sort.descending)),
            None => None,
        };
        if let Some((key, _)) = &sort {
            selected.push_str(&format!(", {} AS s", key.raw(self)));
        }
        let text = self.select(&scope, &selected, &[condition], "");
        let rows = self.table("row", text);
        let mut order = Vec::new();
        if let Some((key, descending)) = sort {
            let down = if descending { "DESC" } else { "ASC" };
            let key = key.ordered(self, &format!("{rows}.s"));
            order.push(format!("{key} {down} NULLS LAST"));
        }
        order.push(format!("{rows}.birth"));
        Ok(ordered(&self.shown(&columns, of, &rows)?, &rows, &order, limit))
    }

    fn columns(&mut self, of: &[query::Column], scope: &mut Scope) -> Made<Vec<Column>> {
        of.iter().map(|column| Column::of(self, &column.value, scope)).collect()
    }

    fn raw(&self, columns: &[Column]) -> String {
        let raw = columns.iter().enumerate();
        let raw = raw.map(|(place, column)| format!("{} AS c{}", column.raw(self), place + 1));
        raw.collect::<Vec<_>>().join(", ")
    }

    fn shown(&self, columns: &[Column], of: &[query::Column], rows: &str) -> Made<String> {
        let shown = columns.iter().zip(of).enumerate().map(|(place, (column, of))| {
            let shown = column.shown(self, &numbered(rows, place));
            Ok(format!("{shown} AS {}", self.name(&of.name)?))
        });
        Ok(shown.collect::<Made<Vec<_>>>()?.join(", "))
    }
}

fn numbered(rows: &str, place: usize) -> String {
    format!("{rows}.c{}", place + 1)
}

fn ordered(shown: &str, rows: &str, order: &[String], limit: Option<u64>) -> String {
    let limit = limit.map(|limit| format!(" LIMIT {limit}")).unwrap_or_default();
    format!("SELECT {shown} FROM {rows}\n  ORDER BY {}{limit}", order.join(", "))
}
