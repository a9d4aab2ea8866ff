//! Values of which one stays.

use super::fold::Fold;
use super::rank::{Rank, Ties};
use crate::model::{Kind, Value};
use crate::query::scan::value::{size, sized};
use std::cmp::Ordering;

/// The value of the first or of the last rank.
#[derive(Clone, Debug, Default)]
pub struct Kept(Option<Box<(Rank, Value)>>);

impl Kept {
    pub fn take(&mut self, rank: Rank, value: Value, fold: Fold, ties: &mut Ties) {
        let takes = match &self.0 {
            None => true,
            Some(kept) => {
                let order = ties.order(&kept.0, &rank);
                if fold == Fold::First { order.is_gt() } else { order.is_lt() }
            }
        };
        if takes {
            self.0 = Some(Box::new((rank, value)));
        }
    }

    pub fn absorb(&mut self, other: Kept, fold: Fold, ties: &mut Ties) {
        if let Some(kept) = other.0 {
            self.take(kept.0, kept.1, fold, ties);
        }
    }

    pub fn get(&self) -> Option<&(Rank, Value)> {
        self.0.as_deref()
    }
}

/// The least or greatest value of each kind; the kind whose first value has the
/// first rank is the one that counts.
#[derive(Clone, Debug, Default)]
pub struct Best(Option<Box<Vec<Champion>>>);

#[derive(Clone, Debug)]
struct Champion {
    kind: Kind,
    first: Rank,
    value: Value,
}

impl Best {
    pub fn take(&mut self, rank: Rank, value: Value, fold: Fold, ties: &mut Ties) {
        if let Some(kind) = sized(&value) {
            self.enter(Champion { kind, first: rank, value }, fold, ties);
        }
    }

    fn enter(&mut self, new: Champion, fold: Fold, ties: &mut Ties) {
        let champions = self.0.get_or_insert_default();
        let Some(old) = champions.iter_mut().find(|old| old.kind == new.kind) else {
            champions.push(new);
            return;
        };
        let better = if fold == Fold::Min { Ordering::Less } else { Ordering::Greater };
        if size(&new.value, &old.value) == Some(better) {
            old.value = new.value;
        }
        // Which rank comes first matters only beside another kind; that is asked at the end.
        let mut quietly = Ties { has_ids: true, ..*ties };
        if quietly.order(&new.first, &old.first).is_lt() {
            old.first = new.first;
        }
    }

    pub fn absorb(&mut self, other: Best, fold: Fold, ties: &mut Ties) {
        for champion in other.0.into_iter().flat_map(|champions| *champions) {
            self.enter(champion, fold, ties);
        }
    }

    /// Whether ids are needed to tell which kind counts.
    pub fn settle(&self, ties: &mut Ties) {
        self.champion(ties);
    }

    fn champion(&self, ties: &mut Ties) -> Option<&Champion> {
        let mut champions = self.0.as_deref()?.iter();
        let first = champions.next()?;
        Some(champions.fold(first, |first, other| {
            if ties.order(&other.first, &first.first).is_lt() { other } else { first }
        }))
    }

    pub fn value(&self) -> Option<&Value> {
        let mut ties = Ties { has_ids: true, torn: false };
        self.champion(&mut ties).map(|champion| &champion.value)
    }
}
