//! Windows by the calendar: the same stretch for everyone, computed once.

use super::days::Days;
use super::tree::Window;
use crate::model::{Date, Period, Timestamp, Turn, Zone};
use crate::query::predicate::{Calendar, Length};

/// Where the window lies as of now.
pub fn by_calendar(of: Calendar, zone: &Zone, now: Timestamp) -> Window {
    if let Calendar::AnyMonth { month } = of {
        return Window::Month { month, zone: Days::In(zone.clone()) };
    }
    let today = today(zone, now);
    let tomorrow = i64::from(today.days()) + 1;
    let (from, to) = days(of, today);
    let mut ms = (start(from, zone), start(to, zone));
    if of.ends_now() {
        ms.1 = now.millis() + 1;
    }
    if of.is_ahead() {
        ms.0 = now.millis();
    }
    let to = if of.ends_now() { tomorrow } else { to };
    Window::Calendar { ms, days: (from, to), is_ahead: of.is_ahead() }
}

/// The first instant that lies a length or more behind another, by the days of a zone.
#[inline]
pub fn after(ms: i64, length: &Length, zone: &Zone) -> i64 {
    match length {
        Length::Ms(length) => ms.saturating_add(*length),
        Length::Months(months, _) => {
            let day = today(zone, Timestamp::saturating_from_millis(ms));
            start(same_day(day, *months), zone)
        }
    }
}

/// The day that has begun last.
pub fn today(zone: &Zone, now: Timestamp) -> Date {
    let shown = zone.local_day(now);
    [shown.plus_days(1)].into_iter().find(|next| zone.start_of(*next) <= now).unwrap_or(shown)
}

/// The first day, and the first one behind the last.
fn days(of: Calendar, today: Date) -> (i64, i64) {
    match of {
        Calendar::Last { months } => (same_day(today, -months), same_day(today, 0)),
        Calendar::Next { months } => (same_day(today, 0), same_day(today, months)),
        Calendar::Ago { from, to } => (same_day(today, -to), same_day(today, -from)),
        Calendar::Period { of, turn } => {
            let shift = turn.shift();
            (first_day(of, today, shift), first_day(of, today, shift + 1))
        }
        Calendar::Week { first_day, turn } => {
            let start = week_start(today, first_day) + 7 * i64::from(turn.shift());
            (start, start + 7)
        }
        Calendar::Month { month, year } => month_of(today, month, year),
        Calendar::AnyMonth { .. } => (i64::MIN, i64::MAX),
    }
}

/// The day so many months from another, or the last of a month that is too short.
pub fn same_day(date: Date, months: i32) -> i64 {
    let (year, month, day) = date.ymd();
    let months = (month as i32 - 1) + months;
    day_in(year + months.div_euclid(12), months.rem_euclid(12) as u32 + 1, day)
}

/// A day before or after the calendar lies before or after everything.
fn day_in(year: i32, month: u32, day: u32) -> i64 {
    match year {
        ..1 => i64::MIN,
        10_000.. => i64::MAX,
        _ => {
            let there = Date::from_ymd(year, month, day);
            let held = || (28..day).rev().find_map(|day| Date::from_ymd(year, month, day));
            there.or_else(held).map_or(i64::MAX, |date| date.days().into())
        }
    }
}

/// The first day of the period that holds today, or of one so many after it.
pub fn first_day(of: Period, today: Date, shift: i32) -> i64 {
    let (year, month, _) = today.ymd();
    let days = i64::from(today.days());
    match of {
        Period::Day => days + i64::from(shift),
        Period::Week => week_start(today, 1) + 7 * i64::from(shift),
        Period::Month => month_from(year, month as i32 + shift),
        Period::Quarter => month_from(year, (month as i32 - 1) / 3 * 3 + 1 + 3 * shift),
        Period::Year => month_from(year + shift, 1),
    }
}

/// The first day of the week that holds a day. Days are counted from a Thursday,
/// and Monday is the first day of the week, three days before it.
pub fn week_start(date: Date, first_day: u8) -> i64 {
    let days = i64::from(date.days());
    days - (days + 3 - (i64::from(first_day) - 1)).rem_euclid(7)
}

/// The first day of a month, counted from January of a year as 1.
fn month_from(year: i32, month: i32) -> i64 {
    day_in(year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) as u32 + 1, 1)
}

fn month_of(today: Date, month: u32, year: Turn) -> (i64, i64) {
    let year = today.ymd().0 + year.shift();
    (month_from(year, month as i32), month_from(year, month as i32 + 1))
}

/// When a day begins; outside of the calendar nothing does.
pub fn start(days: i64, zone: &Zone) -> i64 {
    let date = i32::try_from(days).ok().and_then(Date::from_days);
    match date {
        Some(date) => zone.start_of(date).millis(),
        None if days < 0 => i64::MIN,
        None => i64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The instants between which the window lies.
    fn check(of: Calendar, zone: &str, now: &str, expected: [&str; 2]) {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let found = by_calendar(of, &Zone::named(zone).unwrap(), at(now));
        let Window::Calendar { ms, .. } = found else { panic!("{of:?} is the same for everyone") };
        let expected = expected.map(|text| at(text).millis());
        assert_eq!([ms.0, ms.1], expected, "{of:?} in {zone} at {now}");
    }

    #[test]
    fn months_begin_with_local_days_whatever_the_clocks_do() {
        let last = Calendar::Last { months: 1 };
        let (zone, now) = ("Europe/Bratislava", "2026-03-31T12:00:00Z");
        check(last, zone, now, ["2026-02-27T23:00:00Z", "2026-03-31T12:00:00.001Z"]);
        let next = Calendar::Next { months: 1 };
        check(next, zone, now, [now, "2026-04-29T22:00:00Z"]);
        let band = Calendar::Ago { from: 12, to: 24 };
        let leap = "2024-02-29T12:00:00Z";
        check(band, "UTC", leap, ["2022-02-28T00:00:00Z", "2023-02-28T00:00:00Z"]);
    }

    #[test]
    fn periods_reach_from_start_to_start() {
        let period = |of, turn| Calendar::Period { of, turn };
        let today = period(Period::Day, Turn::This);
        let (zone, spring) = ("Europe/Bratislava", "2026-03-29T12:00:00Z");
        check(today, zone, spring, ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"]);
        // No midnight in São Paulo on that day, and no 30 December in Apia.
        let (zone, summer) = ("America/Sao_Paulo", "2018-11-04T12:00:00Z");
        check(today, zone, summer, ["2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"]);
        let yesterday = period(Period::Day, Turn::Last);
        let (zone, skipped) = ("Pacific/Apia", "2011-12-30T10:00:00Z");
        check(yesterday, zone, skipped, ["2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"]);
        let week = period(Period::Week, Turn::This);
        check(
            week,
            "UTC",
            "2026-03-01T00:00:00Z",
            ["2026-02-23T00:00:00Z", "2026-03-02T00:00:00Z"],
        );
        let december = Calendar::Month { month: 12, year: Turn::Last };
        let [from, to] = ["2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"];
        check(december, "UTC", "2026-03-01T00:00:00Z", [from, to]);
    }
}
