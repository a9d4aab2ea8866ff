//! Which slots decide a test of a person: whoever has nothing in any of them is
//! judged like somebody of whom nothing is known.

use super::days::Days;
use super::tree::{Check, Expr, Point, Read, Test, Window};

/// Slots that are read; unless something else is, that nobody has nothing of.
#[derive(Default)]
struct Slots {
    slots: Vec<usize>,
    reads_more: bool,
}

/// The slots that a test of a person reads; none if it reads who the person is,
/// or asks whole conditions.
pub fn slots_of(test: &Test) -> Option<Vec<usize>> {
    let mut found = Slots::default();
    found.expr(&test.subject);
    found.check(&test.check);
    (!found.reads_more).then_some(found.slots)
}

impl Slots {
    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Read(Read::Slot { slot, .. }) => self.slots.push(*slot),
            Expr::Read(_) | Expr::Choice(_) => self.reads_more = true,
            Expr::Literal(_) => {}
            Expr::Arithmetic { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            Expr::Negative(inner) => self.expr(inner),
            Expr::Coalesce(parts) => parts.iter().for_each(|part| self.expr(part)),
            Expr::Elapsed { point, zone, .. } => {
                self.point(point);
                self.days(zone);
            }
            Expr::Call { of, zone, .. } => {
                self.expr(of);
                self.days(zone);
            }
        }
    }

    fn check(&mut self, check: &Check) {
        match check {
            Check::Compare(_, other) => self.expr(other),
            Check::Between(low, high) => {
                self.expr(low);
                self.expr(high);
            }
            Check::Text { part, .. } => self.expr(part),
            Check::Has { elements, .. } => elements.iter().for_each(|part| self.expr(part)),
            Check::Version(all) => all.iter().for_each(|(_, other)| self.expr(other)),
            Check::During(window, zone) => {
                self.window(window);
                self.days(zone);
            }
            Check::Known(_)
            | Check::OneOf { .. }
            | Check::InList(_)
            | Check::Matches(_)
            | Check::InNetwork(_)
            | Check::Near { .. } => {}
        }
    }

    fn window(&mut self, window: &Window) {
        window.points().into_iter().for_each(|point| self.point(point));
        match window {
            Window::Theirs { zone, .. }
            | Window::Month { zone, .. }
            | Window::Within { zone, .. }
            | Window::WithinMonths { zone, .. } => self.days(zone),
            Window::Ages { .. }
            | Window::Next { .. }
            | Window::Calendar { .. }
            | Window::Range { .. } => {}
        }
    }

    fn point(&mut self, point: &Point) {
        match point {
            Point::Instant(_) | Point::Day { .. } => {}
            Point::Anchor(slot) => self.slots.push(*slot),
            Point::Value(expr, zone) => {
                self.expr(expr);
                self.days(zone);
            }
        }
    }

    fn days(&mut self, days: &Days) {
        if let Days::Theirs { slot, .. } = days {
            self.slots.push(*slot);
        }
    }
}
