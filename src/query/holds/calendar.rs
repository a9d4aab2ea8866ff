//! Windows by the calendar: local days are compared, and no edge is computed.

use crate::model::{Date, Period, Timestamp, Turn, Zone};
use crate::query::predicate::Calendar;
use std::cmp::Ordering;

/// The local day of an instant: the last one that has begun. A clock that goes
/// back across midnight does not end a day that has begun.
pub(crate) fn day_of(zone: &Zone, at: Timestamp) -> Date {
    let shown = zone.local_day(at);
    let next = shown.plus_days(1);
    if zone.start_of(next) <= at { next } else { shown }
}

/// How a local day lies to a window, as today says: `Less` if it is no longer
/// in it, `Greater` if it is not in it yet. While days pass, a day only falls.
pub(crate) fn lies(of: Calendar, day: Date, today: Date) -> Ordering {
    match of {
        Calendar::Last { months } => between(reaches(day, today, -months), today < day),
        Calendar::Next { months } => between(today <= day, reaches(day, today, months)),
        Calendar::Ago { from: 0, to } => between(reaches(day, today, -to), today < day),
        Calendar::Ago { from, to } => between(reaches(day, today, -to), reaches(day, today, -from)),
        Calendar::Period { of, turn } => number(of, day).cmp(&(number(of, today) + turn.shift())),
        Calendar::Week { first_day, turn } => {
            week(first_day, day).cmp(&(week(first_day, today) + turn.shift()))
        }
        Calendar::Month { month, year } => {
            number(Period::Month, day).cmp(&month_of(today, month, year))
        }
        Calendar::AnyMonth { month } if day.ymd().1 == month => Ordering::Equal,
        Calendar::AnyMonth { .. } => Ordering::Less,
    }
}

/// Whether an instant lies in the window: its local day does, and where the
/// window ends or begins at now, it is not after or before that.
pub(super) fn has_instant(of: Calendar, t: Timestamp, now: Timestamp, zone: &Zone) -> bool {
    let is_clipped = (of.ends_now() && now < t) || (of.is_ahead() && t < now);
    !is_clipped && lies(of, day_of(zone, t), day_of(zone, now)).is_eq()
}

fn between(has_begun: bool, is_beyond: bool) -> Ordering {
    match (has_begun, is_beyond) {
        (false, _) => Ordering::Less,
        (true, false) => Ordering::Equal,
        (true, true) => Ordering::Greater,
    }
}

/// Whether a day is the one so many months from today, held at its month's end, or later.
pub(crate) fn reaches(day: Date, today: Date, months: i32) -> bool {
    let there = number(Period::Month, today) + months;
    match number(Period::Month, day).cmp(&there) {
        Ordering::Equal => today.ymd().2 <= day.ymd().2 || is_last_of_month(day),
        other => other.is_gt(),
    }
}

fn is_last_of_month(day: Date) -> bool {
    day == Date::MAX || day.plus_days(1).ymd().2 == 1
}

/// The number of the period that a day lies in.
fn number(of: Period, day: Date) -> i32 {
    let (year, month, _) = day.ymd();
    let months = year * 12 + month as i32 - 1;
    match of {
        Period::Day => day.days(),
        Period::Week => week(1, day),
        Period::Month => months,
        Period::Quarter => months.div_euclid(3),
        Period::Year => year,
    }
}

/// The first day of the period that a day lies in: the last one, going back, of
/// which the day before lies in another.
pub(super) fn began(of: Period, first_day: u8, day: Date) -> Date {
    let number = |day: Date| match of {
        Period::Week => week(first_day, day),
        of => number(of, day),
    };
    let mut first = day;
    while first > Date::MIN && number(first.plus_days(-1)) == number(day) {
        first = first.plus_days(-1);
    }
    first
}

/// The number of the week that a day lies in, by the day on which weeks begin.
/// 1970-01-01 was a Thursday, the fourth day from Monday on.
fn week(first_day: u8, day: Date) -> i32 {
    (day.days() + 4 - i32::from(first_day)).div_euclid(7)
}

fn month_of(today: Date, month: u32, year: Turn) -> i32 {
    (number(Period::Year, today) + year.shift()) * 12 + month as i32 - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether each day lies in the window, as today says.
    fn check(of: Calendar, today: &str, days: &[(&str, Ordering)]) {
        for (day, expected) in days {
            let found = lies(of, day.parse().unwrap(), today.parse().unwrap());
            assert_eq!(found, *expected, "{day} in {of:?} on {today}");
        }
    }

    const OVER: Ordering = Ordering::Less;
    const IN: Ordering = Ordering::Equal;
    const AHEAD: Ordering = Ordering::Greater;

    #[test]
    fn a_month_before_its_end_is_the_end_of_the_month_before() {
        let last = Calendar::Last { months: 1 };
        check(last, "2026-03-31", &[("2026-02-27", OVER), ("2026-02-28", IN)]);
        check(last, "2026-03-28", &[("2026-02-27", OVER), ("2026-02-28", IN)]);
        check(last, "2024-03-30", &[("2024-02-28", OVER), ("2024-02-29", IN)]);
        check(
            last,
            "2026-04-30",
            &[("2026-03-29", OVER), ("2026-03-30", IN), ("2026-05-01", AHEAD)],
        );
        let year = Calendar::Last { months: 12 };
        check(year, "2024-02-29", &[("2023-02-27", OVER), ("2023-02-28", IN)]);
        check(year, "2025-02-28", &[("2024-02-28", IN), ("2024-02-27", OVER)]);
    }

    #[test]
    fn bands_end_where_the_next_one_begins_and_what_is_ahead_begins_today() {
        let band = Calendar::Ago { from: 1, to: 2 };
        check(band, "2026-03-31", &[("2026-01-30", OVER), ("2026-01-31", IN), ("2026-02-27", IN)]);
        check(band, "2026-03-31", &[("2026-02-28", AHEAD)]);
        let next = Calendar::Next { months: 1 };
        check(next, "2026-01-31", &[("2026-01-30", OVER), ("2026-01-31", IN), ("2026-02-27", IN)]);
        check(next, "2026-01-31", &[("2026-02-28", AHEAD)]);
    }

    #[test]
    fn periods_are_those_of_the_calendar() {
        let period = |of, turn| Calendar::Period { of, turn };
        let this_week = period(Period::Week, Turn::This);
        check(this_week, "2026-03-01", &[("2026-02-22", OVER), ("2026-02-23", IN)]);
        check(this_week, "2026-03-01", &[("2026-03-01", IN), ("2026-03-02", AHEAD)]);
        let last_quarter = period(Period::Quarter, Turn::Last);
        check(last_quarter, "2026-01-01", &[("2025-09-30", OVER), ("2025-10-01", IN)]);
        check(last_quarter, "2026-01-01", &[("2025-12-31", IN), ("2026-01-01", AHEAD)]);
        let february = Calendar::Month { month: 2, year: Turn::This };
        check(february, "2024-01-31", &[("2024-01-31", OVER), ("2024-02-29", IN)]);
        check(Calendar::AnyMonth { month: 2 }, "2026-07-01", &[("2024-02-29", IN)]);
    }

    #[test]
    fn a_skipped_day_holds_nothing_and_a_day_does_not_end_twice() {
        let apia = Zone::named("Pacific/Apia").unwrap();
        let [last, first] = ["2011-12-30T09:59:59.999Z", "2011-12-30T10:00:00Z"];
        assert_eq!(day_of(&apia, last.parse().unwrap()).to_string(), "2011-12-29");
        assert_eq!(day_of(&apia, first.parse().unwrap()).to_string(), "2011-12-31");
        // In Newfoundland clocks went from 00:01 back to 23:01.
        let st_johns = Zone::named("America/St_Johns").unwrap();
        for at in ["2009-11-01T02:30:00Z", "2009-11-01T03:00:00Z"] {
            assert_eq!(day_of(&st_johns, at.parse().unwrap()).to_string(), "2009-11-01");
        }
    }
}
