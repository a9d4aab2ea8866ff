use super::*;
use crate::model::{FixedUnit, Unit, Value, Zone};
use crate::query::predicate::*;

const DAYS: Unit = Unit::Fixed(FixedUnit::Day);

fn check(unit: Unit, point: Point<PersonLeaf>, expected: Option<&str>) {
    let expected = expected.map_or(Value::Null, number);
    let history = History::new().did(-DAY, "order");
    let told = format!("{unit:?} since {point:?}");
    assert_eq!(history.value(&since_point(unit, point.clone())), expected, "{told}");
    let until = Expr::Elapsed {
        unit,
        direction: Direction::Until,
        point: Box::new(point),
        zone: Local::UTC,
    };
    let negated = match expected {
        Value::Number(number) => Value::Number(-number),
        other => other,
    };
    assert_eq!(history.value(&until), negated, "until is the negation: {told}");
}

#[test]
fn time_since_an_instant_is_exact_with_fractions() {
    for (unit, ms, expected) in [
        (FixedUnit::Day, 0, "0"),
        (FixedUnit::Day, -DAY, "1"),
        (FixedUnit::Day, -1, "0.000000012"),
        (FixedUnit::Day, -27, "0.000000312"),
        (FixedUnit::Day, -81, "0.000000938"),
        (FixedUnit::Day, DAY / 2, "-0.5"),
        (FixedUnit::Week, -DAY, "0.142857143"),
        (FixedUnit::Hour, -5_400_000, "1.5"),
        (FixedUnit::Minute, -1, "0.000016667"),
        (FixedUnit::Second, -1, "0.001"),
        (FixedUnit::Millisecond, -7, "7"),
    ] {
        check(Unit::Fixed(unit), Point::Instant(after_now(ms)), Some(expected));
    }
}

#[test]
fn since_a_date_whole_local_days_are_counted() {
    for (unit, day_text, expected) in [
        (FixedUnit::Day, "2026-03-31", Some("0")),
        (FixedUnit::Day, "2026-03-30", Some("1")),
        (FixedUnit::Day, "2026-04-02", Some("-2")),
        (FixedUnit::Week, "2026-03-24", Some("1")),
        (FixedUnit::Week, "2026-03-30", Some("0.142857143")),
        (FixedUnit::Hour, "2026-03-30", None),
        (FixedUnit::Millisecond, "2026-03-30", None),
    ] {
        check(Unit::Fixed(unit), day(day_text), expected);
    }
    let apia = Zone::named("Pacific/Apia").unwrap();
    let point = Point::Value(lit(Value::Date(date("2026-03-31"))), apia.clone().into());
    let there = History::new().value(&since_in(DAYS, point, apia));
    assert_eq!(there, number("1"), "in Apia it is 1 April already");
}

#[test]
fn months_and_years_count_completed_units_between_local_days() {
    for (unit, day_text, expected) in [
        (Unit::Month, "2026-03-31", "0"),
        (Unit::Month, "2026-03-01", "0"),
        (Unit::Month, "2026-02-28", "1"),
        (Unit::Month, "2025-12-31", "3"),
        (Unit::Month, "2026-04-01", "-1"),
        (Unit::Month, "2026-04-30", "-1"),
        (Unit::Month, "2026-05-31", "-2"),
        (Unit::Quarter, "2025-12-31", "1"),
        (Unit::Quarter, "2026-01-01", "0"),
        (Unit::Quarter, "2026-04-01", "-1"),
        (Unit::Year, "2025-03-31", "1"),
        (Unit::Year, "2025-04-01", "0"),
        (Unit::Year, "2026-04-01", "-1"),
    ] {
        check(unit, day(day_text), Some(expected));
    }
    check(Unit::Month, Point::Instant(instant("2026-02-28T23:59:59.999Z")), Some("1"));
}

#[test]
fn a_shorter_month_holds_the_day_at_its_end() {
    for (day_text, at, expected) in [
        ("2026-01-31", "2026-02-27T12:00:00Z", 0),
        ("2026-01-31", "2026-02-28T00:00:00Z", 1),
        ("2024-02-29", "2025-02-27T23:59:59.999Z", 11),
        ("2024-02-29", "2025-02-28T00:00:00Z", 12),
        ("2026-05-31", "2026-02-28T00:00:00Z", -3),
        ("2026-05-31", "2026-02-27T00:00:00Z", -4),
    ] {
        let history = History::new();
        let months = crate::query::holds::value(
            &since_point(Unit::Month, day(day_text)),
            &history.person(),
            instant(at),
        );
        assert_eq!(months, expected.into(), "{day_text} at {at}");
    }
}

#[test]
fn since_nothing_is_missing() {
    check(DAYS, anchor(Which::Last, "visit"), None);
    check(DAYS, anchor(Which::Last, "order"), Some("1"));
    check(DAYS, Point::Value(lit(Value::Null), Local::UTC), None);
    check(DAYS, Point::Value(lit("2026-03-30"), Local::UTC), None);
}

#[test]
fn days_since_a_date_is_the_complement_of_that_many_days() {
    for days in 0..6 {
        let born = now().plus_ms(-days * DAY);
        let value = Value::Date(Zone::UTC.local_day(born));
        let since = since_point(DAYS, Point::Value(lit(value.clone()), Local::UTC));
        let old = is(since, compare(Comparison::AtLeast, 3));
        let recent = is(lit(value), Check::During(Window::Last { ms: 3 * DAY }, Local::UTC));
        let history = History::new();
        assert_ne!(history.holds(&old), history.holds(&recent), "{days}");
    }
}

#[test]
fn a_crossing_is_exact_to_the_millisecond() {
    let since = since_point(DAYS, anchor(Which::Last, "e"));
    let condition = is(since, compare(Comparison::AtLeast, 30));
    for (ms, expected) in [(-30 * DAY + 1, false), (-30 * DAY, true), (-30 * DAY - 1, true)] {
        assert_eq!(History::new().did(ms, "e").holds(&condition), expected, "{ms}");
    }
}
