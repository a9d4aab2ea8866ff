//! Windows: where in time an event or a value lies.

use super::super::predicate::{Calendar, Edge, Local, PersonLeaf, Point, Side, Window};
use super::calendar::{day_of, has_instant, lies, reaches};
use super::matcher::anchor;
use super::place::{Place, Seen};
use super::point::{Bound, bound};
use crate::model::{Date, Event, EventId, FixedUnit, Timestamp, Zone};
use std::cmp::Ordering;

/// The windows of events, with their points settled for one person.
pub(super) struct Windows {
    windows: Vec<Placed>,
    /// Events that the windows are anchored at: these never count themselves.
    anchors: Vec<EventId>,
}

/// A window whose points are settled.
pub(super) enum Placed {
    /// `0 <= now - t < to`, or from a greater age on.
    Ages { from_ms: i64, to_ms: i64 },
    /// `0 <= t - now < ms`.
    Next { ms: i64 },
    /// By the calendar of a zone.
    Calendar(Calendar, Zone),
    /// Between two edges.
    Range { from: Option<(Bound, bool)>, to: Option<(Bound, bool)> },
    /// Around a point.
    Within { ms: i64, side: Side, point: Bound, zone: Zone },
    /// Around a point, by months.
    WithinMonths { months: i32, side: Side, point: Bound, zone: Zone },
    /// A point is missing: nothing lies in it.
    Nowhere,
}

impl Windows {
    pub(super) fn of(windows: &[Window<PersonLeaf>], seen: Seen<'_>) -> Windows {
        Windows {
            windows: windows.iter().map(|window| placed(window, &seen)).collect(),
            anchors: windows
                .iter()
                .flat_map(Window::points)
                .filter_map(|p| anchor_of(p, seen))
                .collect(),
        }
    }

    /// Whether a visible event lies in all of them.
    pub(super) fn have(&self, event: &Event, now: Timestamp) -> bool {
        !self.anchors.contains(&event.id)
            && self.windows.iter().all(|window| window.has_event(event.when, now))
    }
}

fn anchor_of(point: &Point<PersonLeaf>, seen: Seen<'_>) -> Option<EventId> {
    match point {
        Point::Anchor(which, matcher) => anchor(*which, matcher, seen).map(|event| event.id),
        _ => None,
    }
}

/// The window with its points settled.
pub(super) fn placed<L>(window: &Window<L>, at: &dyn Place<L>) -> Placed {
    let zone = |local: &Local| at.seen().zone(local);
    match window {
        Window::Last { ms } => Placed::Ages { from_ms: 0, to_ms: *ms },
        Window::Ago { from_ms, to_ms } => Placed::Ages { from_ms: *from_ms, to_ms: *to_ms },
        Window::Next { ms } => Placed::Next { ms: *ms },
        Window::Calendar(of, local) => Placed::Calendar(*of, zone(local)),
        Window::Range { from, to } => match (edge(from, at), edge(to, at)) {
            (Some(from), Some(to)) => Placed::Range { from, to },
            _ => Placed::Nowhere,
        },
        Window::Within { ms, side, point, zone: local } => match bound(point, at) {
            Some(point) => Placed::Within { ms: *ms, side: *side, point, zone: zone(local) },
            None => Placed::Nowhere,
        },
        Window::WithinMonths { months, side, point, zone: local } => match bound(point, at) {
            Some(point) => {
                Placed::WithinMonths { months: *months, side: *side, point, zone: zone(local) }
            }
            None => Placed::Nowhere,
        },
    }
}

/// Where an edge lies: `Some(None)` is an open end, `None` a missing point.
fn edge<L>(edge: &Option<Edge<L>>, at: &dyn Place<L>) -> Option<Option<(Bound, bool)>> {
    match edge {
        None => Some(None),
        Some(edge) => bound(&edge.point, at).map(|point| Some((point, edge.included))),
    }
}

impl Placed {
    /// Events lie behind: nothing after `now` is visible, so what is ahead is empty.
    fn has_event(&self, when: Timestamp, now: Timestamp) -> bool {
        let is_ahead = match self {
            Placed::Next { .. } => true,
            Placed::Calendar(of, _) => of.is_ahead(),
            _ => false,
        };
        !is_ahead && self.has_instant(when, now)
    }

    /// Whether an instant lies in it.
    pub(super) fn has_instant(&self, t: Timestamp, now: Timestamp) -> bool {
        match self {
            Placed::Ages { from_ms, to_ms } => (*from_ms..*to_ms).contains(&now.since(t)),
            Placed::Next { ms } => (0..*ms).contains(&t.since(now)),
            Placed::Calendar(of, zone) => has_instant(*of, t, now, zone),
            Placed::Range { from, to } => {
                from.is_none_or(|(point, included)| point.begins(included) <= t.millis())
                    && to.is_none_or(|(point, included)| t.millis() < point.ends(included))
            }
            Placed::Within { ms, side, point: Bound::Instant(point), .. } => {
                within(t.since(*point), *side, *ms)
            }
            Placed::Within { ms, side, point: Bound::Day { date, .. }, zone } => {
                near(day_of(zone, t), *date, *side, *ms)
            }
            Placed::WithinMonths { months, side, point, zone } => {
                let along = match point {
                    Bound::Instant(x) => t.cmp(x),
                    Bound::Day { date, .. } => day_of(zone, t).cmp(date),
                };
                within_months(along, day_of(zone, t), point.date(zone), *side, *months)
            }
            Placed::Nowhere => false,
        }
    }

    /// Whether a date lies in it: whole days are compared, today being the
    /// local day of now.
    pub(super) fn has_day(&self, day: Date, now: Timestamp, zone: &Zone) -> bool {
        let age = i64::from(day_of(zone, now).days()) - i64::from(day.days());
        match self {
            Placed::Ages { from_ms, to_ms } => match (days(*from_ms), days(*to_ms)) {
                (Some(from), Some(to)) => (from..to).contains(&age),
                _ => false,
            },
            Placed::Next { ms } => days(*ms).is_some_and(|length| (0..length).contains(&-age)),
            Placed::Calendar(of, zone) => lies(*of, day, day_of(zone, now)).is_eq(),
            Placed::Range { from, to } => {
                from.is_none_or(|(point, included)| follows(day, point.date(zone), included))
                    && to.is_none_or(|(point, included)| follows(point.date(zone), day, included))
            }
            Placed::Within { ms, side, point, .. } => near(day, point.date(zone), *side, *ms),
            Placed::WithinMonths { months, side, point, .. } => {
                let date = point.date(zone);
                within_months(day.cmp(&date), day, date, *side, *months)
            }
            Placed::Nowhere => false,
        }
    }
}

/// A distance on the right side: `0 <= distance < length`.
fn within(after: i64, side: Side, length: i64) -> bool {
    let distance = match side {
        Side::After => after,
        Side::Before => -after,
        Side::Either => after.abs(),
    };
    (0..length).contains(&distance)
}

/// `along` says whether it lies after the point or before it; on the far side a
/// whole local day is the end.
fn within_months(along: Ordering, day: Date, point: Date, side: Side, months: i32) -> bool {
    let after = along.is_ge() && !reaches(day, point, months);
    let before = along.is_le() && reaches(day, point, -months);
    match side {
        Side::After => after,
        Side::Before => before,
        Side::Either => after || before,
    }
}

fn near(day: Date, point: Date, side: Side, ms: i64) -> bool {
    let after = i64::from(day.days()) - i64::from(point.days());
    days(ms).is_some_and(|length| within(after, side, length))
}

fn follows(later: Date, earlier: Date, included: bool) -> bool {
    earlier < later || (included && earlier == later)
}

/// A length in whole days; units below a day say nothing about dates.
fn days(ms: i64) -> Option<i64> {
    (ms % FixedUnit::Day.ms() == 0).then(|| ms / FixedUnit::Day.ms())
}
