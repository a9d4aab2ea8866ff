//! What functions of one value give.

use crate::model::{Date, Timestamp, Value, Zone};
use crate::query::predicate::Scalar;

/// A function of a value; of a kind that it does not read, missing.
pub fn scalar(function: Scalar, of: Value, now: Timestamp, zone: &Zone) -> Value {
    match of {
        Value::Text(text) => of_text(function, &text),
        Value::List(list) if function == Scalar::Size => {
            let known = list.iter().filter(|it| !it.is_null() && !matches!(it, Value::Digits(_)));
            Value::from(known.count() as i64)
        }
        Value::Instant(at) if function == Scalar::HourOfDay => number(zone.local_hour(at)),
        Value::Instant(at) => of_day(function, begun(zone, at), now, zone),
        Value::Date(date) => of_day(function, date, now, zone),
        _ => Value::Null,
    }
}

fn number(number: u32) -> Value {
    Value::from(i64::from(number))
}

fn of_text(function: Scalar, text: &str) -> Value {
    match function {
        Scalar::Lower => Value::text(&text.to_lowercase()),
        Scalar::Upper => Value::text(&text.to_uppercase()),
        Scalar::Trim => Value::text(text.trim_matches(char::is_whitespace)),
        Scalar::Domain => {
            let behind = text.rfind('@').map(|at| &text[at + 1..]);
            behind.map_or(Value::Null, |domain| Value::text(&domain.to_lowercase()))
        }
        _ => Value::Null,
    }
}

fn of_day(function: Scalar, date: Date, now: Timestamp, zone: &Zone) -> Value {
    let (_, month, day) = date.ymd();
    match function {
        Scalar::MonthOfYear => number(month),
        Scalar::DayOfWeek => number(1 + (date.days() - MONDAY).rem_euclid(7) as u32),
        Scalar::Season => {
            Value::from(["winter", "spring", "summer", "autumn"][(month / 3 % 4) as usize])
        }
        Scalar::Anniversary => {
            let today = begun(zone, now);
            next(month, day, today).map_or(Value::Null, Value::Date)
        }
        _ => Value::Null,
    }
}

/// 1970-01-05 was a Monday.
const MONDAY: i32 = 4;

/// The day that has begun last.
fn begun(zone: &Zone, at: Timestamp) -> Date {
    let shown = zone.local_day(at);
    let next = shown.plus_days(1);
    if next != shown && zone.start_of(next) <= at { next } else { shown }
}

/// The first of this year's and the next year's that is not over.
fn next(month: u32, day: u32, today: Date) -> Option<Date> {
    let (year, ..) = today.ymd();
    let in_year = |year: i32| {
        let held = || Date::from_ymd(year, month, day - 1);
        Date::from_ymd(year, month, day).or_else(held)
    };
    [year, year + 1].into_iter().filter_map(in_year).find(|date| today <= *date)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The anniversary of a day, as today says.
    fn check(day: &str, today: &str, expected: &str) {
        let (_, month, of_month) = day.parse::<Date>().unwrap().ymd();
        let found = next(month, of_month, today.parse().unwrap());
        assert_eq!(found.map_or("none".to_owned(), |date| date.to_string()), expected, "{day}");
    }

    #[test]
    fn anniversaries_go_around_the_year_and_a_leap_day_is_kept_a_day_early() {
        check("1990-05-17", "2026-05-17", "2026-05-17");
        check("1990-05-17", "2026-05-18", "2027-05-17");
        check("2030-01-02", "2026-12-31", "2027-01-02");
        check("2000-02-29", "2026-02-28", "2026-02-28");
        check("2000-02-29", "2027-03-01", "2028-02-29");
        check("2000-02-29", "2028-02-28", "2028-02-29");
        check("2000-01-05", "9999-01-06", "none");
    }
}
