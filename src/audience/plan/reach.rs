//! How far back rows matter to a predicate.
//!
//! Whoever asks about thirty days reads thirty days of rows, however long the
//! person has been there.

use super::super::eval::{DAY_MS, NEVER};
use super::predicate::is_row_alone;
use super::visit::{self, Item};
use crate::model::Period;
use crate::query::predicate::{
    Aggregate, Binds, Calendar, Condition, Length, Matcher, Pattern, PersonLeaf, Predicate,
    RowLeaf, Test, Window,
};

/// The age from which on a row does not matter to any part of a condition.
pub(crate) fn reach_of(condition: &Condition) -> i64 {
    condition.leaves().into_iter().map(reach).max().unwrap_or(0)
}

/// The same of one predicate.
pub(crate) fn reach(predicate: &Predicate) -> i64 {
    match predicate {
        Predicate::Did(occurrence) if is_alone(&occurrence.matcher) => {
            of_windows(occurrence.windows.iter())
        }
        Predicate::Pattern(pattern) => of_pattern(pattern),
        Predicate::Is(test) => of_test(test),
        Predicate::InAudience(audience) => reach_of(&audience.condition),
        // The latest decision may be old.
        _ => NEVER,
    }
}

/// The window of the first chosen event, or of all, begins before all that matters;
/// but what any window hangs on may be older.
pub(super) fn of_pattern(pattern: &Pattern) -> i64 {
    let begins = pattern.windows.iter().filter(|placing| placing.binds != Binds::Last);
    let stands_alone = pattern.matchers().into_iter().all(is_alone) && !reads_person(pattern);
    if stands_alone && !pattern.bare_windows().any(hangs) {
        of_windows(begins.map(|placing| &placing.window))
    } else {
        NEVER
    }
}

/// Whether a window is anchored at an event, or at a value of the person.
fn hangs(window: &Window<PersonLeaf>) -> bool {
    let mut hangs = false;
    visit::window(window, &mut |_| hangs = true);
    hangs
}

fn reads_person(pattern: &Pattern) -> bool {
    pattern.lengths().into_iter().any(Length::is_theirs)
        || match &pattern.form {
            crate::query::predicate::Form::Sequence(sequence) => {
                sequence.same.as_ref().is_some_and(|same| !is_row_alone(same))
            }
            _ => false,
        }
}

fn of_test(test: &Test<PersonLeaf>) -> i64 {
    let mut far = 0;
    visit::test(test, &mut |item| {
        let age = match item {
            Item::Leaf(PersonLeaf::Aggregate(aggregate)) => of_aggregate(aggregate),
            // The last event and the last word on an attribute may be old.
            _ => NEVER,
        };
        far = far.max(age);
    });
    far
}

fn of_aggregate(aggregate: &Aggregate) -> i64 {
    let mut alone = is_alone(&aggregate.matcher);
    if let Some(value) = &aggregate.value {
        visit::expr(value, &mut |item| alone &= is_of_row(item));
    }
    if alone { of_windows(aggregate.windows.iter()) } else { NEVER }
}

/// Whether a matcher looks at the event and at nothing else of the person.
fn is_alone(matcher: &Matcher) -> bool {
    let filters = matcher.0.iter().filter_map(|one| one.filter.as_ref());
    filters.flat_map(|filter| filter.leaves()).all(|test| {
        let mut alone = true;
        visit::test(test, &mut |item| alone &= is_of_row(item));
        alone
    })
}

fn is_of_row(item: Item<'_, RowLeaf>) -> bool {
    match item {
        Item::Anchor(..) | Item::Person(..) | Item::Zone => false,
        Item::Leaf(leaf) => is_row_alone(leaf),
    }
}

/// A row must lie in all of them, so the shortest counts; one that hangs on an
/// event, which may be old, needs all.
fn of_windows<'w>(windows: impl Iterator<Item = &'w Window<PersonLeaf>>) -> i64 {
    let mut least = NEVER;
    for window in windows {
        if hangs(window) {
            return NEVER;
        }
        least = least.min(of_window(window));
    }
    least
}

fn of_window(window: &Window<PersonLeaf>) -> i64 {
    match window {
        Window::Last { ms } | Window::Ago { to_ms: ms, .. } => *ms,
        Window::Calendar(of, _) => of_calendar(*of).saturating_mul(DAY_MS),
        Window::Next { .. }
        | Window::Range { .. }
        | Window::Within { .. }
        | Window::WithinMonths { .. } => NEVER,
    }
}

/// In days, and a few more: no month is longer than 31, and a zone may skip one.
fn of_calendar(of: Calendar) -> i64 {
    let months = |months: i32| i64::from(months) * 31 + 33;
    match of {
        Calendar::Last { months: n } | Calendar::Ago { to: n, .. } => months(n),
        Calendar::Week { .. } | Calendar::Period { of: Period::Week, .. } => 16,
        Calendar::Period { of: Period::Day, .. } => 4,
        Calendar::Period { of: Period::Month, .. } => months(2),
        Calendar::Period { of: Period::Quarter, .. } => months(6),
        Calendar::Period { of: Period::Year, .. } | Calendar::Month { .. } => months(36),
        Calendar::Next { .. } | Calendar::AnyMonth { .. } => NEVER / DAY_MS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::parse;
    use crate::model::{Timestamp, Zone};
    use crate::query::catalog::Catalog;

    /// How many days back a condition reads; none if it reads all.
    fn days(condition: &str) -> Option<i64> {
        let text = format!(
            "declare event order.total: number; declare event visit; declare attribute x: date;
             create audience a is people {condition}"
        );
        let mut catalog = Catalog::default();
        for statement in parse(&text).statements {
            catalog.define(&statement, Timestamp::EPOCH).unwrap();
        }
        assert_eq!(*catalog.zone(), Zone::UTC);
        let reach = reach_of(&catalog.audience("a").unwrap().condition);
        (reach < NEVER / DAY_MS * DAY_MS).then_some(reach / DAY_MS)
    }

    #[test]
    fn a_short_window_needs_few_rows_and_what_hangs_on_an_event_all() {
        let cases = [
            ("whose median(order.total in last 30 days) > 3", Some(30)),
            ("whose active_days(order between 10 and 20 days ago) > 3", Some(20)),
            ("whose stddev(order.total this week) > median(visit: 1 in last 20 days)", Some(20)),
            ("who did (visit then order) in last 7 days", Some(7)),
            ("who did (visit then no order) starting in last 2 weeks", Some(14)),
            ("who did (visit then order) ending in last 7 days", None),
            ("who did (visit then order) in last 7 days ending since last visit", None),
            ("who did order in last 3 days and did visit in last 9 days", Some(9)),
            ("who did order since last visit in last 3 days", None),
            ("who did order where (total > 1) in last 3 days", Some(3)),
            ("whose decayed(order: 1, 1 day) > 3", None),
            ("whose decayed(order: 1 in last 5 days, 1 day) > 3", Some(5)),
            ("whose x is known and median(order.total in last 30 days) > 3", None),
            ("whose typical_gap(order) < 3", None),
        ];
        for (condition, expected) in cases {
            assert_eq!(days(condition), expected, "{condition}");
        }
    }
}
