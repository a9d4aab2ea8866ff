//! What one slot takes of a block.

use super::job::{Job, Owned};
use super::parts::{Parts, of_elements, only, shared};
use crate::identity::NOBODY;
use crate::query::scan::plan::gather::{Gather, What};
use crate::query::scan::slot::Rank;

impl Job<'_> {
    pub(super) fn gather<'b>(
        &mut self,
        gather: &'b Gather,
        owned: &Owned<'b>,
        parts: &mut Parts<'b>,
    ) {
        self.span(gather, owned);
        if self.spanned.1.is_empty() || self.gather_part(gather, owned, parts) {
            return;
        }
        let mut rows = self.rows_of(gather, owned);
        match &gather.what {
            _ if rows.is_empty() => {}
            What::Items { column, path, value } => {
                self.take_items(gather, owned, &mut rows, *column, path, value.as_ref());
            }
            _ => {
                self.let_through(&gather.filters, owned, &mut rows);
                self.take(gather, owned, &rows);
            }
        }
        self.rows = rows;
    }

    /// The rows of somebody that lie in all windows.
    pub(super) fn rows_of(&mut self, gather: &Gather, owned: &Owned<'_>) -> Vec<u32> {
        self.span(gather, owned);
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        rows.extend_from_slice(&self.spanned.1);
        self.within(gather, owned, &mut rows);
        rows
    }

    /// Finds the rows of somebody inside the span, unless they are those of the last one.
    fn span(&mut self, gather: &Gather, owned: &Owned<'_>) {
        // Gathers of one span come one after the other.
        if self.spanned.0 != (owned.first, gather.span) {
            rows_in(gather, owned, &mut self.spanned.1);
            self.spanned.0 = (owned.first, gather.span);
        }
    }

    /// Gathers of rows that have been parted by a word; whether that was possible.
    fn gather_part<'b>(
        &mut self,
        gather: &'b Gather,
        owned: &Owned<'b>,
        parts: &mut Parts<'b>,
    ) -> bool {
        let shared = shared(gather, &owned.pass.gathers);
        if let What::Items { column, path, value } = &gather.what {
            let Some(switch) = shared.or_else(|| of_elements(gather)) else { return false };
            let (of, inside) = ((*column, path.steps()), &self.spanned.1);
            let own = shared.is_none().then(|| only(switch, of, owned, inside));
            let items = match &own {
                Some(own) => own.as_deref(),
                None => parts.items((switch, gather.span), of, owned, inside),
            };
            let Some(items) = items else { return false };
            let asked = (switch.rest.as_ref(), value.as_ref());
            self.take_parted(gather, owned, (of, items), asked);
            return true;
        }
        let Some(switch) = shared else { return false };
        let (asked, inside) = ((switch, gather.span), &self.spanned.1);
        let Some(part) = parts.rows(asked, owned, inside) else { return false };
        let mut rows = std::mem::take(&mut self.rows);
        rows.clear();
        rows.extend_from_slice(part);
        self.within(gather, owned, &mut rows);
        if let Some(rest) = &switch.rest {
            self.pass(rest, owned, &mut rows);
        }
        self.take(gather, owned, &rows);
        self.rows = rows;
        true
    }
}

/// The rows of somebody inside the span.
fn rows_in(gather: &Gather, owned: &Owned<'_>, rows: &mut Vec<u32>) {
    let (from, to) = gather.span;
    rows.clear();
    rows.resize(owned.seats.len(), 0);
    let mut n_rows = 0;
    for (row, (seat, when)) in owned.seats.iter().zip(owned.block.whens).enumerate() {
        // Every row is written, and stays if the next one is written behind it: no branch.
        rows[n_rows] = row as u32;
        n_rows += usize::from((*seat != NOBODY) & (from <= *when) & (*when < to));
    }
    rows.truncate(n_rows);
}

impl Owned<'_> {
    /// The place of a row in canonical order.
    pub fn rank(&self, row: u32) -> Rank {
        let place = row as usize;
        Rank {
            party: 0,
            when: self.block.whens[place],
            ord: self.block.ords[place],
            id: self.id(row),
            nth: 0,
        }
    }

    /// The same for what is ordered without the sender's sequence.
    pub fn rank_of_call(&self, row: u32, party: u32) -> Rank {
        Rank { party, ord: 0, ..self.rank(row) }
    }

    fn id(&self, row: u32) -> u128 {
        let id = self.block.ids.get(row as usize).map(|id| id.0);
        id.unwrap_or(self.first + u128::from(row))
    }
}
