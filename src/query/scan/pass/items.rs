//! Rows whose arrays are taken element by element.

use super::filter::is_named;
use super::job::{Job, Owned};
use super::parts::{Item, Of, elements_of, is_known};
use crate::model::{Path, Value};
use crate::query::predicate::Tree;
use crate::query::scan::plan::gather::{Gather, Named};
use crate::query::scan::plan::tree::{Expr, Filter, Read, Test};
use crate::query::scan::slot::{Fold, Rank, Slots, Ties};
use crate::query::scan::value::{Element, Here, each, elements, passes, value};
use crate::timeline::{Cells, Column};
use std::borrow::Cow;

impl Job<'_> {
    pub(super) fn take_items(
        &mut self,
        gather: &Gather,
        owned: &Owned<'_>,
        rows: &mut Vec<u32>,
        column: usize,
        path: &Path,
        of: Option<&Expr>,
    ) {
        if let [Named { filter: Some(filter), .. }] = &gather.filters[..] {
            self.whole_rows(filter, owned, rows);
        }
        for row in rows.iter() {
            let Some(cell) = cell(&owned.block.columns[column], *row as usize) else { continue };
            let (here, mut nth) = (self.here(owned, *row), 0);
            elements(&cell, &path.steps()[1..], &mut |element| {
                let Some(row) = here.row else { return };
                let here = Here { row: Some(row.inside(element.object, element.value)), ..here };
                let passes = |named: &Named| {
                    is_named(named, owned, row.place as u32)
                        && lets_through(named.filter.as_ref(), &here)
                };
                if gather.filters.iter().any(passes) {
                    self.take_element(gather, owned, (row.place as u32, &mut nth), (&element, of));
                }
            });
        }
    }

    /// Elements that have the word which was asked for, and pass what else is.
    pub(super) fn take_parted(
        &mut self,
        gather: &Gather,
        owned: &Owned<'_>,
        (of, items): (Of<'_>, &[Item]),
        (rest, asked): (Option<&Filter>, Option<&Expr>),
    ) {
        let (whole, rest) = match rest {
            Some(filter) if is_of_rows(filter) => (rest, None),
            _ => (None, rest),
        };
        let mut rows: Option<Vec<u32>> = None;
        if whole.is_some() || !gather.windows.is_empty() || !gather.anchors.is_empty() {
            let rows = rows.insert(items.iter().map(|item| item.row).collect());
            rows.dedup();
            whole.into_iter().for_each(|filter| self.whole_rows(filter, owned, rows));
            self.within(gather, owned, rows);
        }
        // Both ascend.
        let mut left = rows.as_deref().unwrap_or_default();
        let items = items.iter().filter(|item| {
            left = &left[left.iter().take_while(|row| **row < item.row).count()..];
            rows.is_none() || left.first() == Some(&item.row)
        });
        let is_count = self.level.plan.folds[gather.slot] == Fold::Count && !gather.is_together;
        if is_count && rest.is_none() && asked.is_none() {
            let seats = items.filter(|item| item.is_known);
            let seats = seats.map(|item| owned.seats[item.row as usize]);
            return self.log(gather.slot, |log| log.rows(seats, gather.weight));
        }
        let (mut last, mut nth, mut elements) = (None, 0, Vec::new());
        for item in items {
            if last.replace(item.row) != Some(item.row) {
                (nth, elements) = (0, elements_of(item.row, of, owned));
            }
            let Some(element) = elements.get(item.nth as usize).copied() else { continue };
            let passes = |filter| {
                let here = self.here(owned, item.row);
                let Some(row) = here.row else { return false };
                holds(
                    filter,
                    &Here { row: Some(row.inside(element.object, element.value)), ..here },
                )
            };
            if rest.is_none_or(passes) {
                self.take_element(gather, owned, (item.row, &mut nth), (&element, asked));
            }
        }
    }

    /// One element that was let through: the value that is asked of it, or itself.
    fn take_element(
        &mut self,
        gather: &Gather,
        owned: &Owned<'_>,
        (row, nth): (u32, &mut u32),
        (element, of): (&Element<'_>, Option<&Expr>),
    ) {
        let (seat, rank) = self.target(gather, owned, row);
        let said = match of {
            Some(expr) => {
                let here = self.here(owned, row);
                let Some(row) = here.row else { return };
                value(expr, &Here { row: Some(row.inside(element.object, element.value)), ..here })
            }
            None => {
                if self.level.plan.folds[gather.slot] == Fold::Count && !gather.is_together {
                    let seats = is_known(element.value).then_some(seat);
                    return self.log(gather.slot, |log| log.rows(seats.into_iter(), gather.weight));
                }
                element.value.clone()
            }
        };
        let (slots, fold, ties) = self.slots_of(gather.slot);
        each(said, &mut |value: Value| {
            slots.take(seat, Rank { nth: *nth, ..rank }, value, fold, ties);
            *nth += 1;
        });
    }

    /// Drops rows of which no element can pass: tests of the row as a whole come first.
    fn whole_rows(&self, filter: &Filter, owned: &Owned<'_>, rows: &mut Vec<u32>) {
        match filter {
            Tree::All(parts) => parts.iter().for_each(|part| self.whole_rows(part, owned, rows)),
            Tree::Leaf(test) if is_of_row(test) => self.test(test, owned, rows),
            _ => {}
        }
    }

    /// The slots of that number, how they are folded, and what ties were met.
    pub(super) fn slots_of(&mut self, slot: usize) -> (&mut Slots, Fold, &mut Ties) {
        let fold = self.level.plan.folds[slot];
        let (plan, chunk) = (self.level.plan, self.chunk);
        let slots = self.slots[slot].get_or_insert_with(|| {
            let mut slots = Slots::new(fold);
            if !plan.is_total(slot) {
                slots.move_to(chunk);
            }
            slots
        });
        (slots, fold, &mut self.ties)
    }
}

/// Whether a cell outside of the array decides a test.
fn is_of_row(test: &Test) -> bool {
    let is_outside =
        matches!(&test.subject, Expr::Read(Read::Cell { inner: false, .. } | Read::Plain { .. }));
    is_outside && test.column.is_some()
}

/// Whether such tests are all of a filter.
fn is_of_rows(filter: &Filter) -> bool {
    match filter {
        Tree::All(parts) => parts.iter().all(is_of_rows),
        Tree::Leaf(test) => is_of_row(test),
        _ => false,
    }
}

/// A cell, where it lies if it can be read there.
fn cell(column: &Column, row: usize) -> Option<Cow<'_, Value>> {
    match &column.cells {
        Cells::Mixed { .. } => column.mixed(row).map(Cow::Borrowed),
        _ => column.value(row).map(Cow::Owned),
    }
}

fn lets_through(filter: Option<&Filter>, here: &Here<'_>) -> bool {
    filter.is_none_or(|filter| holds(filter, here))
}

fn holds(filter: &Filter, here: &Here<'_>) -> bool {
    match filter {
        Tree::All(parts) => parts.iter().all(|part| holds(part, here)),
        Tree::Any(parts) => parts.iter().any(|part| holds(part, here)),
        Tree::Not(inner) => !holds(inner, here),
        Tree::Leaf(test) => passes(test, here),
    }
}
