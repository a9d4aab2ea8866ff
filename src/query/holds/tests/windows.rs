use super::*;
use crate::model::{Timestamp, Zone};
use crate::query::predicate::*;

/// Whether an event at each of those distances from now lies in the window.
fn check(window: &Window<PersonLeaf>, cases: &[(i64, bool)]) {
    for (ms, expected) in cases {
        let history = History::new().did(*ms, "e");
        assert_eq!(
            history.holds(&did(event("e"), vec![window.clone()])),
            *expected,
            "{window:?} of an event at {ms} ms from now"
        );
    }
}

#[test]
fn in_last_counts_from_the_event_and_stops_exactly_at_its_length() {
    check(
        &Window::Last { ms: DAY },
        &[(0, true), (-1, true), (-DAY + 1, true), (-DAY, false), (-DAY - 1, false), (1, false)],
    );
    check(&Window::Last { ms: 1 }, &[(0, true), (-1, false), (1, false)]);
}

#[test]
fn a_band_of_ages_is_half_open() {
    check(
        &Window::Ago { from_ms: 30 * DAY, to_ms: 60 * DAY },
        &[
            (-30 * DAY, true),
            (-30 * DAY + 1, false),
            (-60 * DAY + 1, true),
            (-60 * DAY, false),
            (-60 * DAY - 1, false),
        ],
    );
    check(
        &Window::Ago { from_ms: 0, to_ms: DAY },
        &[(0, true), (1, false), (-DAY + 1, true), (-DAY, false)],
    );
}

#[test]
fn what_is_ahead_is_empty_for_events() {
    check(&Window::Next { ms: DAY }, &[(0, false), (1, false), (-1, false)]);
}

#[test]
fn since_and_until_take_their_instant_in_and_after_and_before_leave_it_out() {
    let at = |ms| Point::Instant(after_now(ms));
    let around = [-HOUR - 1, -HOUR, -HOUR + 1];
    for (window, expected) in [
        (from(at(-HOUR), true), [false, true, true]),
        (from(at(-HOUR), false), [false, false, true]),
        (upto(at(-HOUR), true), [true, true, false]),
        (upto(at(-HOUR), false), [true, false, false]),
    ] {
        let cases: Vec<_> = around.into_iter().zip(expected).collect();
        check(&window, &cases);
    }
}

#[test]
fn a_range_that_reaches_ahead_still_ends_at_now() {
    let at = |ms| Point::Instant(after_now(ms));
    check(&from(at(-HOUR), true), &[(0, true), (1, false)]);
    check(&upto(at(HOUR), true), &[(0, true), (1, false), (HOUR, false)]);
}

#[test]
fn dates_stand_for_whole_local_days_of_events() {
    let prague = Zone::named("Europe/Prague").unwrap();
    // On 29 March 2026 clocks go forward: the day has 23 hours.
    let [start, end] =
        ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"].map(|at| instant(at).since(now()));
    let day = |included, edge: fn(Point<PersonLeaf>, bool) -> Window<PersonLeaf>| {
        edge(day_in("2026-03-29", &prague), included)
    };
    let around = [start - 1, start, end - 1, end];
    for (window, expected) in [
        (day(true, from), [false, true, true, true]),
        (day(false, from), [false, false, false, true]),
        (day(true, upto), [true, true, true, false]),
        (day(false, upto), [true, false, false, false]),
    ] {
        check(&window, &around.into_iter().zip(expected).collect::<Vec<_>>());
    }
    let on = Window::Range {
        from: Some(Edge { point: day_in("2026-03-29", &prague), included: true }),
        to: Some(Edge { point: day_in("2026-03-29", &prague), included: true }),
    };
    check(&on, &around.into_iter().zip([false, true, true, false]).collect::<Vec<_>>());
}

#[test]
fn the_last_day_of_the_calendar_never_ends() {
    let point =
        || Point::Value(lit(crate::model::Value::Date(crate::model::Date::MAX)), Local::UTC);
    let history = History::new().did(Timestamp::MAX.since(now()), "e");
    for (window, expected) in
        [(upto(point(), true), true), (from(point(), true), true), (from(point(), false), false)]
    {
        let condition = did(event("e"), vec![window]);
        assert_eq!(history.holds_at(&condition, Timestamp::MAX), expected);
    }
}

#[test]
fn an_event_must_lie_in_all_windows() {
    let windows = vec![Window::Last { ms: 2 * DAY }, Window::Ago { from_ms: DAY, to_ms: 9 * DAY }];
    for (ms, expected) in [(-DAY, true), (-DAY + 1, false), (-2 * DAY, false), (-2 * DAY + 1, true)]
    {
        assert_eq!(History::new().did(ms, "e").holds(&did(event("e"), windows.clone())), expected);
    }
}

#[test]
fn bounds_around_an_instant_are_half_open() {
    let around = |side| Window::Within {
        ms: HOUR,
        side,
        point: Point::Instant(after_now(-DAY)),
        zone: Local::UTC,
    };
    for (side, cases) in [
        (Side::After, [(-1, false), (0, true), (HOUR - 1, true), (HOUR, false)]),
        (Side::Before, [(1, false), (0, true), (-HOUR + 1, true), (-HOUR, false)]),
        (Side::Either, [(HOUR, false), (HOUR - 1, true), (-HOUR + 1, true), (-HOUR, false)]),
    ] {
        let cases = cases.map(|(ms, expected)| (ms - DAY, expected));
        check(&around(side), &cases);
    }
}

#[test]
fn around_a_date_whole_local_days_are_counted() {
    let window = Window::Within {
        ms: 2 * DAY,
        side: Side::Before,
        point: day("2026-03-10"),
        zone: Local::UTC,
    };
    let at = |text| instant(text).since(now());
    check(
        &window,
        &[
            (at("2026-03-08T23:59:59.999Z"), false),
            (at("2026-03-09T00:00:00Z"), true),
            (at("2026-03-10T23:59:59.999Z"), true),
            (at("2026-03-11T00:00:00Z"), false),
        ],
    );
}

#[test]
fn an_anchor_is_the_first_or_last_visible_event_and_never_counts_itself() {
    let carts = || History::new().did(-9, "cart").did(-5, "cart").did(1, "cart");
    for (window, name, ms, expected) in [
        (from(anchor(Which::Last, "cart"), true), "order", -5, true),
        (from(anchor(Which::Last, "cart"), true), "order", -6, false),
        (from(anchor(Which::Last, "cart"), false), "order", -5, false),
        (from(anchor(Which::First, "cart"), true), "order", -9, true),
        (upto(anchor(Which::First, "cart"), true), "order", -9, true),
        (upto(anchor(Which::First, "cart"), false), "order", -9, false),
        (upto(anchor(Which::First, "cart"), true), "order", -8, false),
    ] {
        let history = carts().did(ms, name);
        assert_eq!(history.holds(&did(event(name), vec![window.clone()])), expected, "{window:?}");
    }
    let own = |which| did(event("cart"), vec![from(anchor(which, "cart"), true)]);
    assert!(!carts().holds(&own(Which::Last)), "the anchor itself is left out");
    assert!(carts().holds(&own(Which::First)), "the other one counts");
    let twin = History::new().did(-5, "cart").did(-5, "cart");
    for which in [Which::First, Which::Last] {
        assert!(twin.holds(&own(which)), "a twin of the same instant counts");
    }
}

#[test]
fn the_event_that_is_the_anchor_of_another_kind_is_left_out_of_aggregates_too() {
    let windows = vec![from(anchor(Which::First, "order"), true)];
    let count = aggregate(Function::Count, any_event(), None, windows);
    let history = History::new().did(-9, "order").did(-5, "order").did(-4, "visit");
    assert_eq!(history.value(&count), 2.into());
}

#[test]
fn a_missing_anchor_makes_the_window_empty() {
    let condition = did(event("order"), vec![from(anchor(Which::Last, "cart"), true)]);
    let history = History::new().did(-5, "order").did(1, "cart");
    assert!(!history.holds(&condition));
    assert!(history.holds(&condition.clone().not()));
    assert!(history.holds_at(&did(event("order"), vec![]), after_now(0)));
}

#[test]
fn an_edge_may_be_a_value_of_the_person() {
    let ends = |value: &str| History::new().identify(-DAY, vec![("ends", value.into())]);
    let edge =
        |declared, included| from(Point::Value(typed("ends", declared), Local::UTC), included);
    for (value, declared, included, expected) in [
        ("2026-03-31T11:00:00Z", Type::Instant, true, true),
        ("2026-03-31T11:00:00.001Z", Type::Instant, true, false),
        ("2026-03-31T11:00:00Z", Type::Instant, false, false),
        ("2026-03-31", Type::Date, true, true),
        ("2026-03-31", Type::Date, false, false),
        ("2026-03-30", Type::Date, false, true),
        ("soon", Type::Date, true, false),
    ] {
        let history = ends(value).did(-HOUR, "e");
        let condition = did(event("e"), vec![edge(declared, included)]);
        assert_eq!(history.holds(&condition), expected, "{value} {included}");
    }
}

#[test]
fn nothing_dated_after_now_exists_until_now_reaches_it() {
    let history = History::new().did(HOUR, "e");
    for (at, expected) in [(HOUR - 1, false), (HOUR, true), (HOUR + 1, true)] {
        for window in [vec![], vec![Window::Last { ms: DAY }]] {
            let held = history.holds_at(&did(event("e"), window), after_now(at));
            assert_eq!(held, expected, "{at}");
        }
    }
}
