//! Tables over many people.
//!
//! It is handed a crowd and asks `holds` about each of them. It knows no state,
//! no index, and not how people are found.

mod count;
mod group;
mod list;
#[cfg(test)]
mod tests;
mod timeline;
mod total;

use crate::model::{Timestamp, Zone};
use crate::query::predicate::Condition;
use crate::query::{Column, Crowd, CrowdError, Person, Question, Rows, holds};

/// The answer to a question at an instant.
///
/// The zone is the report's own. The expressions of a resolved question carry
/// theirs, so only reports with calendar periods read it.
pub fn answer(
    question: &Question,
    crowd: &dyn Crowd,
    now: Timestamp,
    _zone: &Zone,
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

impl Selected<'_> {
    /// Each of them, by birth of the profile, until the visitor says `false`.
    fn each(self, visit: &mut dyn FnMut(&Person<'_>) -> bool) -> Result<(), CrowdError> {
        self.crowd.each(self.now, &mut |person| {
            !holds::holds(self.people, person, self.now) || visit(person)
        })
    }
}

fn names(columns: &[Column]) -> Vec<String> {
    columns.iter().map(|column| column.name.clone()).collect()
}

/// A number of rows as a place in memory; one beyond all memory is no limit.
fn places(limit: Option<u64>) -> usize {
    limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX))
}
