//! Shares of everybody in words.

use crate::model::Decimal;
use crate::query::predicate::{Draw, Drawn};

pub(super) fn words(draw: &Draw) -> String {
    let seed = &draw.seed;
    match &draw.of {
        Drawn::Sample => format!("in sample {} of {seed:?}", percent(draw.below)),
        Drawn::Holdout => format!("in holdout {seed:?}, {} of all", percent(draw.below)),
        Drawn::Variant(variant) => format!("in variant {variant:?} of {seed:?}"),
    }
}

fn percent(share: Decimal) -> String {
    let hundredfold = share.checked_mul(Decimal::from(100)).unwrap_or(share);
    format!("{hundredfold}%")
}
