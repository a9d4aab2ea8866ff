//! Where a length ends that is counted from an instant.

use super::super::eval::{month_later, today};
use crate::model::{Date, Zone};
use crate::query::predicate::{Gap, Length, Local};

/// The first instant that lies a length or more behind another; months are those of
/// the person's zone where they are told by it.
pub(super) fn past(from: i64, length: &Length, theirs: Option<&Zone>) -> i64 {
    match length {
        Length::Ms(ms) => from.saturating_add(*ms),
        Length::Months(months, local) => {
            let zone = match local {
                Local::In(zone) => zone,
                Local::Theirs(common) => theirs.unwrap_or(common),
            };
            let day = month_later(today(zone, from), (*months).into());
            let day = i32::try_from(day).ok().and_then(Date::from_days);
            day.map_or(i64::MAX, |day| zone.start_of(day).millis())
        }
    }
}

/// The instants that gaps allow behind another: from the first, before the second.
pub(super) fn stretch(from: i64, gaps: &[Gap], theirs: Option<&Zone>) -> (i64, i64) {
    gaps.iter().fold((from, i64::MAX), |(least, end), gap| match gap {
        Gap::Within(length) => (least, end.min(past(from, length, theirs))),
        Gap::AtLeast(length) => (least.max(past(from, length, theirs)), end),
    })
}
