//! A whole statement: who is in an audience, what a trait comes to, a report.

use super::Dialect;
use super::cell::Cell;
use super::refused::{Made, Refused};
use super::sql::{Scope, Sql, all_of};
use crate::model::{Kind, Timestamp};
use crate::query::Question;
use crate::query::predicate::{Condition, Expr, PersonLeaf};
use crate::query::resolve::Explanation;

/// What is compiled.
#[derive(Clone, Copy, Debug)]
pub enum Compiled<'a> {
    /// Who fulfils a condition: their `profile_id`, by birth.
    People(&'a Condition),
    /// What everybody has of a value.
    Value(&'a Expr<PersonLeaf>),
    /// A report.
    Question(&'a Question),
}

impl<'a> Compiled<'a> {
    /// What is explained, if it is something that can be asked of people.
    pub fn of(explained: &'a Explanation) -> Option<Compiled<'a>> {
        match explained {
            Explanation::Audience(audience) => Some(Compiled::People(&audience.condition)),
            Explanation::Condition(_, condition) => Some(Compiled::People(condition)),
            Explanation::Trait(_, value) => Some(Compiled::Value(value)),
            Explanation::Question(question) => Some(Compiled::Question(question)),
            Explanation::Identifier(_) => None,
        }
    }
}

/// The statement in SQL that gives the same answer at `now`, over the files of
/// a lake that was written at `now`.
///
/// ```
/// use throng::model::Timestamp;
/// use throng::query::predicate::Condition;
/// use throng::query::sql::{Compiled, Dialect, compile};
/// let everyone = Condition::always();
/// let sql = compile(Compiled::People(&everyone), Timestamp::EPOCH, Dialect::DuckDb).unwrap();
/// assert!(sql.ends_with("SELECT people.profile_id FROM people\n  ORDER BY people.birth"));
/// ```
pub fn compile(what: Compiled<'_>, now: Timestamp, dialect: Dialect) -> Result<String, Refused> {
    let mut sql = Sql::new(dialect, now);
    let last = match what {
        Compiled::People(condition) => sql.members(condition)?,
        Compiled::Value(value) => {
            let mut scope = Scope::people(&mut sql);
            let cell = sql.value(value, &mut scope)?;
            let (person, shown) = (scope.person(), sql.shown(&cell));
            let order = format!("ORDER BY {}", scope.column("birth"));
            sql.select(&scope, &format!("{person}, {shown} AS value"), &[], &order)
        }
        Compiled::Question(question) => sql.question(question)?,
    };
    Ok(sql.finished(&last))
}

impl Sql {
    fn members(&mut self, condition: &Condition) -> Made<String> {
        let mut scope = Scope::people(self);
        let conditions = match condition {
            crate::query::predicate::Tree::All(parts) => parts
                .iter()
                .map(|part| self.condition(part, &mut scope))
                .collect::<Made<Vec<_>>>()?,
            other => vec![self.condition(other, &mut scope)?],
        };
        let order = format!("ORDER BY {}", scope.column("birth"));
        Ok(self.select(&scope, &scope.person(), &conditions, &order))
    }

    /// A value as a person reads it: no letter before it, times as times.
    pub(super) fn shown(&self, cell: &Cell) -> String {
        match cell.kind() {
            Some(Kind::Instant) => self.dialect.instant(&self.read(cell, Kind::Instant)),
            Some(Kind::Date) => self.dialect.date(&self.read(cell, Kind::Date)),
            Some(kind) => self.read(cell, kind),
            None => {
                let whole = self.lettered(cell);
                self.once("v", &whole, |v| {
                    format!(
                        "CASE WHEN left({v}, 1) IN ('[', '{{') THEN {v} ELSE substr({v}, 2) END"
                    )
                })
            }
        }
    }

    fn question(&mut self, question: &Question) -> Made<String> {
        match question {
            Question::CountPeople { people, by, top } if by.is_empty() && top.is_none() => {
                let mut scope = Scope::people(self);
                let condition = self.condition(people, &mut scope)?;
                Ok(self.select(&scope, "COUNT(*) AS people", &[condition], ""))
            }
            Question::CountPeople { people, by, top } => {
                let mut scope = Scope::people(self);
                let condition = self.condition(people, &mut scope)?;
                let mut columns = Vec::new();
                for column in by {
                    let cell = self.value(&column.value, &mut scope)?;
                    columns.push(format!("{} AS {}", self.shown(&cell), self.name(&column.name)?));
                }
                columns.push("COUNT(*) AS people".to_owned());
                let places: Vec<String> = (1..=by.len()).map(|n| n.to_string()).collect();
                let mut rest = format!("GROUP BY {0} ORDER BY people DESC, {0}", places.join(", "));
                if let Some(top) = top {
                    rest.push_str(&format!(" LIMIT {top}"));
                }
                Ok(self.select(&scope, &columns.join(", "), &[condition], &rest))
            }
            Question::List { columns, people, sort, limit } => {
                let mut scope = Scope::people(self);
                let condition = self.condition(people, &mut scope)?;
                let mut shown = Vec::new();
                for column in columns {
                    let cell = self.value(&column.value, &mut scope)?;
                    shown.push(format!("{} AS {}", self.shown(&cell), self.name(&column.name)?));
                }
                let mut order = Vec::new();
                if let Some(sort) = sort {
                    let cell = self.value(&sort.value, &mut scope)?;
                    let down = if sort.descending { "DESC" } else { "ASC" };
                    order.push(format!("{} {down} NULLS LAST", self.shown(&cell)));
                }
                order.push(scope.column("birth"));
                let mut rest = format!("ORDER BY {}", order.join(", "));
                if let Some(limit) = limit {
                    rest.push_str(&format!(" LIMIT {limit}"));
                }
                Ok(self.select(&scope, &shown.join(", "), &[all_of(vec![condition])], &rest))
            }
            Question::CountEvents { .. } => Err(Refused::new("a count of events")),
            Question::Total { .. } => Err(Refused::new("a total")),
            Question::Trend { .. } => Err(Refused::new("a trend")),
            Question::Funnel { .. } => Err(Refused::new("a funnel")),
            Question::Retention { .. } => Err(Refused::new("retention")),
            Question::Forecast { .. } => Err(Refused::new("a forecast")),
            Question::Overlap { .. } => Err(Refused::new("an overlap")),
            Question::Timeline { .. } => Err(Refused::new("a timeline")),
        }
    }

    fn name(&self, name: &str) -> Made<String> {
        match name.contains(['"', '`']) {
            true => Err(Refused::new(format!("a column called `{name}`"))),
            false => Ok(self.dialect.quoted(name)),
        }
    }
}
