//! Slices of time: fixed by the UTC calendar, never by the data.

use crate::model::{Date, Timestamp};

/// A slice of event time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slice {
    /// A year that lies more than 13 months back.
    Year(u16),
    /// A month, 1 to 12.
    Month(u16, u8),
    /// What was ahead when it was sealed.
    Future,
}

/// Months besides the current one that are slices of their own.
const MONTHS: i32 = 13;

impl Slice {
    /// The slice in which rows of that instant are sealed at `now`.
    pub fn of(when: Timestamp, now: Timestamp) -> Slice {
        if when > now {
            return Slice::Future;
        }
        let (year, month) = month_of(when);
        let (this_year, this_month) = month_of(now);
        let n_months_back = (this_year - year) * 12 + this_month - month;
        match n_months_back <= MONTHS {
            true => Slice::Month(year as u16, month as u8),
            false => Slice::Year(year as u16),
        }
    }

    /// Whether a row of the slice may have `from <= when < to`.
    pub(crate) fn overlaps(self, from: Timestamp, to: Option<Timestamp>) -> bool {
        let (first, last) = match self {
            Slice::Year(year) => ((i32::from(year), 1), (i32::from(year), 12)),
            Slice::Month(year, month) => {
                let own = (i32::from(year), i32::from(month));
                (own, own)
            }
            Slice::Future => return true,
        };
        month_of(from) <= last && to.is_none_or(|to| first <= month_of(to))
    }

    /// Whether a seal at `now` would put none of these rows elsewhere.
    pub(crate) fn is_settled(self, first: Timestamp, now: Timestamp) -> bool {
        match self {
            Slice::Year(_) => true,
            Slice::Future => first > now,
            Slice::Month(..) => Slice::of(first, now) == self,
        }
    }

    /// The slice as a number, ascending in time.
    pub(crate) fn number(self) -> u32 {
        match self {
            Slice::Year(year) => u32::from(year) * 16,
            Slice::Month(year, month) => u32::from(year) * 16 + u32::from(month),
            Slice::Future => u32::MAX,
        }
    }

    pub(crate) fn of_number(number: u32) -> Option<Slice> {
        let (year, month) = (u16::try_from(number / 16).ok(), (number % 16) as u8);
        match (number, year, month) {
            (u32::MAX, ..) => Some(Slice::Future),
            (_, Some(year), 0) => Some(Slice::Year(year)),
            (_, Some(year), 1..=12) => Some(Slice::Month(year, month)),
            _ => None,
        }
    }
}

/// Slices at one instant. Rows come in the order of time, more or less, so the
/// day of the row before is mostly that of the next.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    now: Timestamp,
    day: i64,
    slice: Slice,
}

const DAY_MS: i64 = 86_400_000;

impl Calendar {
    pub fn new(now: Timestamp) -> Calendar {
        Calendar { now, day: now.millis().div_euclid(DAY_MS), slice: Slice::of(now, now) }
    }

    /// The slice in which a row of that instant is sealed.
    pub fn slice(&mut self, when: Timestamp) -> Slice {
        if when > self.now {
            return Slice::Future;
        }
        let day = when.millis().div_euclid(DAY_MS);
        if day != self.day {
            (self.day, self.slice) = (day, Slice::of(when, self.now));
        }
        self.slice
    }
}

fn month_of(at: Timestamp) -> (i32, i32) {
    let days = at.millis().div_euclid(DAY_MS) as i32;
    let (year, month, _) = Date::from_days(days).unwrap_or_default().ymd();
    (year, month as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_follows_the_calendar() {
        let now: Timestamp = "2026-03-15T12:00:00Z".parse().unwrap();
        let mut calendar = Calendar::new(now);
        for (when, slice) in [
            ("2026-03-15T12:00:00Z", Slice::Month(2026, 3)),
            ("2026-03-15T12:00:00.001Z", Slice::Future),
            ("2026-02-28T23:59:59.999Z", Slice::Month(2026, 2)),
            ("2025-02-01T00:00:00Z", Slice::Month(2025, 2)),
            ("2025-01-31T23:59:59.999Z", Slice::Year(2025)),
            ("0001-01-01T00:00:00Z", Slice::Year(1)),
        ] {
            assert_eq!(Slice::of(when.parse().unwrap(), now), slice, "{when}");
            assert_eq!(Slice::of_number(slice.number()), Some(slice));
            assert_eq!(calendar.slice(when.parse().unwrap()), slice, "{when}");
        }
        let at = |text: &str| -> Timestamp { text.parse().unwrap() };
        let (before, first) = (at("2025-11-30T23:59:59.999Z"), at("2025-12-01T00:00:00Z"));
        let (last, after) = (at("2025-12-31T23:59:59.999Z"), at("2026-01-01T00:00:00Z"));
        for slice in [Slice::Month(2025, 12), Slice::Year(2025)] {
            assert!(slice.overlaps(last, None) && !slice.overlaps(after, None));
            assert!(
                slice.overlaps(Timestamp::MIN, Some(last)) && slice.overlaps(first, Some(last))
            );
        }
        assert!(!Slice::Month(2025, 12).overlaps(Timestamp::MIN, Some(before)));
        assert!(Slice::Year(2025).overlaps(before, Some(before)));
        assert!(!Slice::Year(2026).overlaps(Timestamp::MIN, Some(before)));
        assert!(Slice::Future.overlaps(Timestamp::MIN, Some(Timestamp::MIN)));
        assert_eq!(Slice::of(Timestamp::MAX, Timestamp::MAX), Slice::Month(9999, 12));
        assert_eq!(Slice::of_number(13), None);
    }
}
