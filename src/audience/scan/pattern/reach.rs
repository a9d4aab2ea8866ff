//! Where a length ends that is counted from an instant.

use super::super::super::eval::{Leaves, month_later, today};
use super::Scan;
use crate::model::Date;
use crate::query::predicate::{Gap, Length};

impl Scan<'_> {
    /// The first instant that lies a length or more behind another.
    pub(super) fn past(&self, from: i64, length: &Length) -> i64 {
        match length {
            Length::Ms(ms) => from.saturating_add(*ms),
            Length::Months(months, local) => {
                let zone = self.zone(local);
                let day = month_later(today(zone, from), (*months).into());
                let day = i32::try_from(day).ok().and_then(Date::from_days);
                day.map_or(i64::MAX, |day| zone.start_of(day).millis())
            }
        }
    }

    /// The instants that gaps allow behind another: from the first, before the second.
    pub(super) fn stretch(&self, from: i64, gaps: &[Gap]) -> (i64, i64) {
        gaps.iter().fold((from, i64::MAX), |(least, end), gap| match gap {
            Gap::Within(length) => (least, end.min(self.past(from, length))),
            Gap::AtLeast(length) => (least.max(self.past(from, length)), end),
        })
    }
}
