//! Aggregates of values that move while nothing happens: `sum(order: days since when)`.

use super::super::eval::{Over, Span};
use super::super::row::each_over;
use super::Scan;
use super::aggregate::{fold, known, mean, summand};
use crate::model::{Decimal, Value};
use crate::query::predicate::{Aggregate, Function};
use std::borrow::Cow;

impl Scan<'_> {
    /// The aggregate over a stretch in which no row enters or leaves a window.
    pub(super) fn aggregate_over(&self, aggregate: &Aggregate, span: Span) -> Over<'static> {
        let mut values = Vec::new();
        self.each_inside(&aggregate.windows, &mut |row| {
            each_over(row, aggregate, self, span, &mut |value| values.push(value));
        });
        fold_over(aggregate.function, values)
    }
}

fn fold_over(function: Function, values: Vec<Over<'static>>) -> Over<'static> {
    let still: Option<Vec<Option<Value>>> = values.iter().map(still).collect();
    if let Some(still) = still {
        return Over::Is(Cow::Owned(fold(function, still)));
    }
    let bounds = || values.iter().map(bounds).collect::<Option<Vec<_>>>();
    match function {
        // Whichever is known at all is known all the time.
        Function::Count if !values.contains(&Over::Unsure) => {
            Over::Is(Cow::Owned(fold(function, vec![None; values.len()])))
        }
        Function::First => values.into_iter().next().unwrap_or(Over::MISSING),
        Function::Last => values.into_iter().next_back().unwrap_or(Over::MISSING),
        Function::Sum => {
            bounds().map_or(Over::Unsure, |all| sums(&all, |sum, _| Decimal::from_billionths(sum)))
        }
        Function::Avg => bounds().map_or(Over::Unsure, |all| sums(&all, mean)),
        Function::Min => bounds().map_or(Over::Unsure, |all| ends(&all, Iterator::min)),
        Function::Max => bounds().map_or(Over::Unsure, |all| ends(&all, Iterator::max)),
        _ => Over::Unsure,
    }
}

/// A value that stays.
fn still(value: &Over<'static>) -> Option<Option<Value>> {
    match value {
        Over::Is(value) => Some(Some(value.clone().into_owned())),
        _ => None,
    }
}

/// The bounds of a number that is a summand at both ends, and so in between.
fn bounds(value: &Over<'static>) -> Option<(Decimal, Decimal)> {
    match value {
        Over::Is(value) => summand(value).map(|number| (number, number)),
        Over::Within(low, high) => (low.is_input() && high.is_input()).then_some((*low, *high)),
        Over::Unsure => None,
    }
}

/// What the sums of the lower and of the upper bounds give.
fn sums(all: &[(Decimal, Decimal)], of: impl Fn(i128, u64) -> Option<Decimal>) -> Over<'static> {
    let sum = |end: fn(&(Decimal, Decimal)) -> Decimal| {
        of(all.iter().map(|bounds| end(bounds).billionths()).sum(), all.len() as u64)
    };
    between(sum(|bounds| bounds.0), sum(|bounds| bounds.1))
}

type Pick = for<'a> fn(std::vec::IntoIter<Decimal>) -> Option<Decimal>;

/// The least or the greatest of the lower and of the upper bounds.
fn ends(all: &[(Decimal, Decimal)], pick: Pick) -> Over<'static> {
    let [lows, highs] = [all.iter().map(|b| b.0).collect(), all.iter().map(|b| b.1).collect()]
        .map(|ends: Vec<Decimal>| pick(ends.into_iter()));
    between(lows, highs)
}

fn between(low: Option<Decimal>, high: Option<Decimal>) -> Over<'static> {
    match (low, high) {
        (Some(low), Some(high)) => Over::between(low, high),
        (None, None) => Over::Is(Cow::Owned(known(None))),
        _ => Over::Unsure,
    }
}
