//! Functions of one value, over a stretch of time.

use super::day::today;
use super::{Horizon, Over, Span};
use crate::model::{Date, Value, Zone};
use crate::query::predicate::Scalar;
use std::borrow::Cow;

/// What a function makes of a value. Only anniversaries move by themselves, and
/// they never go back: one that is the same at both ends is so in between.
pub(super) fn scalar(
    function: Scalar,
    of: &Over<'_>,
    zone: &Zone,
    span: Span,
    horizon: &Horizon,
) -> Over<'static> {
    let value = match of {
        Over::Is(value) => value.as_ref(),
        // A number, which no function reads.
        Over::Within(..) => return Over::MISSING,
        Over::Unsure => return Over::Unsure,
    };
    let made = |at: i64| at_instant(function, value, zone, at);
    let first = made(span.from);
    if function == Scalar::Anniversary {
        if first != made(span.to) {
            return Over::Unsure;
        }
        note_next(&first, zone, horizon);
    }
    Over::Is(Cow::Owned(first))
}

/// Behind an anniversary comes the next year's. To look again once a year costs
/// less than to look for the change of an answer through all years.
fn note_next(anniversary: &Value, zone: &Zone, horizon: &Horizon) {
    if let Value::Date(date) = anniversary
        && *date < Date::MAX
    {
        horizon.note(zone.start_of(date.plus_days(1)).millis());
    }
}

fn at_instant(function: Scalar, value: &Value, zone: &Zone, at: i64) -> Value {
    let date = match (value, function) {
        (Value::Instant(when), Scalar::HourOfDay) => {
            return i64::from(zone.local_hour(*when)).into();
        }
        (Value::Instant(when), _) => today(zone, when.millis()),
        (Value::Date(date), _) => *date,
        (Value::Text(text), _) => return of_text(function, text),
        (Value::List(list), Scalar::Size) => return size(list),
        _ => return Value::Null,
    };
    let (_, month, _) = date.ymd();
    match function {
        Scalar::MonthOfYear => i64::from(month).into(),
        Scalar::DayOfWeek => week_day(date).into(),
        Scalar::Season => season(month).into(),
        Scalar::Anniversary => anniversary(date, today(zone, at)).map_or(Value::Null, Value::Date),
        _ => Value::Null,
    }
}

fn of_text(function: Scalar, text: &str) -> Value {
    match function {
        Scalar::Lower => Value::text(&text.to_lowercase()),
        Scalar::Upper => Value::text(&text.to_uppercase()),
        Scalar::Trim => Value::text(text.trim_start().trim_end()),
        Scalar::Domain => match text.split('@').skip(1).last() {
            Some(domain) => Value::text(&domain.to_lowercase()),
            None => Value::Null,
        },
        _ => Value::Null,
    }
}

fn size(list: &[Value]) -> Value {
    let missing = list.iter().filter(|element| matches!(element, Value::Null | Value::Digits(_)));
    Value::from((list.len() - missing.count()) as i64)
}

/// From 1 on Mondays; the epoch began on a Thursday.
fn week_day(date: Date) -> i64 {
    (i64::from(date.days()) + 3).rem_euclid(7) + 1
}

fn season(month: u32) -> &'static str {
    match month {
        12 | 1 | 2 => "winter",
        3..=5 => "spring",
        6..=8 => "summer",
        _ => "autumn",
    }
}

/// This year's recurrence if it is not over, else the next year's; behind the
/// end of the calendar there is none.
fn anniversary(of: Date, today: Date) -> Option<Date> {
    let ((_, month, day), (year, this_month, this_day)) = (of.ymd(), today.ymd());
    let held = |year: i32| {
        let is_short = (month, day) == (2, 29) && Date::from_ymd(year, 2, 29).is_none();
        if is_short { 28 } else { day }
    };
    let is_over = (month, held(year)) < (this_month, this_day);
    let year = year + i32::from(is_over);
    Date::from_ymd(year, month, held(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_day_is_kept_on_28_february_and_never_after_it() {
        let check = |today: &str, expected: &str| {
            let [of, today] = ["2004-02-29", today].map(|day| day.parse().unwrap());
            assert_eq!(anniversary(of, today).unwrap().to_string(), expected);
        };
        check("2026-02-28", "2026-02-28");
        check("2026-03-01", "2027-02-28");
        check("2027-03-01", "2028-02-29");
        check("2028-02-29", "2028-02-29");
    }

    #[test]
    fn an_anniversary_is_sure_until_the_midnight_behind_it() {
        let zone = Zone::named("America/Sao_Paulo").unwrap();
        let day: Date = "1990-02-17".parse().unwrap();
        // Clocks went back from midnight: the day had 25 hours.
        let end = zone.start_of("2018-02-18".parse().unwrap()).millis();
        let over = |from: i64, to: i64| {
            let of = Over::Is(Cow::Owned(Value::Date(day)));
            scalar(Scalar::Anniversary, &of, &zone, Span { from, to }, &Horizon::default())
        };
        let this_year = Over::Is(Cow::Owned(Value::Date("2018-02-17".parse().unwrap())));
        assert_eq!(over(end - 25 * 3_600_000, end - 1), this_year);
        assert_eq!(over(end - 1, end), Over::Unsure);
    }
}
