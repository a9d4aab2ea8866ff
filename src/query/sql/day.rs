//! Days and months while compiling: the bounds of windows become literals.

use crate::model::{Date, Period, Timestamp, Turn, Zone};
use crate::query::predicate::Calendar;

/// The local day of an instant: the last one that has begun.
pub(super) fn of(zone: &Zone, at: Timestamp) -> Date {
    let shown = zone.local_day(at);
    let next = shown.plus_days(1);
    if zone.start_of(next) <= at { next } else { shown }
}

/// The day so many months later, held at its month's end.
pub(super) fn plus_months(day: Date, months: i32) -> Date {
    let (year, month, of_month) = day.ymd();
    let count = year * 12 + month as i32 - 1 + months;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) as u32 + 1);
    let held = (28..=of_month).rev().find_map(|held| Date::from_ymd(year, month, held));
    let there = held.or_else(|| Date::from_ymd(year, month, of_month));
    there.unwrap_or(if months < 0 { Date::MIN } else { Date::MAX })
}

/// Which days a window holds, as today says: from one up to, not including, another.
/// A month of every year is none such.
pub(super) fn held(of: Calendar, today: Date) -> Option<[Date; 2]> {
    let first_of = |year: i32, month: i32| {
        let count = year * 12 + month;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) as u32 + 1);
        Date::from_ymd(year, month, 1).unwrap_or(if year < 1 { Date::MIN } else { Date::MAX })
    };
    let (year, month, _) = today.ymd();
    let month = month as i32 - 1;
    Some(match of {
        Calendar::Last { months } => [plus_months(today, -months), today.plus_days(1)],
        Calendar::Next { months } => [today, plus_months(today, months)],
        Calendar::Ago { from: 0, to } => [plus_months(today, -to), today.plus_days(1)],
        Calendar::Ago { from, to } => [plus_months(today, -to), plus_months(today, -from)],
        Calendar::Period { of: Period::Day, turn } => {
            let day = today.plus_days(shift(turn));
            [day, day.plus_days(1)]
        }
        Calendar::Period { of: Period::Week, turn } => week(1, today, turn),
        Calendar::Week { first_day, turn } => week(first_day, today, turn),
        Calendar::Period { of: Period::Month, turn } => {
            [0, 1].map(|n| first_of(year, month + shift(turn) + n))
        }
        Calendar::Period { of: Period::Quarter, turn } => {
            [0, 3].map(|n| first_of(year, month / 3 * 3 + 3 * shift(turn) + n))
        }
        Calendar::Period { of: Period::Year, turn } => {
            [0, 1].map(|n| first_of(year + shift(turn) + n, 0))
        }
        Calendar::Month { month, year: turn } => {
            [0, 1].map(|n| first_of(year + shift(turn), month as i32 - 1 + n))
        }
        Calendar::AnyMonth { .. } => return None,
    })
}

fn shift(turn: Turn) -> i32 {
    match turn {
        Turn::Last => -1,
        Turn::This => 0,
        Turn::Next => 1,
    }
}

/// 1970-01-01 was a Thursday, the fourth day from Monday on.
fn week(first_day: u8, today: Date, turn: Turn) -> [Date; 2] {
    let into = (today.days() + 4 - i32::from(first_day)).rem_euclid(7);
    [0, 7].map(|n| today.plus_days(7 * shift(turn) - into + n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_held_at_its_end() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(plus_months(day("2026-03-31"), -1), day("2026-02-28"));
        assert_eq!(plus_months(day("2024-02-29"), 12), day("2025-02-28"));
        let last_quarter = Calendar::Period { of: Period::Quarter, turn: Turn::Last };
        assert_eq!(
            held(last_quarter, day("2026-01-15")),
            Some([day("2025-10-01"), day("2026-01-01")])
        );
    }
}
