//! Windows of events that are known without any person: ages, and fixed stretches.

use super::super::eval::NEVER;
use crate::query::predicate::{Edge, PersonLeaf, Point, Side, Window};

/// Events with `least <= now - when < too_great` and `from <= when < to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ages {
    pub(super) least: i64,
    pub(super) too_great: i64,
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Ages {
    const EVER: Ages = Ages { least: 0, too_great: NEVER, from: i64::MIN, to: i64::MAX };

    /// All of these windows together; `None` if one of them needs the person.
    pub(super) fn of(windows: &[Window<PersonLeaf>]) -> Option<Ages> {
        windows.iter().try_fold(Ages::EVER, Ages::narrowed)
    }

    /// Whether time alone never moves an event in or out.
    pub(super) fn is_ever(self) -> bool {
        self.least == 0 && self.too_great == NEVER
    }

    fn narrowed(self, window: &Window<PersonLeaf>) -> Option<Ages> {
        let aged = |least: i64, too_great: i64| Ages {
            least: self.least.max(least),
            too_great: self.too_great.min(too_great),
            ..self
        };
        let between =
            |from: i64, to: i64| Ages { from: self.from.max(from), to: self.to.min(to), ..self };
        match window {
            Window::Last { ms } => Some(aged(0, *ms)),
            Window::Ago { from_ms, to_ms } => Some(aged(*from_ms, *to_ms)),
            Window::Next { .. } => Some(between(0, 0)),
            Window::Range { from, to } => {
                let from = from.as_ref().map_or(Some(i64::MIN), begin)?;
                Some(between(from, to.as_ref().map_or(Some(i64::MAX), end)?))
            }
            Window::Within { ms, side, point: Point::Instant(at), .. } => {
                let (before, after) = (at.millis() - ms + 1, at.millis() + ms);
                Some(match side {
                    Side::After => between(at.millis(), after),
                    Side::Before => between(before, at.millis() + 1),
                    Side::Either => between(before, after),
                })
            }
            // How old an event may be is another number every day.
            Window::Calendar(..) | Window::Within { .. } | Window::WithinMonths { .. } => None,
        }
    }
}

/// The first instant not before an edge.
fn begin(edge: &Edge<PersonLeaf>) -> Option<i64> {
    match edge.point {
        Point::Instant(at) => Some(at.millis() + i64::from(!edge.included)),
        Point::Day { start, end, .. } => {
            Some(if edge.included { start.millis() } else { end.millis() })
        }
        _ => None,
    }
}

/// The first instant after an edge.
fn end(edge: &Edge<PersonLeaf>) -> Option<i64> {
    match edge.point {
        Point::Instant(at) => Some(at.millis() + i64::from(edge.included)),
        Point::Day { start, end, .. } => {
            Some(if edge.included { end.millis() } else { start.millis() })
        }
        _ => None,
    }
}
