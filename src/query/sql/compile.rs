//! A whole statement: who is in an audience, what a trait comes to, a report.

use super::Dialect;
use super::refused::{Made, Refused};
use super::sql::{Scope, Sql};
use crate::model::Timestamp;
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
        Compiled::Value(value) => sql.values(value)?,
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

    fn question(&mut self, question: &Question) -> Made<String> {
        match question {
            Question::CountPeople { people, by, top } if by.is_empty() => {
                let mut scope = Scope::people(self);
                let condition = self.condition(people, &mut scope)?;
                let top = top.map(|top| format!("LIMIT {top}")).unwrap_or_default();
                Ok(self.select(&scope, "COUNT(*) AS people", &[condition], &top))
            }
            Question::CountPeople { people, by, top } => self.groups(people, by, *top),
            Question::List { columns, people, sort, limit } => {
                self.list(people, columns, sort.as_ref(), *limit)
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

    pub(super) fn name(&self, name: &str) -> Made<String> {
        match name.contains(['"', '`']) {
            true => Err(Refused::new(format!("a column called `{name}`"))),
            false => Ok(self.dialect.quoted(name)),
        }
    }
}
