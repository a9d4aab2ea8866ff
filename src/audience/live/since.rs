//! Since when an answer holds, read from a person's rows.

use super::super::eval::{DAY_MS, Leaves};
use super::super::facts::{Facts, PageError, Wanted};
use super::super::plan::{Need, reach_of};
use super::super::scan::Scan;
use crate::model::{Event, Identifier, Ordinal, Text, Timestamp};
use crate::query::Parties;
use crate::query::predicate::Condition;
use std::borrow::Cow;

/// All of a person's rows.
pub(super) struct History {
    rows: Vec<Event>,
    seat: Ordinal,
    user_id: Option<Text>,
    names: Vec<Identifier>,
}

impl History {
    pub(super) fn of(seat: Ordinal, facts: &dyn Facts) -> Result<History, PageError> {
        History::wanted(seat, &Wanted::All, i64::MIN, facts)
    }

    pub(super) fn wanted(
        seat: Ordinal,
        wanted: &Wanted<'_>,
        from: i64,
        facts: &dyn Facts,
    ) -> Result<History, PageError> {
        let mut rows = Vec::new();
        let from = Timestamp::saturating_from_millis(from);
        facts.events(seat, wanted, from, &mut |row| rows.push(row.clone()))?;
        let (user_id, names) = (facts.user_id(seat), facts.identifiers(seat));
        Ok(History { rows, seat, user_id, names })
    }

    /// The person at an instant.
    pub(super) fn at<'a>(&'a self, parties: &'a Parties, at: i64) -> Scan<'a> {
        Scan::new(&self.rows, self.user_id.as_ref(), parties, at).called(self.seat, &self.names)
    }

    /// The instant from which the answer of `now` has held without a break.
    pub(super) fn since(&self, condition: &Condition, parties: &Parties, now: i64) -> i64 {
        let born = self.rows.first().map_or(now, |row| row.when.millis().min(now));
        Past::of(self, condition, parties).since(born, now)
    }
}

/// The answers to one condition in a person's past.
struct Past<'a> {
    condition: &'a Condition,
    parties: &'a Parties,
    history: &'a History,
    /// What the condition reads, in canonical order.
    rows: Cow<'a, [Event]>,
    /// The age from which on a row does not matter.
    reach: i64,
}

impl<'a> Past<'a> {
    /// Rows that the condition does not read would only be steps on the way.
    fn of(history: &'a History, condition: &'a Condition, parties: &'a Parties) -> Past<'a> {
        let mut need = Need::default();
        condition.leaves().into_iter().for_each(|leaf| need.join(&Need::of(leaf)));
        let rows = if history.rows.iter().all(|row| need.reads(&row.body)) {
            Cow::Borrowed(&history.rows[..])
        } else {
            let read = history.rows.iter().filter(|row| need.reads(&row.body));
            Cow::Owned(read.cloned().collect())
        };
        Past { condition, parties, history, rows, reach: reach_of(condition) }
    }

    /// Most changes are recent, so the way back grows step by step; each stretch
    /// of it is looked at once.
    fn since(&self, born: i64, now: i64) -> i64 {
        let (mut end, mut back) = (now, DAY_MS);
        loop {
            let start = now.saturating_sub(back).max(born);
            if let Some(change) = self.last_change(start, end) {
                return change;
            }
            if start == born {
                return born;
            }
            (end, back) = (start, back.saturating_mul(4));
        }
    }

    /// The last change after `start` and not after `end`.
    fn last_change(&self, start: i64, end: i64) -> Option<i64> {
        let (mut inside, mut until) = self.answer(start);
        let mut change = None;
        while until <= end {
            let at = until;
            let (now_inside, next) = self.answer(at);
            if now_inside != inside {
                (inside, change) = (now_inside, Some(at));
            }
            until = next;
        }
        change
    }

    /// The answer at an instant, and until when it holds at the least.
    fn answer(&self, at: i64) -> (bool, i64) {
        let gone = at.saturating_sub(self.reach);
        let n_gone = self.rows.partition_point(|row| row.when.millis() <= gone);
        let History { seat, user_id, names, .. } = self.history;
        let person = Scan::new(&self.rows[n_gone..], user_id.as_ref(), self.parties, at);
        let person = person.called(*seat, names);
        (person.fulfils(self.condition), person.horizon().get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, EventId, IdentifierNumber, Object};
    use crate::query::predicate::{
        CountRange, EventFilter, Matcher, Occurrence, Predicate, Tree, Window,
    };

    const HOUR: i64 = 3_600_000;

    fn row(name: &str, hour: i64) -> Event {
        Event {
            when: Timestamp::saturating_from_millis(hour * HOUR),
            received: Timestamp::EPOCH,
            ord: 0,
            id: EventId(hour as u128),
            origin: IdentifierNumber(1),
            source: "web".into(),
            channel: None,
            body: Body::Track { event: name.into(), properties: Object::default() },
            context: Object::default(),
        }
    }

    fn did(name: &str, ms: i64, least: u64) -> Condition {
        Tree::Leaf(Predicate::Did(Occurrence {
            matcher: Matcher(vec![EventFilter { name: Some(name.into()), filter: None }]),
            windows: vec![Window::Last { ms }],
            count: CountRange { least, most: None },
        }))
    }

    /// Since when it holds at the last of so many hourly rows, every tenth an order.
    fn since(n_rows: i64, condition: &Condition) -> i64 {
        let rows = (0..n_rows).map(|n| row(if n % 10 == 0 { "order" } else { "view" }, n));
        let history =
            History { rows: rows.collect(), seat: Ordinal(1), user_id: None, names: Vec::new() };
        history.since(condition, &Parties::default(), (n_rows - 1) * HOUR) / HOUR
    }

    #[test]
    fn the_way_back_ends_at_the_last_change() {
        // Three orders in 30 hours from hour 20 on, two of 21 hours now and then.
        assert_eq!(since(1_001, &did("order", 30 * HOUR, 3)), 20);
        assert_eq!(since(1_001, &did("order", 21 * HOUR, 3)), 1_000);
        assert_eq!(since(1_001, &did("order", 30 * HOUR, 4)), 0);
    }
}
