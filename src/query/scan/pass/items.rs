//! Rows whose arrays are taken element by element.

use super::filter::is_named;
use super::job::{Job, Owned};
use crate::model::{Path, Value};
use crate::query::predicate::Tree;
use crate::query::scan::plan::gather::{Gather, Named};
use crate::query::scan::plan::tree::{Expr, Filter};
use crate::query::scan::slot::Fold;
use crate::query::scan::slot::{Slots, Ties};
use crate::query::scan::value::{Here, each, elements, passes, value};

impl Job<'_> {
    pub(super) fn take_items(
        &mut self,
        gather: &Gather,
        owned: &Owned<'_>,
        rows: &[u32],
        column: usize,
        path: &Path,
        of: Option<&Expr>,
    ) {
        for row in rows {
            let named: Vec<&Named> =
                gather.filters.iter().filter(|named| is_named(named, owned, *row)).collect();
            let Some(cell) = owned.block.columns[column].value(*row as usize) else { continue };
            let here = self.here(owned, *row);
            let (seat, mut rank) = self.target(gather, owned, *row);
            let (slots, fold, ties) = self.slots_of(gather.slot);
            elements(&cell, &path.steps()[1..], &mut |element| {
                let Some(row) = here.row else { return };
                let here = Here { row: Some(row.inside(element.object, element.value)), ..here };
                if !named.iter().any(|named| lets_through(named.filter.as_ref(), &here)) {
                    return;
                }
                let said = match of {
                    Some(expr) => value(expr, &here),
                    None => element.value.clone(),
                };
                each(said, &mut |value: Value| {
                    slots.take(seat, rank, value, fold, ties);
                    rank.nth += 1;
                });
            });
        }
    }

    /// The slots of that number, how they are folded, and what ties were met.
    pub(super) fn slots_of(&mut self, slot: usize) -> (&mut Slots, Fold, &mut Ties) {
        let fold = self.level.plan.folds[slot];
        let slots = self.slots[slot].get_or_insert_with(|| Slots::new(fold));
        (slots, fold, &mut self.ties)
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
