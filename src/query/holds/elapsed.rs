//! `days since X` and its kin: exact for instants, whole local days for dates.

use super::super::predicate::Direction;
use super::calendar::day_of;
use super::point::Bound;
use crate::model::{Date, Decimal, FixedUnit, Timestamp, Unit, Value, Zone};

/// How much time lies between X and now; signed, `until` is the negation of `since`.
pub(super) fn elapsed(
    unit: Unit,
    direction: Direction,
    point: Bound,
    now: Timestamp,
    zone: &Zone,
) -> Value {
    let since = match (unit, point) {
        (Unit::Fixed(unit), Bound::Instant(x)) => {
            Decimal::ratio(now.since(x).into(), unit.ms().into())
        }
        (Unit::Fixed(unit), Bound::Day { date, .. }) => whole_days(unit, date, day_of(zone, now)),
        (civil, point) => {
            let months = completed_months(point.date(zone), day_of(zone, now));
            Some(Decimal::from(i64::from(months.div_euclid(months_of(civil)))))
        }
    };
    match (since, direction) {
        (Some(since), Direction::Since) => Value::Number(since),
        (Some(since), Direction::Until) => Value::Number(-since),
        (None, _) => Value::Null,
    }
}

/// Local days between two dates; units below a day do not apply to dates.
fn whole_days(unit: FixedUnit, date: Date, today: Date) -> Option<Decimal> {
    let days = i128::from(today.days()) - i128::from(date.days());
    match unit {
        FixedUnit::Day => Decimal::ratio(days, 1),
        FixedUnit::Week => Decimal::ratio(days, 7),
        _ => None,
    }
}

fn months_of(unit: Unit) -> i32 {
    match unit {
        Unit::Year => 12,
        Unit::Quarter => 3,
        Unit::Month | Unit::Fixed(_) => 1,
    }
}

/// The greatest k for which `day + k months`, held at the month's end, is not after today.
fn completed_months(day: Date, today: Date) -> i32 {
    let [(from_year, from_month, from_day), (year, month, of_month)] = [day, today].map(Date::ymd);
    let months = (year - from_year) * 12 + month as i32 - from_month as i32;
    // In today's month the day falls on its own number, or on the last of a shorter month.
    let reached = from_day <= of_month || today.plus_days(1).ymd().1 != month;
    if reached || today == Date::MAX { months } else { months - 1 }
}
