//! Rows that were let through, taken into a slot.

use super::job::{Job, Owned};
use crate::model::{Decimal, Timestamp, Value};
use crate::query::scan::plan::gather::{Gather, What};
use crate::query::scan::plan::tree::{Expr, Read};
use crate::query::scan::slot::{Fold, Slots, hash, meet};
use crate::query::scan::value::{decimal, each, number_at, value};
use crate::timeline::{Cells, Column};

/// Places of a number of hundredths behind its point.
const HUNDREDTHS: u32 = 2;

impl Job<'_> {
    pub(super) fn take(&mut self, gather: &Gather, owned: &Owned<'_>, rows: &[u32]) {
        match &gather.what {
            What::Row => self.take_rows(gather, owned, rows),
            What::When => self.take_whens(gather, owned, rows),
            What::Value(expr) => self.take_values(gather, owned, rows, expr),
            What::Attribute { column, source } | What::Group { column, source } => {
                for row in rows {
                    if let Some(said) = owned.block.columns[*column].value(*row as usize) {
                        self.keep(gather.slot, owned, *row, Some(*source), said);
                    }
                }
            }
            What::Consent { wanted, purpose, granted, expires } => {
                let now = self.level.plan.now;
                for row in rows {
                    let column = |place: &usize| owned.block.columns[*place].value(*row as usize);
                    if column(purpose) == Some(Value::Text(wanted.clone())) {
                        let granted = column(granted) == Some(Value::Bool(true));
                        let expired =
                            matches!(column(expires), Some(Value::Instant(end)) if end <= now);
                        let allowed = Value::Bool(granted && !expired);
                        self.keep(gather.slot, owned, *row, None, allowed);
                    }
                }
            }
            // These are taken in their own ways.
            What::Items { .. } | What::Mark { .. } => {}
        }
    }

    /// What a call says, ordered by party, time and id.
    fn keep(
        &mut self,
        slot: usize,
        owned: &Owned<'_>,
        row: u32,
        source: Option<usize>,
        said: Value,
    ) {
        let party = source.map_or(0, |source| {
            let source = owned.block.columns[source].value(row as usize);
            let source = source.as_ref().and_then(Value::as_text).map_or("", |text| text);
            self.level.source.parties.of(source) as u32
        });
        let rank = owned.rank_of_call(row, party);
        let (slots, fold, ties) = self.slots_of(slot);
        slots.take(owned.seats[row as usize], rank, said, fold, ties);
    }

    fn take_rows(&mut self, gather: &Gather, owned: &Owned<'_>, rows: &[u32]) {
        if self.level.plan.folds[gather.slot] == Fold::Count && !gather.is_together {
            let seats = rows.iter().map(|row| owned.seats[*row as usize]);
            return self.log(gather.slot, |log| log.rows(seats, gather.weight));
        }
        if let Slots::Any(any) = self.slots_of(gather.slot).0 {
            return rows.iter().for_each(|row| any.insert(owned.seats[*row as usize]));
        }
        for row in rows {
            let (seat, rank) = self.target(gather, owned, *row);
            let (slots, fold, ties) = self.slots_of(gather.slot);
            match slots {
                Slots::Counts(counts) => *counts.at(seat) += 1,
                slots => slots.take(seat, rank, Value::Bool(true), fold, ties),
            }
        }
    }

    fn take_whens(&mut self, gather: &Gather, owned: &Owned<'_>, rows: &[u32]) {
        let fold = self.level.plan.folds[gather.slot];
        if matches!(fold, Fold::Earliest | Fold::Latest) && !gather.is_together {
            let places = rows.iter().map(|row| *row as usize);
            let whens = places.map(|row| (owned.seats[row], owned.block.whens[row]));
            return self.log(gather.slot, |log| log.numbers(whens));
        }
        for row in rows {
            let ((seat, rank), when) =
                (self.target(gather, owned, *row), owned.block.whens[*row as usize]);
            let (slots, fold, ties) = self.slots_of(gather.slot);
            match slots {
                Slots::Instants(instants) => meet(instants.at(seat), when, fold),
                slots => {
                    let at = Timestamp::saturating_from_millis(when);
                    slots.take(seat, rank, Value::Instant(at), fold, ties);
                }
            }
        }
    }

    fn take_values(&mut self, gather: &Gather, owned: &Owned<'_>, rows: &[u32], expr: &Expr) {
        if self.take_words(gather, owned, rows, expr)
            || self.take_numbers(gather, owned, rows, expr)
        {
            return;
        }
        for row in rows {
            let here = self.here(owned, *row);
            let (seat, mut rank) = self.target(gather, owned, *row);
            let (slots, fold, ties) = self.slots_of(gather.slot);
            if let Slots::Sums(sums) = slots {
                let number = match expr {
                    Expr::Read(leaf) => number_at(leaf, &here),
                    expr if expr.is_number() => Some(decimal(expr, &here)),
                    _ => None,
                };
                if let Some(number) = number {
                    number.into_iter().for_each(|number| sums.at(seat).add(number));
                    continue;
                }
            }
            each(value(expr, &here), &mut |value| {
                slots.take(seat, rank, value, fold, ties);
                rank.nth += 1;
            });
        }
    }

    /// Plain numbers of one column that are summed up.
    fn take_numbers(
        &mut self,
        gather: &Gather,
        owned: &Owned<'_>,
        rows: &[u32],
        expr: &Expr,
    ) -> bool {
        let Some(column) = plain(expr, owned).filter(|_| !gather.is_together) else {
            return false;
        };
        let Cells::Numbers { scale, mantissas } = &column.cells else { return false };
        let fold = self.level.plan.folds[gather.slot];
        if !matches!(fold, Fold::Sum | Fold::Avg) {
            return false;
        }
        let rows = rows.iter().map(|row| *row as usize).filter(|row| column.present.get(*row));
        let all = rows.map(|row| (owned.seats[row], mantissas[row]));
        let (unit, mut large) = (10i64.pow(Decimal::SCALE - u32::from(*scale)), Vec::new());
        self.log(gather.slot, |log| match HUNDREDTHS.checked_sub((*scale).into()) {
            Some(places) => {
                let short = shorter(all, 10i64.pow(places), i32::MAX.into(), &mut large);
                log.hundredths(short.map(|(seat, hundredths)| (seat, hundredths as i32)));
            }
            None => log.numbers(shorter(all, unit, i64::MAX, &mut large)),
        });
        // A large one is put in its place at once.
        if let (false, Slots::Sums(sums)) = (large.is_empty(), self.slots_of(gather.slot).0) {
            for (seat, mantissa) in large {
                let billionths = i128::from(mantissa) * i128::from(unit);
                let number = Decimal::from_billionths(billionths);
                number.into_iter().for_each(|number| sums.at(seat).add(number));
            }
        }
        true
    }

    /// Different texts of one column: each word of the dictionary is hashed once.
    fn take_words(
        &mut self,
        gather: &Gather,
        owned: &Owned<'_>,
        rows: &[u32],
        expr: &Expr,
    ) -> bool {
        let is_distinct = self.level.plan.folds[gather.slot] == Fold::Distinct;
        let Some(column) = plain(expr, owned).filter(|_| is_distinct) else { return false };
        let Cells::Texts { codes, dictionary } = &column.cells else { return false };
        let mut hashes: Vec<Option<u128>> = vec![None; dictionary.len()];
        for row in rows.iter().copied().filter(|row| column.present.get(*row as usize)) {
            let code = codes[row as usize] as usize;
            let word = || hash(&Value::Text(dictionary[code].clone()));
            let hash = *hashes[code].get_or_insert_with(word);
            let (seat, _) = self.target(gather, owned, row);
            if let Slots::Distinct(distinct) = self.slots_of(gather.slot).0 {
                distinct.take(seat, hash);
            }
        }
        true
    }
}

/// Numbers times a factor, where that is not beyond `most` in size; others are put aside.
fn shorter(
    all: impl Iterator<Item = (u32, i64)>,
    factor: i64,
    most: i64,
    others: &mut Vec<(u32, i64)>,
) -> impl Iterator<Item = (u32, i64)> {
    let most = most / factor;
    all.filter_map(move |(seat, number)| {
        if (-most..=most).contains(&number) {
            return Some((seat, number * factor));
        }
        others.push((seat, number));
        None
    })
}

/// The column whose cells are the values of an expression as they are.
fn plain<'b>(expr: &Expr, owned: &Owned<'b>) -> Option<&'b Column> {
    match expr {
        Expr::Read(Read::Cell { column, path, declared: None, .. }) if path.steps().len() == 1 => {
            Some(&owned.block.columns[*column])
        }
        _ => None,
    }
}
