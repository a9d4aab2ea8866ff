//! When anniversaries become those of the next year.

use super::super::super::holds::{Place, day_of, value_at};
use super::super::super::predicate::Expr;
use super::Moment;
use crate::model::{Date, Timestamp, Value, Zone};

/// So many years ahead are looked at: after two leap years, around the turn of
/// a century too, the calendar has shown what it does.
const YEARS: i32 = 13;

/// The midnights behind the anniversaries of a value as it is at the beginning
/// of a stretch; where 28 February may be one, behind that day and the next.
pub(super) fn turns<L, P: Place<L> + Moment>(
    of: &Expr<L>,
    zone: &Zone,
    place: P,
    from: Timestamp,
) -> Vec<Timestamp> {
    let day = match value_at(of, &place.at(from)) {
        Value::Instant(at) => day_of(zone, at),
        Value::Date(date) => date,
        _ => return Vec::new(),
    };
    let ((_, month, of_month), (year, ..)) = (day.ymd(), day_of(zone, from).ymd());
    let kept = |year: i32| {
        [of_month, of_month - 1].into_iter().filter_map(move |d| Date::from_ymd(year, month, d))
    };
    let days = (0..YEARS).flat_map(|n| kept(year + n));
    days.map(|day| zone.start_of(day.plus_days(1))).collect()
}
