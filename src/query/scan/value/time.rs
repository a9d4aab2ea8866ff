//! Points and windows, placed.

use super::expr::value;
use super::here::Here;
use super::months;
use crate::model::{Date, FixedUnit, Timestamp, Value, Zone};
use crate::query::predicate::Side;
use crate::query::scan::plan::calendar::{by_calendar, today};
use crate::query::scan::plan::tree::{Point, Window};
use std::borrow::Cow;

/// Where a point lies: from its first millisecond up to the first after it, and
/// whether it is a local day as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub from: i64,
    pub to: i64,
    pub day: Option<Date>,
}

impl Spot {
    fn instant(at: Timestamp) -> Spot {
        Spot { from: at.millis(), to: at.millis() + 1, day: None }
    }

    /// A local day; after the last of the calendar comes nothing.
    fn whole(date: Date, start: Timestamp, end: Timestamp) -> Spot {
        let to = if date == Date::MAX { i64::MAX } else { end.millis() };
        Spot { from: start.millis(), to, day: Some(date) }
    }

    /// The day of the point.
    pub fn date(&self, zone: &Zone) -> Date {
        self.day.unwrap_or_else(|| today(zone, Timestamp::saturating_from_millis(self.from)))
    }
}

/// Where a point lies; none if it is missing.
pub fn spot(point: &Point, here: &Here<'_>) -> Option<Spot> {
    let (found, zone) = match point {
        Point::Instant(at) => return Some(Spot::instant(*at)),
        Point::Day { date, start, end } => return Some(Spot::whole(*date, *start, *end)),
        Point::Anchor(slot) => (here.slot(*slot), Cow::Owned(Zone::UTC)),
        Point::Value(expr, zone) => (value(expr, here), zone.zone(here)),
    };
    match found {
        Value::Instant(at) => Some(Spot::instant(at)),
        Value::Date(date) => {
            Some(Spot::whole(date, zone.start_of(date), zone.start_of(date.plus_days(1))))
        }
        _ => None,
    }
}

/// Where instants lie that a window takes.
#[derive(Clone, Debug)]
pub enum Placed {
    /// From the first millisecond on, before the second.
    Between(i64, i64),
    /// In that month of the local calendar.
    Month { month: u32, zone: Zone },
    /// So many local days from a date.
    Days { from: i64, to: i64, zone: Zone },
}

impl Placed {
    const NOWHERE: Placed = Placed::Between(0, 0);

    pub fn has(&self, ms: i64) -> bool {
        match self {
            Placed::Between(from, to) => (*from..*to).contains(&ms),
            Placed::Month { month, zone } => month_at(ms, zone) == *month,
            Placed::Days { from, to, zone } => {
                let day = today(zone, Timestamp::saturating_from_millis(ms)).days();
                (*from..*to).contains(&i64::from(day))
            }
        }
    }
}

/// A window for events: nothing that is ahead is visible, so `in next` is empty.
pub fn place(window: &Window, here: &Here<'_>) -> Placed {
    match window {
        Window::Next { .. } | Window::Calendar { is_ahead: true, .. } => Placed::NOWHERE,
        Window::Theirs { of, .. } if of.is_ahead() => Placed::NOWHERE,
        other => place_of_value(other, here),
    }
}

/// A window for instants.
pub fn place_of_value(window: &Window, here: &Here<'_>) -> Placed {
    let now = here.now.millis();
    match window {
        Window::Ages { from_ms, to_ms } => Placed::Between(
            now.saturating_sub(*to_ms).saturating_add(1),
            now.saturating_sub(*from_ms).saturating_add(1),
        ),
        Window::Next { ms } => Placed::Between(now, now.saturating_add(*ms)),
        Window::Calendar { ms, .. } => Placed::Between(ms.0, ms.1),
        Window::Theirs { of, zone } => {
            place_of_value(&by_calendar(*of, &zone.zone(here), here.now), here)
        }
        Window::Month { month, zone } => {
            Placed::Month { month: *month, zone: zone.zone(here).into_owned() }
        }
        Window::Range { from, to } => {
            let (Some(from), Some(to)) = (edge(from, here), edge(to, here)) else {
                return Placed::NOWHERE;
            };
            let from = from.map_or(i64::MIN, |(at, with)| if with { at.from } else { at.to });
            let to = to.map_or(i64::MAX, |(at, with)| if with { at.to } else { at.from });
            Placed::Between(from, to)
        }
        Window::Within { ms, side, point, zone } => match spot(point, here) {
            None => Placed::NOWHERE,
            Some(Spot { day: Some(date), .. }) => days_around(date, *ms, *side, &zone.zone(here)),
            Some(Spot { from, .. }) => {
                let (from, to) = around(from, *ms, *side);
                Placed::Between(from, to)
            }
        },
        Window::WithinMonths { months, side, point, zone } => spot(point, here)
            .map_or(Placed::NOWHERE, |spot| {
                months::around_spot(&spot, *months, *side, &zone.zone(here))
            }),
    }
}

type Edge = Option<(Spot, bool)>;

/// Where an edge lies: `Some(None)` is an open end, `None` a missing point.
fn edge(edge: &Option<(Point, bool)>, here: &Here<'_>) -> Option<Edge> {
    match edge {
        None => Some(None),
        Some((point, included)) => Some(Some((spot(point, here)?, *included))),
    }
}

/// The whole numbers on a side of another, nearer than a length.
fn around(at: i64, length: i64, side: Side) -> (i64, i64) {
    let (before, after) = (at.saturating_sub(length).saturating_add(1), at.saturating_add(length));
    match side {
        Side::After => (at, after),
        Side::Before => (before, at.saturating_add(1)),
        Side::Either => (before, after),
    }
}

fn days_around(date: Date, ms: i64, side: Side, zone: &Zone) -> Placed {
    let Some(length) = days(ms) else { return Placed::NOWHERE };
    let (from, to) = around(date.days().into(), length, side);
    if length <= 0 {
        return Placed::NOWHERE;
    }
    Placed::Days { from, to, zone: zone.clone() }
}

/// The month of the day that has begun last.
fn month_at(ms: i64, zone: &Zone) -> u32 {
    let at = Timestamp::saturating_from_millis(ms);
    let shown = zone.local_day(at);
    let next = shown.plus_days(1);
    let has_next_begun = next.ymd().1 != shown.ymd().1 && zone.start_of(next) <= at;
    if has_next_begun { next.ymd().1 } else { shown.ymd().1 }
}

/// A length in whole days; a part of a day says nothing about dates.
fn days(ms: i64) -> Option<i64> {
    let day = FixedUnit::Day.ms();
    (ms % day == 0).then_some(ms / day)
}

/// Whether a date lies in a window: whole local days are compared.
pub fn has_date(window: &Window, date: Date, here: &Here<'_>, zone: &Zone) -> bool {
    let (day, today) = (i64::from(date.days()), i64::from(today(zone, here.now).days()));
    match window {
        Window::Ages { from_ms, to_ms } => match (days(*from_ms), days(*to_ms)) {
            (Some(from), Some(to)) => from <= today - day && today - day < to,
            _ => false,
        },
        Window::Next { ms } => days(*ms).is_some_and(|length| today <= day && day < today + length),
        Window::Calendar { days, .. } => days.0 <= day && day < days.1,
        Window::Theirs { of, zone } => {
            has_date(&by_calendar(*of, &zone.zone(here), here.now), date, here, &Zone::UTC)
        }
        Window::Month { month, .. } => date.ymd().1 == *month,
        Window::Range { from, to } => {
            let (Some(from), Some(to)) = (edge(from, here), edge(to, here)) else { return false };
            let day_of = |(spot, _): &(Spot, bool)| spot.date(zone);
            from.is_none_or(|edge| day_of(&edge) < date || (edge.1 && day_of(&edge) == date))
                && to.is_none_or(|edge| date < day_of(&edge) || (edge.1 && day_of(&edge) == date))
        }
        Window::Within { ms, side, point, .. } => {
            let (Some(spot), Some(length)) = (spot(point, here), days(*ms)) else { return false };
            let (from, to) = around(spot.date(zone).days().into(), length, *side);
            length > 0 && (from..to).contains(&day)
        }
        Window::WithinMonths { months, side, point, .. } => spot(point, here)
            .is_some_and(|spot| months::has_date(day, spot.date(zone), *months, *side)),
    }
}
