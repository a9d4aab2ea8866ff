//! Windows by the calendar: two marks among the days, which move as days begin.

use super::Span;
use super::day::today;
use super::elapsed::Spot;
use crate::model::{Date, Period, Zone};
use crate::query::predicate::Calendar;
use std::cmp::Ordering;

/// Whether the subject lies in the window all through the stretch, or never: it
/// comes before its turn, has its turn, and had it, in this order.
pub(super) fn inside(of: Calendar, subject: Spot, zone: &Zone, span: Span) -> Option<bool> {
    let [first, last] = [span.from, span.to].map(|at| turn(of, subject, zone, at));
    (first == last).then_some(first == Some(Ordering::Equal))
}

/// `Greater` before its turn, `Less` behind it; nothing for what lies nowhere.
fn turn(of: Calendar, subject: Spot, zone: &Zone, at: i64) -> Option<Ordering> {
    let by_day = by_day(of, subject.day(zone)?, today(zone, at));
    Some(match subject {
        Spot::Instant(when) if of.ends_now() && at < when => Ordering::Greater,
        Spot::Instant(when) if of.is_ahead() && when < at => Ordering::Less,
        _ => by_day,
    })
}

fn by_day(of: Calendar, day: Date, today: Date) -> Ordering {
    if let Calendar::AnyMonth { month } = of {
        return if day.ymd().1 == month { Ordering::Equal } else { Ordering::Less };
    }
    let (day, [from, to]) = (i64::from(day.days()), marks(of, today));
    if day < from {
        Ordering::Less
    } else if day < to {
        Ordering::Equal
    } else {
        Ordering::Greater
    }
}

/// The next instant after `at` at which an event enters or leaves: the start of
/// the first day, found by halving, that sees it otherwise.
pub(crate) fn next_turn(of: Calendar, when: i64, zone: &Zone, at: i64) -> Option<i64> {
    let (day, now) = (today(zone, when), today(zone, at));
    let differs = |later: Date| by_day(of, day, later) != by_day(of, day, now);
    let (mut same, mut other) = (now.days(), Date::MAX.days());
    if !differs(Date::MAX) {
        return None;
    }
    while other - same > 1 {
        let middle = same + (other - same) / 2;
        if differs(Date::from_days(middle)?) { other = middle } else { same = middle }
    }
    Some(zone.start_of(Date::from_days(other)?).millis())
}

/// The first day that counts, and the first that does not any more.
fn marks(of: Calendar, today: Date) -> [i64; 2] {
    let from_now = |months: i32| month_later(today, months.into());
    let begins_today = i64::from(today.days());
    match of {
        Calendar::Last { months } => [from_now(-months), begins_today + 1],
        Calendar::Next { months } => [begins_today, from_now(months)],
        Calendar::Ago { from: 0, to } => [from_now(-to), begins_today + 1],
        Calendar::Ago { from, to } => [from_now(-to), from_now(-from)],
        Calendar::Period { of, turn } => {
            [0, 1].map(|more| period_start(of, today, i64::from(turn.shift()) + more))
        }
        Calendar::Week { first_day, turn } => {
            [0, 1].map(|more| week_start(first_day, today, i64::from(turn.shift()) + more))
        }
        Calendar::Month { month, year } => {
            let january = (i64::from(today.ymd().0) + i64::from(year.shift())) * 12;
            [january + i64::from(month) - 1, january + i64::from(month)].map(month_start)
        }
        Calendar::AnyMonth { .. } => [i64::MIN, i64::MAX],
    }
}

/// Months since January of year 0.
fn month_count(date: Date) -> i64 {
    let (year, month, _) = date.ymd();
    i64::from(year) * 12 + i64::from(month) - 1
}

fn month_start(count: i64) -> i64 {
    let year = count.div_euclid(12);
    let first = i32::try_from(year)
        .ok()
        .and_then(|year| Date::from_ymd(year, count.rem_euclid(12) as u32 + 1, 1));
    match first {
        Some(first) => first.days().into(),
        None if year < 1 => i64::MIN,
        None => i64::MAX,
    }
}

/// As far into a later or earlier month as the date is into its own, as far as that goes.
pub(crate) fn month_later(date: Date, months: i64) -> i64 {
    let count = month_count(date) + months;
    let (start, next) = (month_start(count), month_start(count + 1));
    if start == i64::MIN || start == i64::MAX {
        return start;
    }
    let into = i64::from(date.ymd().2) - 1;
    if next == i64::MAX { start + into } else { (start + into).min(next - 1) }
}

fn period_start(of: Period, today: Date, shift: i64) -> i64 {
    let n_months = match of {
        Period::Day => return i64::from(today.days()) + shift,
        Period::Week => return week_start(1, today, shift),
        Period::Month => 1,
        Period::Quarter => 3,
        Period::Year => 12,
    };
    month_start((month_count(today).div_euclid(n_months) + shift) * n_months)
}

/// The number of the first day that counts, now or later; of what comes again and
/// again before all days.
pub(crate) fn first_day_of(of: Calendar, zone: &Zone, at: i64) -> i64 {
    marks(of, today(zone, at))[0]
}

/// When a day begins, by its number; one before all days at the beginning of time.
pub(crate) fn day_start(zone: &Zone, number: i64) -> i64 {
    let date = i32::try_from(number).ok().and_then(Date::from_days);
    date.map_or(i64::MIN, |date| zone.start_of(date).millis())
}

/// The first day of the period that a day lies in.
pub(crate) fn period_begun(of: Period, first_day: u8, day: Date) -> Date {
    let first = match of {
        Period::Week => week_start(first_day, day, 0),
        of => period_start(of, day, 0),
    };
    i32::try_from(first).ok().and_then(Date::from_days).unwrap_or(Date::MIN)
}

/// Weeks are counted from the one of the epoch, which began on a Thursday.
fn week_start(first_day: u8, today: Date, shift: i64) -> i64 {
    let before = 4 - i64::from(first_day);
    let week = (i64::from(today.days()) + before).div_euclid(7) + shift;
    week * 7 - before
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Timestamp, Turn};

    /// When an event enters and leaves from an instant on.
    fn check<'a>(of: Calendar, zone: &str, when: &str, mut at: &'a str, expected: &[&'a str]) {
        let ms = |text: &str| text.parse::<Timestamp>().unwrap().millis();
        let zone = Zone::named(zone).unwrap();
        for next in expected {
            assert_eq!(next_turn(of, ms(when), &zone, ms(at)), Some(ms(next)), "{of:?} after {at}");
            at = next;
        }
        assert_eq!(next_turn(of, ms(when), &zone, ms(at)), None, "{of:?} after {at}");
    }

    #[test]
    fn an_event_of_a_months_end_leaves_once() {
        let (when, last) = ("2026-02-28T12:00:00Z", Calendar::Last { months: 1 });
        check(last, "UTC", when, when, &["2026-04-01T00:00:00Z"]);
        check(last, "Europe/Bratislava", when, when, &["2026-03-31T22:00:00Z"]);
        let band = Calendar::Ago { from: 1, to: 12 };
        check(band, "UTC", when, when, &["2026-04-01T00:00:00Z", "2027-03-01T00:00:00Z"]);
        let leap = "2024-02-29T12:00:00Z";
        let year = Calendar::Last { months: 12 };
        check(year, "UTC", leap, leap, &["2025-03-01T00:00:00Z"]);
    }

    #[test]
    fn an_event_leaves_a_period_when_the_next_one_begins() {
        let period = |of, turn| Calendar::Period { of, turn };
        let when = "2026-03-29T12:00:00Z";
        let today = period(Period::Day, Turn::This);
        check(today, "Europe/Bratislava", when, when, &["2026-03-29T22:00:00Z"]);
        let last_week = period(Period::Week, Turn::Last);
        let turns = ["2026-03-29T22:00:00Z", "2026-04-05T22:00:00Z"];
        check(last_week, "Europe/Bratislava", when, when, &turns);
        // The day between was skipped: yesterday comes and is over in one instant.
        let (when, turn) = ("2011-12-30T09:00:00Z", "2011-12-30T10:00:00Z");
        check(period(Period::Day, Turn::Last), "Pacific/Apia", when, when, &[turn]);
        check(today, "Pacific/Apia", when, when, &[turn]);
        check(Calendar::AnyMonth { month: 12 }, "UTC", when, when, &[]);
    }
}
