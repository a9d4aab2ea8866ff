//! Windows that are different for each person.

use super::job::{Job, Owned};
use crate::query::scan::plan::gather::Gather;
use crate::query::scan::slot::Rank;
use crate::query::scan::value::{Here, Placed, place};

/// The windows of one person.
struct Theirs {
    seat: u32,
    windows: Vec<Placed>,
    /// Events that windows are anchored at: these do not count themselves.
    anchors: Vec<Rank>,
}

impl Job<'_> {
    /// The rows that lie in all windows of their person.
    pub(super) fn within(&self, gather: &Gather, owned: &Owned<'_>, rows: &mut Vec<u32>) {
        if gather.windows.is_empty() && gather.anchors.is_empty() {
            return;
        }
        let mut theirs: Option<Theirs> = None;
        rows.retain(|row| {
            let seat = owned.seats[*row as usize];
            let theirs = match &mut theirs {
                Some(theirs) if theirs.seat == seat => theirs,
                other => other.insert(self.theirs(gather, seat)),
            };
            theirs.have(owned, *row as usize)
        });
    }

    fn theirs(&self, gather: &Gather, seat: u32) -> Theirs {
        let table = self.level.table;
        let here = Here::of(seat, table, self.level.source.identity, self.level.plan.now);
        Theirs {
            seat,
            windows: gather.windows.iter().map(|window| place(window, &here)).collect(),
            anchors: gather.anchors.iter().filter_map(|slot| table.rank(*slot, seat)).collect(),
        }
    }
}

impl Theirs {
    fn have(&self, owned: &Owned<'_>, row: usize) -> bool {
        let when = owned.block.whens[row];
        let is_anchor = |rank: &Rank| rank.when == when && rank.id == owned.block.ids[row].0;
        self.windows.iter().all(|window| window.has(when)) && !self.anchors.iter().any(is_anchor)
    }
}
