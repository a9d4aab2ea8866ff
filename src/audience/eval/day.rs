//! Local days and the months between them.

use crate::model::{Date, Timestamp, Zone};

pub(crate) const DAY_MS: i64 = 86_400_000;

/// The day that has begun at `at` and is not over. A clock that goes back across
/// midnight does not end a day that has begun, so days never go back.
pub(crate) fn today(zone: &Zone, at: i64) -> Date {
    let at = Timestamp::saturating_from_millis(at);
    let shown = zone.local_day(at);
    let next = shown.plus_days(1);
    if next > shown && zone.start_of(next) <= at { next } else { shown }
}

/// The same day `months` later, held at the month's end and inside the years 1 to 9999.
fn plus_months(date: Date, months: i64) -> Date {
    let (year, month, day) = date.ymd();
    let count = i64::from(year) * 12 + i64::from(month) - 1 + months;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) as u32 + 1);
    match year {
        ..=0 => Date::MIN,
        10_000.. => Date::MAX,
        _ => (1..=day)
            .rev()
            .find_map(|day| Date::from_ymd(year as i32, month, day))
            .unwrap_or(Date::MIN),
    }
}

/// The greatest k with `from + k` units of that many months not after `to`.
pub(crate) fn completed(from: Date, to: Date, months: i64) -> i64 {
    let (a, b) = (from.ymd(), to.ymd());
    let between = i64::from(b.0 - a.0) * 12 + i64::from(b.1) - i64::from(a.1);
    let guess = between.div_euclid(months);
    if plus_months(from, guess * months) <= to { guess } else { guess - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_completed_on_the_same_day_or_the_months_end() {
        for (from, to, months, expected) in [
            ("2026-01-31", "2026-02-27", 1, 0),
            ("2026-01-31", "2026-02-28", 1, 1),
            ("2026-03-15", "2026-03-14", 1, -1),
            ("2026-03-15", "2026-02-15", 1, -1),
            ("2026-03-15", "2026-02-14", 1, -2),
            ("2024-02-29", "2025-02-28", 12, 1),
            ("2026-01-01", "2026-12-31", 3, 3),
        ] {
            assert_eq!(completed(date(from), date(to), months), expected, "{from} {to}");
        }
    }

    #[test]
    fn a_day_that_has_begun_does_not_end_when_the_clock_goes_back() {
        let zone = Zone::named("America/St_Johns").unwrap();
        let start = zone.start_of(date("2009-11-01")).millis();
        let days: Vec<Date> = (0..200).map(|n| today(&zone, start + n * 60_000)).collect();
        assert!(days.iter().all(|day| *day == date("2009-11-01")));
        assert_eq!(today(&zone, start - 1), date("2009-10-31"));
    }
}
