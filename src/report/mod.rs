//! Tables over many people.
//!
//! It is handed a crowd: one that can tell at once whom a condition chooses and
//! what they have of a value is asked that; of any other it asks `holds` about
//! each person. It knows no state, no column, and not how people are found.

mod axis;
mod count;
mod forecast;
mod funnel;
mod group;
mod hull;
mod list;
mod overlap;
mod retention;
#[cfg(test)]
mod tests;
mod timeline;
mod total;
mod trend;

pub(crate) use forecast::next_move;

use crate::index::Seats;
use crate::model::{Timestamp, Value, Zone};
use crate::query::predicate::{Condition, Expr, PersonLeaf};
use crate::query::{Column, Crowd, CrowdError, Grouped, Person, Question, Rows, holds};
use std::collections::HashMap;

/// The answer to a question at an instant.
///
/// The zone is the report's own. The expressions of a resolved question carry
/// theirs, so only reports with calendar periods read it.
pub fn answer(
    question: &Question,
    crowd: &dyn Crowd,
    now: Timestamp,
    zone: &Zone,
) -> Result<Rows, CrowdError> {
    match question {
        Question::CountPeople { people, by, top } => {
            let selected = Selected { crowd, people, now };
            count::people(selected, by, *top)
        }
        Question::CountEvents { matcher, windows, people, by, top } => {
            let selected = Selected { crowd, people, now };
            count::events(selected, matcher, windows, by, *top)
        }
        Question::Total { aggregates, people, by, top } => {
            let selected = Selected { crowd, people, now };
            total::total(selected, aggregates, by, *top)
        }
        Question::List { columns, people, sort, limit } => {
            let selected = Selected { crowd, people, now };
            list::list(selected, columns, sort.as_ref(), *limit)
        }
        Question::Trend { aggregates, per, windows, people, by, top } => {
            let selected = Selected { crowd, people, now };
            trend::trend(selected, aggregates, (*per, zone), windows, (by, *top))
        }
        Question::Funnel { steps, people, by, top } => {
            let selected = Selected { crowd, people, now };
            funnel::funnel(selected, steps, by, *top)
        }
        Question::Retention { of, returning, per, n_periods, windows, people, by, top } => {
            let selected = Selected { crowd, people, now };
            let (per, n_periods) = (*per, *n_periods);
            let asked = retention::Asked { of, returning, per, n_periods, windows };
            retention::retention(selected, asked, zone, (by, *top))
        }
        Question::Forecast { audience, ms, per } => {
            forecast::forecast(crowd, audience, (now, *ms), per.map(|per| (per, zone)))
        }
        Question::Overlap { audiences } => overlap::overlap(crowd, audiences, now),
        Question::Timeline { profile, windows, limit } => {
            timeline::timeline(crowd, profile, windows, *limit, now)
        }
    }
}

/// The people that a report is about.
#[derive(Clone, Copy)]
struct Selected<'a> {
    crowd: &'a dyn Crowd,
    people: &'a Condition,
    now: Timestamp,
}

/// People, and a row of values for each.
type Told = (Seats, Vec<Vec<Value>>);

impl Selected<'_> {
    /// What they have of these values, a row for each by birth of the profile,
    /// at most so many; none if the crowd has to be asked one by one.
    fn values(
        self,
        values: &[&Expr<PersonLeaf>],
        limit: usize,
    ) -> Result<Option<Told>, CrowdError> {
        let Some(mut people) = self.crowd.select(self.people, self.now)? else { return Ok(None) };
        if people.len() > limit as u64 {
            people = people.iter().take(limit).collect();
        }
        // Whoever asks for nothing of each wants to know how many there are.
        let rows = match values {
            [] => Some(vec![Vec::new(); people.len() as usize]),
            values => self.crowd.values(values, &people, self.now)?,
        };
        Ok(rows.map(|rows| (people, rows)))
    }

    /// Who of them have the same values; none if the crowd has to be asked one by one.
    fn grouped(self, by: &[Column]) -> Result<Option<Grouped>, CrowdError> {
        let values = exprs(by);
        if let Some(grouped) = self.crowd.grouped(self.people, &values, self.now)? {
            return Ok(Some(grouped));
        }
        let Some((people, rows)) = self.values(&values, usize::MAX)? else { return Ok(None) };
        let (mut numbers, mut keys) = (HashMap::new(), Vec::new());
        let number = |key| {
            *numbers.entry(key).or_insert_with_key(|key: &Vec<Value>| {
                keys.push(key.clone());
                keys.len() as u32 - 1
            })
        };
        let groups = rows.into_iter().map(number).collect();
        Ok(Some(Grouped { people, groups, keys }))
    }

    /// Each of them, by birth of the profile, until the visitor says `false`.
    fn each(self, visit: &mut dyn FnMut(&Person<'_>) -> bool) -> Result<(), CrowdError> {
        self.crowd.each(self.now, &mut |person| {
            !holds::holds(self.people, person, self.now) || visit(person)
        })
    }
}

/// The values of columns.
fn exprs(columns: &[Column]) -> Vec<&Expr<PersonLeaf>> {
    columns.iter().map(|column| &column.value).collect()
}

fn names(columns: &[Column]) -> Vec<String> {
    columns.iter().map(|column| column.name.clone()).collect()
}

/// A number of rows as a place in memory; one beyond all memory is no limit.
fn places(limit: Option<u64>) -> usize {
    limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX))
}
