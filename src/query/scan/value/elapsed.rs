//! How long ago, or how far ahead, a point lies.

use super::time::Spot;
use crate::model::{Date, Decimal, FixedUnit, Timestamp, Unit, Zone};
use crate::query::predicate::Direction;
use crate::query::scan::plan::calendar::today;

/// Exact for an instant in units of fixed length, whole local days for a date,
/// completed units of the calendar otherwise.
pub fn elapsed(
    unit: Unit,
    direction: Direction,
    spot: &Spot,
    now: Timestamp,
    zone: &Zone,
) -> Option<Decimal> {
    let since = match (unit, spot.day) {
        (Unit::Fixed(unit), None) => {
            Decimal::ratio(i128::from(now.millis()) - i128::from(spot.from), unit.ms().into())
        }
        (Unit::Fixed(unit), Some(day)) => {
            let days = i128::from(today(zone, now).days()) - i128::from(day.days());
            match unit {
                FixedUnit::Day => Decimal::ratio(days, 1),
                FixedUnit::Week => Decimal::ratio(days, 7),
                _ => None,
            }
        }
        (Unit::Month, _) => completed(spot.date(zone), today(zone, now), 1),
        (Unit::Quarter, _) => completed(spot.date(zone), today(zone, now), 3),
        (Unit::Year, _) => completed(spot.date(zone), today(zone, now), 12),
    }?;
    Some(match direction {
        Direction::Since => since,
        Direction::Until => -since,
    })
}

/// The greatest k for which k times so many months after a day are reached,
/// a day that a month does not have being its last.
fn completed(from: Date, today: Date, months: i64) -> Option<Decimal> {
    let ([y0, m0, d0], [y1, m1, d1]) = (parts(from), parts(today));
    let lies_ahead = d1 < d0.min(month_days(y1, m1));
    let whole_months = (y1 * 12 + m1) - (y0 * 12 + m0) - i64::from(lies_ahead);
    Some(Decimal::from(whole_months.div_euclid(months)))
}

fn parts(date: Date) -> [i64; 3] {
    let (year, month, day) = date.ymd();
    [i64::from(year), i64::from(month), i64::from(day)]
}

fn month_days(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_complete_on_its_day_or_on_the_last_one() {
        let completed = |from: &str, today: &str, months| {
            completed(from.parse().unwrap(), today.parse().unwrap(), months).unwrap().to_string()
        };
        assert_eq!(completed("2026-01-31", "2026-02-27", 1), "0");
        assert_eq!(completed("2026-01-31", "2026-02-28", 1), "1");
        assert_eq!(completed("2024-02-29", "2025-02-28", 12), "1");
        assert_eq!(completed("2026-03-31", "2026-03-30", 1), "-1");
        assert_eq!(completed("2026-03-31", "2026-03-30", 3), "-1");
    }
}
