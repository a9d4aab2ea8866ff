//! Which visible rows lie in windows.

use super::super::eval::{Leaves, Span, Spot, inside, next_turn, note_point, point_moves};
use super::Scan;
use super::begin::begin_of;
use crate::model::{Event, EventId, Zone};
use crate::query::predicate::{PersonLeaf, Point, Window};

impl<'a> Scan<'a> {
    /// Hands over each visible row that lies in all of the windows and is none
    /// of their anchors. What the windows hang on is looked for once, and rows
    /// before the latest of their beginnings are passed over.
    pub(super) fn each_inside(
        &self,
        windows: &[Window<PersonLeaf>],
        visit: &mut dyn FnMut(&'a Event),
    ) {
        let anchors: Vec<EventId> = windows.iter().flat_map(|w| self.anchors_of(w)).collect();
        let settled: Option<Vec<_>> = windows.iter().map(|window| self.settled(window)).collect();
        let Some(windows) = settled else { return };
        let begin = windows.iter().map(|window| begin_of(window, self)).max();
        let gone = |begin| self.visible().partition_point(|row| row.when.millis() < begin);
        for row in &self.visible()[begin.map_or(0, gone)..] {
            let placed = windows.iter().all(|window| self.placed(row, window));
            if placed && !anchors.contains(&row.id) {
                visit(row);
            }
        }
    }

    pub(super) fn anchors_of(&self, window: &Window<PersonLeaf>) -> Vec<EventId> {
        let points: Vec<&Point<PersonLeaf>> = match window {
            Window::Range { from, to } => {
                [from, to].into_iter().flatten().map(|edge| &edge.point).collect()
            }
            Window::Within { point, .. } | Window::WithinMonths { point, .. } => vec![point],
            _ => Vec::new(),
        };
        let anchor = |point: &Point<PersonLeaf>| match point {
            Point::Anchor(which, matcher) => self.anchor_row(*which, matcher).map(|row| row.id),
            _ => None,
        };
        points.into_iter().filter_map(anchor).collect()
    }

    /// Whether a row lies in a window; notes when it enters or leaves it.
    pub(super) fn placed(&self, row: &Event, window: &Window<PersonLeaf>) -> bool {
        let when = row.when.millis();
        match window {
            Window::Next { .. } => return false,
            Window::Calendar(of, _) if of.is_ahead() => return false,
            Window::Calendar(of, zone) => {
                let next = next_turn(*of, when, self.zone(zone), self.at);
                next.into_iter().for_each(|at| self.horizon().note_after(self.at, at));
            }
            Window::Last { ms } => self.horizon().note_after(self.at, when.saturating_add(*ms)),
            Window::Ago { from_ms, to_ms } => {
                self.horizon().note_after(self.at, when.saturating_add(*from_ms));
                self.horizon().note_after(self.at, when.saturating_add(*to_ms));
            }
            Window::Range { .. } | Window::Within { .. } | Window::WithinMonths { .. } => {
                let points = window.points().into_iter().filter(|point| point_moves(point));
                points.for_each(|point| note_point(point, self, self.at));
            }
        }
        let span = Span::at(self.at);
        inside(Spot::Instant(when), window, &Zone::UTC, self, span).unwrap_or(false)
    }
}
