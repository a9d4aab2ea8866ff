//! Less than some months from a point: whole local days on the far side.

use super::calendar::month_later;
use super::elapsed::Spot;
use crate::model::Zone;
use crate::query::predicate::Side;

/// Whether the subject lies there. A date on either end is measured by days.
pub(super) fn inside(subject: Spot, point: Spot, months: i32, side: Side, zone: &Zone) -> bool {
    let (Some(day), Some(from)) = (subject.day(zone), point.day(zone)) else { return false };
    let behind = match (subject, point) {
        (Spot::Instant(when), Spot::Instant(x)) => when.cmp(&x),
        _ => day.cmp(&from),
    };
    let (day, months) = (i64::from(day.days()), i64::from(months));
    let after = behind.is_ge() && day < month_later(from, months);
    let before = behind.is_le() && month_later(from, -months) <= day;
    match side {
        Side::After => after,
        Side::Before => before,
        Side::Either => after || before,
    }
}
