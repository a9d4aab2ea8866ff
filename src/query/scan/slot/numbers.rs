//! What is accumulated of many people, as numbers one behind the other.

use super::fold::Fold;
use super::slots::Slots;
use crate::model::{Decimal, Timestamp};

/// A number for each of some people.
#[derive(Clone, Debug)]
pub enum Numbers {
    /// Whole ones, all of them known.
    Whole(Vec<i64>),
    /// Any; what is missing is none.
    Any(Vec<Option<Decimal>>),
}

impl Numbers {
    /// One after the other.
    pub fn each(&self) -> impl Iterator<Item = Option<Decimal>> + '_ {
        let (whole, any) = match self {
            Numbers::Whole(whole) => (&whole[..], &[][..]),
            Numbers::Any(any) => (&[][..], &any[..]),
        };
        whole.iter().map(|n| Some(Decimal::from(*n))).chain(any.iter().copied())
    }
}

impl Slots {
    /// The numbers of these people, who ascend; none if they are not plain numbers.
    pub fn numbers(&self, fold: Fold, seats: &[u32]) -> Option<Numbers> {
        match self {
            Slots::Counts(counts) => {
                let mut whole = vec![0; seats.len()];
                let mut is_small = true;
                counts.each_of(seats, |place, n| match i64::try_from(*n) {
                    Ok(n) => whole[place] = n,
                    Err(_) => is_small = false,
                });
                is_small.then_some(Numbers::Whole(whole))
            }
            Slots::Sums(sums) if fold == Fold::Sum => {
                let mut any = vec![Some(Decimal::ZERO); seats.len()];
                sums.each_of(seats, |place, sum| any[place] = sum.total());
                Some(Numbers::Any(any))
            }
            _ => None,
        }
    }

    /// The instants of these people, who ascend; none if they are not instants.
    pub fn instants(&self, seats: &[u32]) -> Option<Vec<Option<i64>>> {
        let Slots::Instants(instants) = self else { return None };
        let mut all = vec![None; seats.len()];
        let is_instant = |ms: &i64| Timestamp::from_millis(*ms).is_some();
        instants.each_of(seats, |place, at| all[place] = at.filter(is_instant));
        Some(all)
    }
}
