//! Between which instants a window of a report lies.

use super::axis::today;
use crate::model::{Date, FixedUnit, Timestamp, Zone};
use crate::query::holds::{lies, reaches};
use crate::query::predicate::{Calendar, Edge, PersonLeaf, Point, Side, Window};
use std::cmp::Ordering;

/// The first instant, where it is the same for everyone, and the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hull {
    pub from: Option<Timestamp>,
    pub to: Timestamp,
}

impl Hull {
    /// Of several windows; for events each of them ends at `now`, too.
    pub fn of(windows: &[Window<PersonLeaf>], now: Timestamp) -> Hull {
        let whole = Hull { from: None, to: now };
        windows.iter().map(|window| of_one(window, now)).fold(whole, |hull, window| Hull {
            from: hull.from.max(window.from),
            to: hull.to.min(window.to),
        })
    }
}

fn of_one(window: &Window<PersonLeaf>, now: Timestamp) -> Hull {
    let ages = |from_ms: i64, to_ms: i64| Hull {
        from: Some(now.plus_ms(1_i64.saturating_sub(to_ms))),
        to: now.plus_ms(from_ms.saturating_neg()),
    };
    match window {
        Window::Last { ms } => ages(0, *ms),
        Window::Ago { from_ms, to_ms } => ages(*from_ms, *to_ms),
        // Of events nothing lies ahead.
        Window::Next { .. } => Hull { from: Some(Timestamp::MAX), to: now },
        Window::Calendar(of, zone) => by_calendar(*of, zone.common(), now),
        Window::Range { from, to } => Hull {
            from: from.as_ref().and_then(first_of),
            to: to.as_ref().and_then(last_of).unwrap_or(now),
        },
        Window::Within { ms, side, point, zone } => within(*ms, *side, point, zone.common(), now),
        Window::WithinMonths { months, side, point, zone } => {
            within_months(*months, *side, point, zone.common(), now)
        }
    }
}

fn by_calendar(of: Calendar, zone: &Zone, now: Timestamp) -> Hull {
    if let Calendar::AnyMonth { .. } = of {
        return Hull { from: None, to: now };
    }
    let (first, mut day) = (today(zone, now), today(zone, now));
    // Backwards: days that are not reached yet, those inside, the first that is over.
    while lies(of, day, first) == Ordering::Greater {
        day = day.plus_days(-1);
    }
    let end = zone.start_of(day.plus_days(1)).plus_ms(-1);
    while lies(of, day, first) == Ordering::Equal && day > crate::model::Date::MIN {
        day = day.plus_days(-1);
    }
    let from = zone.start_of(day.plus_days(1));
    Hull { from: Some(if of.is_ahead() { Timestamp::MAX } else { from }), to: end.min(now) }
}

fn first_of(edge: &Edge<PersonLeaf>) -> Option<Timestamp> {
    match (&edge.point, edge.included) {
        (Point::Instant(at), true) => Some(*at),
        (Point::Instant(at), false) => Some(at.plus_ms(1)),
        (Point::Day { start, .. }, true) => Some(*start),
        (Point::Day { end, .. }, false) => Some(*end),
        (Point::Anchor(..) | Point::Value(..), _) => None,
    }
}

fn last_of(edge: &Edge<PersonLeaf>) -> Option<Timestamp> {
    match (&edge.point, edge.included) {
        (Point::Instant(at), true) => Some(*at),
        (Point::Instant(at), false) => Some(at.plus_ms(-1)),
        (Point::Day { end, .. }, true) => Some(end.plus_ms(-1)),
        (Point::Day { start, .. }, false) => Some(start.plus_ms(-1)),
        (Point::Anchor(..) | Point::Value(..), _) => None,
    }
}

fn within(ms: i64, side: Side, point: &Point<PersonLeaf>, zone: &Zone, now: Timestamp) -> Hull {
    let (before, after) = match side {
        Side::Before => (ms - 1, 0),
        Side::After => (0, ms - 1),
        Side::Either => (ms - 1, ms - 1),
    };
    match point {
        Point::Instant(at) => Hull { from: Some(at.plus_ms(-before)), to: at.plus_ms(after) },
        Point::Day { date, .. } => {
            let days = |ms: i64| i32::try_from(ms / FixedUnit::Day.ms()).unwrap_or(i32::MAX / 4);
            let start = |days: i32| zone.start_of(date.plus_days(days));
            Hull { from: Some(start(-days(before))), to: start(days(after) + 1).plus_ms(-1) }
        }
        Point::Anchor(..) | Point::Value(..) => Hull { from: None, to: now },
    }
}

/// Day by day to the first one that lies that many months before the point, or after it.
fn within_months(
    months: i32,
    side: Side,
    point: &Point<PersonLeaf>,
    zone: &Zone,
    now: Timestamp,
) -> Hull {
    let (begin, end, day) = match point {
        Point::Instant(at) => (*at, *at, today(zone, *at)),
        Point::Day { date, start, end } => (*start, end.plus_ms(-1), *date),
        Point::Anchor(..) | Point::Value(..) => return Hull { from: None, to: now },
    };
    let mut first = day;
    while first > Date::MIN && reaches(first.plus_days(-1), day, -months) {
        first = first.plus_days(-1);
    }
    let mut behind = day;
    while behind < Date::MAX && !reaches(behind, day, months) {
        behind = behind.plus_days(1);
    }
    let (before, after) = (zone.start_of(first), zone.start_of(behind).plus_ms(-1));
    match side {
        Side::After => Hull { from: Some(begin), to: after },
        Side::Before => Hull { from: Some(before), to: end },
        Side::Either => Hull { from: Some(before), to: after },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Period, Turn};
    use crate::query::predicate::Local;

    fn check(window: Window<PersonLeaf>, from: Option<&str>, to: &str) {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let found = Hull::of(std::slice::from_ref(&window), at("2026-03-15T12:00:00Z"));
        assert_eq!(found, Hull { from: from.map(at), to: at(to) }, "{window:?}");
    }

    fn period(of: Period, turn: Turn) -> Window<PersonLeaf> {
        Window::Calendar(Calendar::Period { of, turn }, Local::UTC)
    }

    #[test]
    fn a_window_lies_between_its_first_and_its_last_millisecond() {
        let now = "2026-03-15T12:00:00Z";
        let day = FixedUnit::Day.ms();
        check(Window::Last { ms: day }, Some("2026-03-14T12:00:00.001Z"), now);
        let point = Point::Instant("2026-02-10T10:00:00Z".parse().unwrap());
        let after = Window::WithinMonths { months: 1, side: Side::After, point, zone: Local::UTC };
        check(after, Some("2026-02-10T10:00:00Z"), "2026-03-09T23:59:59.999Z");
        let band = Window::Ago { from_ms: day, to_ms: 2 * day };
        check(band, Some("2026-03-13T12:00:00.001Z"), "2026-03-14T12:00:00Z");
        check(period(Period::Month, Turn::This), Some("2026-03-01T00:00:00Z"), now);
        let last = period(Period::Quarter, Turn::Last);
        check(last, Some("2025-10-01T00:00:00Z"), "2025-12-31T23:59:59.999Z");
        let months = Window::Calendar(Calendar::Ago { from: 1, to: 2 }, Local::UTC);
        check(months, Some("2026-01-15T00:00:00Z"), "2026-02-14T23:59:59.999Z");
        let edge = |text: &str, included| {
            Some(Edge { point: Point::Instant(text.parse().unwrap()), included })
        };
        let range = Window::Range { from: edge("2026-03-01T00:00:00Z", false), to: None };
        check(range, Some("2026-03-01T00:00:00.001Z"), now);
        let range = Window::Range { from: None, to: edge("2026-03-01T00:00:00Z", false) };
        check(range, None, "2026-02-28T23:59:59.999Z");
        let february = Window::Calendar(Calendar::AnyMonth { month: 2 }, Local::UTC);
        check(february, None, now);
    }

    #[test]
    fn what_lies_ahead_holds_nothing() {
        let now = "2026-03-15T12:00:00Z".parse().unwrap();
        for window in [
            Window::Next { ms: 1 },
            period(Period::Day, Turn::Next),
            Window::Calendar(Calendar::Next { months: 1 }, Local::UTC),
            Window::Calendar(Calendar::Month { month: 12, year: Turn::This }, Local::UTC),
        ] {
            let hull = Hull::of(std::slice::from_ref(&window), now);
            assert!(hull.from.is_some_and(|from| from > hull.to), "{window:?}: {hull:?}");
        }
    }
}
