//! What is accumulated of many people, as numbers one behind the other.

use super::fold::Fold;
use super::places::Places;
use super::slots::Slots;
use super::sum::Sum;
use crate::model::{Decimal, Timestamp};

/// A number for each of some people.
#[derive(Clone, Debug)]
pub enum Numbers {
    /// Whole ones, all of them known.
    Whole(Vec<i64>),
    /// In billionths, all of them known and small.
    Small(Vec<i64>),
    /// Any; what is missing is none.
    Any(Vec<Option<Decimal>>),
}

impl Numbers {
    /// One after the other.
    pub fn each(&self) -> impl Iterator<Item = Option<Decimal>> + '_ {
        let (whole, small, any) = match self {
            Numbers::Whole(whole) => (&whole[..], &[][..], &[][..]),
            Numbers::Small(small) => (&[][..], &small[..], &[][..]),
            Numbers::Any(any) => (&[][..], &[][..], &any[..]),
        };
        let whole = whole.iter().map(|n| Some(Decimal::from(*n)));
        let small = small.iter().map(|n| Decimal::from_billionths((*n).into()));
        whole.chain(small).chain(any.iter().copied())
    }
}

impl Slots {
    /// The numbers of these people; none if they are not plain numbers.
    pub fn numbers(&self, fold: Fold, people: &Places) -> Option<Numbers> {
        match self {
            Slots::Counts(counts) => {
                let mut whole = vec![0; people.len()];
                let mut is_small = true;
                counts.each_of(people, |place, n| match i64::try_from(*n) {
                    Ok(n) => whole[place] = n,
                    Err(_) => is_small = false,
                });
                is_small.then_some(Numbers::Whole(whole))
            }
            Slots::Sums(sums) if fold == Fold::Sum => {
                let mut small = vec![0; people.len()];
                let mut is_small = true;
                sums.each_of(people, |place, sum| match sum {
                    Sum::Small { billionths, .. } => small[place] = *billionths,
                    Sum::Any(_) => is_small = false,
                });
                if is_small {
                    return Some(Numbers::Small(small));
                }
                let mut any = vec![Some(Decimal::ZERO); people.len()];
                sums.each_of(people, |place, sum| any[place] = sum.total());
                Some(Numbers::Any(any))
            }
            _ => None,
        }
    }

    /// The instants of these people; none if they are not instants.
    pub fn instants(&self, people: &Places) -> Option<Vec<Option<i64>>> {
        let Slots::Instants(instants) = self else { return None };
        let mut all = vec![None; people.len()];
        let is_instant = |ms: &i64| Timestamp::from_millis(*ms).is_some();
        instants.each_of(people, |place, at| all[place] = at.filter(is_instant));
        Some(all)
    }
}
