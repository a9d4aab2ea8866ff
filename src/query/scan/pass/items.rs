//! Rows whose arrays are taken element by element.

use super::filter::is_named;
use super::job::{Job, Owned};
use super::parts::Item;
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
        items: &[Item<'_>],
        (rest, of): (Option<&Filter>, Option<&Expr>),
    ) {
        let mut rows: Vec<u32> = Vec::new();
        if !gather.windows.is_empty() || !gather.anchors.is_empty() {
            rows.extend(items.iter().map(|item| item.row));
            rows.dedup();
            self.within(gather, owned, &mut rows);
            if rows.is_empty() {
                return;
            }
        }
        let (mut last, mut nth) = (None, 0);
        for Item { row, element } in items {
            if !rows.is_empty() && rows.binary_search(row).is_err() {
                continue;
            }
            if last.replace(*row) != Some(*row) {
                nth = 0;
            }
            let passes = |filter| {
                let here = self.here(owned, *row);
                let Some(row) = here.row else { return false };
                holds(
                    filter,
                    &Here { row: Some(row.inside(element.object, element.value)), ..here },
                )
            };
            if rest.is_none_or(passes) {
                self.take_element(gather, owned, (*row, &mut nth), (element, of));
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
                    return self.log(gather.slot, |log| log.rows(seats.into_iter()));
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

/// Whether an element counts; it is no list, since lists are taken element by element.
fn is_known(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Digits(_))
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
