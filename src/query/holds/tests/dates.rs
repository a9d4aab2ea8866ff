use super::*;
use crate::model::{Date, Timestamp, Value, Zone};
use crate::query::predicate::*;

/// Whether a value of the person lies in a window of the zone.
fn lies(value: Value, window: &Window<PersonLeaf>, zone: &Zone, at: Timestamp) -> bool {
    let condition = is(lit(value), Check::During(window.clone(), zone.clone().into()));
    History::new().holds_at(&condition, at)
}

#[test]
fn an_instant_in_the_last_or_next_stretch() {
    for (window, ms, expected) in [
        (Window::Last { ms: DAY }, 0, true),
        (Window::Last { ms: DAY }, -DAY + 1, true),
        (Window::Last { ms: DAY }, -DAY, false),
        (Window::Last { ms: DAY }, 1, false),
        (Window::Next { ms: DAY }, 0, true),
        (Window::Next { ms: DAY }, -1, false),
        (Window::Next { ms: DAY }, DAY - 1, true),
        (Window::Next { ms: DAY }, DAY, false),
        (Window::Ago { from_ms: HOUR, to_ms: DAY }, -HOUR, true),
        (Window::Ago { from_ms: HOUR, to_ms: DAY }, -HOUR + 1, false),
        (Window::Ago { from_ms: HOUR, to_ms: DAY }, -DAY, false),
        (from(Point::Instant(after_now(0)), true), DAY, true),
        (upto(Point::Instant(after_now(0)), true), -DAY, true),
        (from(day("2026-04-01"), true), 12 * HOUR, true),
        (from(day("2026-04-01"), true), 12 * HOUR - 1, false),
    ] {
        let value = Value::Instant(after_now(ms));
        assert_eq!(lies(value, &window, &Zone::UTC, now()), expected, "{window:?} {ms}");
    }
}

#[test]
fn a_date_is_compared_by_whole_days_of_the_zone() {
    // Half past midnight of 1 April in Prague, still 31 March in UTC.
    let at = instant("2026-03-31T22:30:00Z");
    let prague = Zone::named("Europe/Prague").unwrap();
    let [last, next, ago] = [
        Window::Last { ms: 3 * DAY },
        Window::Next { ms: 3 * DAY },
        Window::Ago { from_ms: DAY, to_ms: 3 * DAY },
    ];
    for (window, day, in_utc, in_prague) in [
        (&last, "2026-03-28", false, false),
        (&last, "2026-03-29", true, false),
        (&last, "2026-03-30", true, true),
        (&last, "2026-03-31", true, true),
        (&last, "2026-04-01", false, true),
        (&last, "2026-04-02", false, false),
        (&next, "2026-03-30", false, false),
        (&next, "2026-03-31", true, false),
        (&next, "2026-04-01", true, true),
        (&next, "2026-04-02", true, true),
        (&next, "2026-04-03", false, true),
        (&next, "2026-04-04", false, false),
        (&ago, "2026-03-28", false, false),
        (&ago, "2026-03-29", true, false),
        (&ago, "2026-03-30", true, true),
        (&ago, "2026-03-31", false, true),
        (&ago, "2026-04-01", false, false),
    ] {
        let value = Value::Date(date(day));
        assert_eq!(lies(value.clone(), window, &Zone::UTC, at), in_utc, "{window:?} {day} UTC");
        assert_eq!(lies(value, window, &prague, at), in_prague, "{window:?} {day} Prague");
    }
}

#[test]
fn edges_of_a_date_are_days_and_an_instant_stands_for_its_local_day() {
    let prague = Zone::named("Europe/Prague").unwrap();
    let late = || Point::Instant(instant("2026-03-09T23:30:00Z"));
    for (window, cases) in [
        (from(day("2026-03-10"), true), [("2026-03-09", false), ("2026-03-10", true)]),
        (from(day("2026-03-10"), false), [("2026-03-10", false), ("2026-03-11", true)]),
        (upto(day("2026-03-10"), true), [("2026-03-10", true), ("2026-03-11", false)]),
        (upto(day("2026-03-10"), false), [("2026-03-09", true), ("2026-03-10", false)]),
        (from(late(), true), [("2026-03-09", false), ("2026-03-10", true)]),
        (from(late(), false), [("2026-03-10", false), ("2026-03-11", true)]),
        (upto(late(), true), [("2026-03-10", true), ("2026-03-11", false)]),
    ] {
        for (day, expected) in cases {
            let value = Value::Date(date(day));
            assert_eq!(lies(value, &window, &prague, now()), expected, "{window:?} {day}");
        }
    }
}

#[test]
fn around_a_point_a_date_counts_days_and_units_below_a_day_say_nothing() {
    let around = |ms, side| Window::Within { ms, side, point: day("2026-03-10"), zone: Local::UTC };
    for (window, day, expected) in [
        (around(2 * DAY, Side::Before), "2026-03-08", false),
        (around(2 * DAY, Side::Before), "2026-03-09", true),
        (around(2 * DAY, Side::Before), "2026-03-10", true),
        (around(2 * DAY, Side::Before), "2026-03-11", false),
        (around(2 * DAY, Side::After), "2026-03-11", true),
        (around(2 * DAY, Side::After), "2026-03-12", false),
        (around(2 * DAY, Side::Either), "2026-03-09", true),
        (around(2 * DAY, Side::Either), "2026-03-11", true),
        (around(36 * HOUR, Side::Either), "2026-03-10", false),
        (Window::Last { ms: 36 * HOUR }, "2026-03-31", false),
        (Window::Next { ms: HOUR }, "2026-03-31", false),
    ] {
        let value = Value::Date(date(day));
        assert_eq!(lies(value, &window, &Zone::UTC, now()), expected, "{window:?} {day}");
    }
}

#[test]
fn a_value_that_is_no_time_lies_in_no_window() {
    for value in [Value::Null, 5.into(), "2026-03-31".into(), true.into(), Value::Duration(0)] {
        assert!(!lies(value, &from(day("0001-01-01"), true), &Zone::UTC, now()));
    }
}

#[test]
fn the_ends_of_the_calendar_are_no_trouble() {
    for value in [Date::MIN, Date::MAX] {
        for at in [Timestamp::MIN, Timestamp::MAX] {
            let all = Window::Ago { from_ms: -4_000_000 * DAY, to_ms: 4_000_000 * DAY };
            assert!(lies(Value::Date(value), &all, &Zone::UTC, at));
        }
    }
    let longest = Window::Last { ms: i64::MAX };
    assert!(lies(Value::Instant(Timestamp::MIN), &longest, &Zone::UTC, Timestamp::MAX));
}
