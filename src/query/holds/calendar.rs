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
fn reaches(day: Date, today: Date, months: i32) -> bool {
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
        // 1970-01-01 was a Thursday, three days after a Monday.
        Period::Week => (day.days() + 3).div_euclid(7),
        Period::Month => months,
        Period::Quarter => months.div_euclid(3),
        Period::Year => year,
    }
}

fn month_of(today: Date, month: u32, year: Turn) -> i32 {
    (number(Period::Year, today) + year.shift()) * 12 + month as i32 - 1
}
