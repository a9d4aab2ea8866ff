//! Whether somebody did something since an instant, by when they last did.

use super::Plan;
use super::gather::{Rows, What};
use super::tree::Leaf;
use super::wish::plain;
use crate::model::Text;
use crate::query::predicate::{Local, Occurrence, PersonLeaf, Point, Window};
use crate::query::scan::tally::Ever;

impl<'c> Plan<'c> {
    /// Of events of one name, in windows that all reach up to now: whoever did one in them
    /// did the last one in them. None where it is not known who did when.
    pub(super) fn since(&mut self, of: &'c Occurrence) -> Option<Leaf> {
        let wanted = of.count.asks_if_any()?;
        let name = plain(&of.matcher)?;
        if self.reads(name) {
            return None;
        }
        let from = self.reach_of(&of.windows)?;
        let last = self.columns?.tally(name, &Ever::Last, from == i64::MIN)?;
        Some(Leaf::Since { last, from, wanted })
    }

    /// Whether events of a name are read for something else: this is found on the way then.
    fn reads(&self, name: &Text) -> bool {
        let of_name = |rows: &Rows| matches!(rows, Rows::Named(named) if named == name);
        self.passes.iter().any(|pass| of_name(&pass.rows))
    }

    /// The first millisecond of windows that are the same for everybody and end now.
    fn reach_of(&mut self, windows: &'c [Window<PersonLeaf>]) -> Option<i64> {
        let mut gather = self.every(0, What::Row);
        for window in windows {
            if !is_fixed(window) {
                return None;
            }
            let window = self.window(window, &mut Vec::new(), false);
            self.narrow(&mut gather, window);
        }
        let is_whole = gather.windows.is_empty() && gather.span.1 == self.end;
        is_whole.then_some(gather.span.0)
    }
}

/// Whether a window is the same for everybody, by what it says.
fn is_fixed(window: &Window<PersonLeaf>) -> bool {
    match window {
        Window::Last { .. } | Window::Ago { .. } | Window::Calendar(_, Local::In(_)) => true,
        Window::Range { from, to } => from
            .iter()
            .chain(to)
            .all(|edge| matches!(edge.point, Point::Instant(_) | Point::Day { .. })),
        _ => false,
    }
}
