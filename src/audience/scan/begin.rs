//! Where windows begin, once what they hang on is known.
//!
//! A person may have thousands of rows and a window a few days: rows before its
//! beginning never come back into it, so nobody looks at them.

use super::super::eval::{Leaves, Span, Spot, day_start, expr_moves, first_day_of, spot};
use super::Scan;
use crate::model::{Timestamp, Zone};
use crate::query::predicate::{Edge, PersonLeaf, Point, Side, Window};

impl Scan<'_> {
    /// The window with its points settled for this person; none if one is missing,
    /// for then nothing lies in it.
    pub(super) fn settled(&self, window: &Window<PersonLeaf>) -> Option<Window<PersonLeaf>> {
        Some(match window {
            Window::Range { from, to } => {
                let edge = |edge: &Option<Edge<PersonLeaf>>| match edge {
                    None => Some(None),
                    Some(Edge { point, included }) => {
                        Some(Some(Edge { point: self.settled_point(point)?, included: *included }))
                    }
                };
                Window::Range { from: edge(from)?, to: edge(to)? }
            }
            Window::Within { ms, side, point, zone } => {
                let point = self.settled_point(point)?;
                Window::Within { ms: *ms, side: *side, point, zone: zone.clone() }
            }
            Window::WithinMonths { months, side, point, zone } => {
                let point = self.settled_point(point)?;
                Window::WithinMonths { months: *months, side: *side, point, zone: zone.clone() }
            }
            other => other.clone(),
        })
    }

    fn settled_point(&self, point: &Point<PersonLeaf>) -> Option<Point<PersonLeaf>> {
        let at = Timestamp::saturating_from_millis;
        self.note_moving(point);
        match (point, spot(point, self, Span::at(self.at))?) {
            (_, Spot::Nowhere) => None,
            (Point::Instant(_) | Point::Day { .. }, _) => Some(point.clone()),
            (_, Spot::Instant(ms)) => Some(Point::Instant(at(ms))),
            (_, Spot::Day { date, start, end }) => {
                Some(Point::Day { date, start: at(start), end: at(end) })
            }
        }
    }

    /// Of a point that moves, notes until when it surely stays: the longest of
    /// stretches, each half as long, all through which it does.
    fn note_moving(&self, point: &Point<PersonLeaf>) {
        if !matches!(point, Point::Value(expr, _) if expr_moves(expr)) {
            return;
        }
        let mut ms = 1i64 << 36;
        let stays = |ms: i64| spot(point, self, Span { from: self.at, to: self.at + ms }).is_some();
        while ms > 0 && !stays(ms) {
            ms /= 2;
        }
        self.horizon().note(self.at + ms + 1);
    }
}

/// The first instant at which a row may lie in a settled window, now or later.
pub(super) fn begin_of(window: &Window<PersonLeaf>, scan: &Scan<'_>) -> i64 {
    let at = scan.at;
    match window {
        Window::Last { ms } | Window::Ago { to_ms: ms, .. } => {
            at.saturating_sub(*ms).saturating_add(1)
        }
        Window::Calendar(of, local) => {
            let zone = scan.zone(local);
            day_start(zone, first_day_of(*of, zone, at))
        }
        Window::Range { from: Some(from), .. } => first_of(&from.point),
        Window::Within { ms, side, point, zone } => {
            let first = first_in(point, scan.zone(zone));
            // A day may be longer than 24 hours.
            if *side == Side::After { first } else { first.saturating_sub(ms.saturating_mul(2)) }
        }
        Window::WithinMonths { side: Side::After, point, zone, .. } => {
            first_in(point, scan.zone(zone))
        }
        Window::Next { .. } | Window::Range { from: None, .. } | Window::WithinMonths { .. } => {
            i64::MIN
        }
    }
}

/// The same where the days of a zone are counted from the point.
fn first_in(point: &Point<PersonLeaf>, zone: &Zone) -> i64 {
    match point {
        Point::Day { date, .. } => zone.start_of(*date).millis().min(first_of(point)),
        _ => first_of(point),
    }
}

fn first_of(point: &Point<PersonLeaf>) -> i64 {
    match point {
        Point::Instant(at) => at.millis(),
        Point::Day { start, .. } => start.millis(),
        Point::Anchor(..) | Point::Value(..) => i64::MIN,
    }
}
