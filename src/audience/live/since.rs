//! Since when an answer holds, read from a person's rows.

use super::super::eval::{DAY_MS, Leaves};
use super::super::facts::{Facts, PageError, Wanted};
use super::super::scan::Scan;
use crate::model::{Event, Identifier, Ordinal, Text, Timestamp};
use crate::query::Parties;
use crate::query::predicate::Condition;

/// All of a person's rows.
pub(super) struct History {
    rows: Vec<Event>,
    seat: Ordinal,
    user_id: Option<Text>,
    names: Vec<Identifier>,
}

impl History {
    pub(super) fn of(seat: Ordinal, facts: &dyn Facts) -> Result<History, PageError> {
        History::wanted(seat, &Wanted::All, facts)
    }

    pub(super) fn wanted(
        seat: Ordinal,
        wanted: &Wanted<'_>,
        facts: &dyn Facts,
    ) -> Result<History, PageError> {
        let mut rows = Vec::new();
        facts.events(seat, wanted, Timestamp::MIN, &mut |row| rows.push(row.clone()))?;
        let (user_id, names) = (facts.user_id(seat), facts.identifiers(seat));
        Ok(History { rows, seat, user_id, names })
    }

    /// The person at an instant.
    pub(super) fn at<'a>(&'a self, parties: &'a Parties, at: i64) -> Scan<'a> {
        Scan::new(&self.rows, self.user_id.as_ref(), parties, at).called(self.seat, &self.names)
    }

    /// The instant from which the answer of `now` has held without a break. Most
    /// are recent, so the way back grows step by step.
    pub(super) fn since(&self, condition: &Condition, parties: &Parties, now: i64) -> i64 {
        let born = self.rows.first().map_or(now, |row| row.when.millis().min(now));
        let mut back = DAY_MS;
        loop {
            let start = now.saturating_sub(back).max(born);
            if let Some(change) = self.last_change(condition, parties, start, now) {
                return change;
            }
            if start == born {
                return born;
            }
            back = back.saturating_mul(4);
        }
    }

    /// The last change after `start` and not after `now`.
    fn last_change(
        &self,
        condition: &Condition,
        parties: &Parties,
        start: i64,
        now: i64,
    ) -> Option<i64> {
        let answer = |at: i64| {
            let person = self.at(parties, at);
            (person.fulfils(condition), person.horizon().get())
        };
        let (mut inside, mut until) = answer(start);
        let mut change = None;
        while until <= now {
            let at = until;
            let (now_inside, next) = answer(at);
            if now_inside != inside {
                (inside, change) = (now_inside, Some(at));
            }
            until = next;
        }
        change
    }
}
