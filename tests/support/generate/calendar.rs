//! Windows by the calendar, and the midnights at which they move.

use super::{Random, ZONES, now};
use throng::model::{Date, Period, Timestamp, Turn, Zone};
use throng::query::predicate::Calendar;

/// A window by the calendar, of any kind.
pub fn calendar(random: &mut Random) -> Calendar {
    let months = random.one_of(&[1, 1, 2, 3, 6, 12, 24]);
    match random.below(13) {
        12 => Calendar::Week { first_day: random.one_of(&[2, 6, 7]), turn: turn(random) },
        0 | 1 => Calendar::Last { months },
        2 => Calendar::Next { months },
        3 | 4 => {
            let from = random.one_of(&[0, 1, 1, 2, 3]);
            Calendar::Ago { from, to: from + months }
        }
        5..=7 => Calendar::Period { of: period(random), turn: turn(random) },
        8 => Calendar::Month { month: month(random), year: turn(random) },
        _ => Calendar::AnyMonth { month: month(random) },
    }
}

fn period(random: &mut Random) -> Period {
    random.one_of(&[Period::Day, Period::Week, Period::Month, Period::Quarter, Period::Year])
}

fn turn(random: &mut Random) -> Turn {
    random.one_of(&[Turn::Last, Turn::This, Turn::Next])
}

/// This month or one near it, mostly.
fn month(random: &mut Random) -> u32 {
    let (_, month, _) = Zone::UTC.local_day(now()).ymd();
    let near = (month as i64 - 1 + random.between(-2, 1)).rem_euclid(12) as u32 + 1;
    if random.chance(5) { random.between(1, 12) as u32 } else { near }
}

/// A start of a local day at which such a window may move, in some zone.
pub fn midnight(random: &mut Random) -> Timestamp {
    let zone = Zone::named(random.one_of(&ZONES)).unwrap();
    zone.start_of(day(random, zone.local_day(now())))
}

/// A day near today, or the same, the first or the last one of a month near it.
fn day(random: &mut Random, today: Date) -> Date {
    if random.chance(4) {
        return today.plus_days(random.between(-8, 8) as i32);
    }
    let (year, month, of_month) = today.ymd();
    let count = i64::from(year) * 12 + i64::from(month) - 1;
    let away = random.one_of(&[0, 0, -1, -1, -2, -3, -4, -6, -12, -12, -24, 1, 1, 2, 3, 12]);
    let (year, month) = ((count + away).div_euclid(12), (count + away).rem_euclid(12) as u32 + 1);
    let wanted = random.one_of(&[1, 1, of_month, of_month, 28, 30, 31]);
    let held = (28..=wanted.max(28)).rev().chain([wanted]);
    let mut there =
        held.filter(|day| *day <= wanted).filter_map(|day| Date::from_ymd(year as i32, month, day));
    there.next().unwrap_or(today)
}
