//! What a pattern takes of a block: every event once, with all that it is good for.

use super::job::{Job, Owned};
use crate::query::scan::pattern::{Mark, role};
use crate::query::scan::plan::gather::{Gather, What};
use crate::query::scan::plan::tree::Expr;
use crate::query::scan::slot::{Slots, hash};
use crate::query::scan::value::{each, value};
use crate::timeline::Block;

impl Job<'_> {
    /// All gathers of a pattern, one for each thing that a row may be good for.
    pub(super) fn mark(&mut self, gathers: &[Gather], owned: &Owned<'_>) {
        if let [gather] = gathers
            && let What::Mark { bit, key: None } = &gather.what
        {
            return self.mark_as(gather, owned, *bit);
        }
        let mut marked = std::mem::take(&mut self.marked);
        marked.clear();
        let mut of_key = None;
        for gather in gathers {
            let What::Mark { bit, key } = &gather.what else { continue };
            of_key = of_key.or(key.as_ref());
            let rows = self.good_rows(gather, owned);
            add(&mut marked, &rows, *bit);
            self.rows = rows;
        }
        match of_key {
            Some(key) => self.take_keyed(gathers[0].slot, owned, &marked, key),
            None if marked.is_empty() => {}
            None => self.take_marks(gathers[0].slot, owned, marked.iter().copied()),
        }
        self.marked = marked;
    }

    /// The same of rows that are all good for one thing.
    fn mark_as(&mut self, gather: &Gather, owned: &Owned<'_>, bit: u64) {
        let rows = self.good_rows(gather, owned);
        if !rows.is_empty() {
            self.take_marks(gather.slot, owned, rows.iter().map(|row| (*row, bit)));
        }
        self.rows = rows;
    }

    /// The rows that are good for what a gather looks for.
    fn good_rows(&mut self, gather: &Gather, owned: &Owned<'_>) -> Vec<u32> {
        let mut rows = self.rows_of(gather, owned);
        if !rows.is_empty() {
            self.let_through(&gather.filters, owned, &mut rows);
        }
        rows
    }

    fn take_marks(
        &mut self,
        slot: usize,
        owned: &Owned<'_>,
        marked: impl Iterator<Item = (u32, u64)>,
    ) {
        let Slots::Marks(marks) = self.slots_of(slot).0 else { return };
        let Block { whens, ords, ids, .. } = owned.block;
        for (row, bits) in marked {
            let row = row as usize;
            let (seat, when, ord) = (owned.seats[row], whens[row], ords[row]);
            match ids.get(row) {
                None if ord == 0 => marks.take(seat, when, bits),
                id => {
                    let id = id.map_or(0, |id| id.0);
                    marks.take_more(Mark::new(seat, when, bits), (ord, id), &[]);
                }
            }
        }
    }

    /// Events that agree with nothing are good for nothing but to lie in between.
    fn take_keyed(&mut self, slot: usize, owned: &Owned<'_>, marked: &[(u32, u64)], key: &Expr) {
        let mut keys = Vec::new();
        for (row, bits) in marked {
            keys.clear();
            let said = value(key, &self.here(owned, *row));
            each(said, &mut |value| keys.push(hash(&value)));
            let bits = if keys.is_empty() { bits & role::EVENT } else { *bits };
            let row = *row as usize;
            let mark = Mark::new(owned.seats[row], owned.block.whens[row], bits);
            let id = owned.block.ids.get(row).map_or(0, |id| id.0);
            if let (Slots::Marks(marks), true) = (self.slots_of(slot).0, bits != 0) {
                marks.take_more(mark, (owned.block.ords[row], id), &keys);
            }
        }
    }
}

/// Adds rows that are good for something to those that are good for something else; all ascend.
fn add(marked: &mut Vec<(u32, u64)>, rows: &[u32], bit: u64) {
    let is_first = marked.is_empty();
    marked.extend(rows.iter().map(|row| (*row, bit)));
    if is_first || rows.is_empty() {
        return;
    }
    marked.sort_by_key(|(row, _)| *row);
    marked.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        kept.1 |= if is_same { next.1 } else { 0 };
        is_same
    });
}
