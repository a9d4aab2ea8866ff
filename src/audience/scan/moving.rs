//! Aggregates that move while nothing happens: what decays, and functions of
//! values that grow with time.

use super::super::eval::{Over, Span};
use super::super::row::{each_row, over_row};
use super::Scan;
use super::aggregate::fold;
use super::listed::{Place, left_of};
use crate::model::{Decimal, Value};
use crate::query::predicate::{Aggregate, Function};
use std::borrow::Cow;

/// So much of a sum of machine numbers may be lost by rounding.
const SLACK: f64 = 1e-11;

/// One value over a stretch, and its place.
type Moved = (Over<'static>, Place);

impl Scan<'_> {
    /// An aggregate all through a stretch in which no fact comes or goes.
    pub(super) fn moving(&self, aggregate: &Aggregate, span: Span) -> Over<'static> {
        let all = self.moved(aggregate, span);
        let is_still = all.iter().all(|(value, _)| matches!(value, Over::Is(_)));
        let decays = matches!(aggregate.function, Function::Decayed { .. });
        match aggregate.function {
            function if is_still && (!decays || span.from == span.to) => {
                let places: Vec<Place> = all.iter().map(|(_, place)| *place).collect();
                let values = all.into_iter().map(|(value, _)| value_of(value)).collect();
                Over::Is(Cow::Owned(fold(function, values, &places, span.from)))
            }
            Function::Decayed { half_life_ms } => decayed(&all, half_life_ms, span),
            function => between(function, &all),
        }
    }

    /// Its values in canonical order.
    fn moved(&self, aggregate: &Aggregate, span: Span) -> Vec<Moved> {
        let (mut all, mut row_number) = (Vec::new(), 0);
        self.each_inside(&aggregate.windows, &mut |event| {
            let place = Place { row: row_number, when: event.when.millis() };
            let items = aggregate.items.as_ref();
            each_row(event, &aggregate.matcher, items, Some(self), false, &mut |row| match (
                &aggregate.value,
                row.element,
            ) {
                (Some(value), _) => {
                    over_row(row, value, self, span, &mut |value| all.push((value, place)));
                }
                (None, Some(Value::Null)) => {}
                (None, Some(element)) => {
                    all.push((Over::Is(Cow::Owned(element.clone())), place));
                }
                (None, None) => all.push((Over::Is(Cow::Owned(Value::Bool(true))), place)),
            });
            row_number += 1;
        });
        all
    }
}

fn value_of(value: Over<'static>) -> Option<Value> {
    match value {
        Over::Is(value) => Some(value.into_owned()),
        _ => None,
    }
}

/// The least and the greatest that a number is; nothing of what is no number.
fn bounds(value: &Over<'_>) -> Option<(Decimal, Decimal)> {
    match value {
        Over::Is(value) => match value.as_ref() {
            Value::Number(number) => Some((*number, *number)),
            _ => None,
        },
        Over::Within(low, high) => Some((*low, *high)),
        Over::Unsure => None,
    }
}

/// Every amount only falls, so the ends of the stretch bound the sum.
fn decayed(all: &[Moved], half_life_ms: i64, span: Span) -> Over<'static> {
    let (mut low, mut high) = (0.0, 0.0);
    for (value, place) in all {
        if matches!(value, Over::Unsure) {
            return Over::Unsure;
        }
        let Some((least, most)) = bounds(value) else { continue };
        if !most.is_input() || !least.is_input() {
            return Over::Unsure;
        }
        let left = |amount: Decimal, at| left_of(amount, place.when, half_life_ms, at);
        low += left(least.max(Decimal::ZERO), span.to);
        high += left(most.max(Decimal::ZERO), span.from);
    }
    let ends = [low * (1.0 - SLACK), high * (1.0 + SLACK)].map(Decimal::from_machine);
    match ends {
        [Some(low), Some(high)] => Over::between(low, high),
        _ => Over::Unsure,
    }
}

/// Functions that rise where a value rises lie between what they are of the
/// least values and of the greatest.
fn between(function: Function, all: &[Moved]) -> Over<'static> {
    let one = |value: Option<&Moved>| value.map_or(Over::MISSING, |(value, _)| value.clone());
    match function {
        Function::First => one(all.first()),
        Function::Last => one(all.last()),
        Function::Sum | Function::Avg | Function::Min | Function::Max | Function::Median => {
            let known: Option<Vec<(Decimal, Decimal)>> =
                all.iter().map(|(value, _)| bounds(value)).collect();
            let summands = |both: &(Decimal, Decimal)| both.0.is_input() && both.1.is_input();
            let Some(known) = known.filter(|known| known.iter().all(summands)) else {
                return Over::Unsure;
            };
            let end = |of: fn(&(Decimal, Decimal)) -> Decimal| {
                let values = known.iter().map(|both| Some(Value::Number(of(both)))).collect();
                fold(function, values, &[], 0)
            };
            match (end(|both| both.0), end(|both| both.1)) {
                (Value::Number(low), Value::Number(high)) => Over::between(low, high),
                _ => Over::Unsure,
            }
        }
        Function::Count => {
            // What is missing now may be known later.
            let is_missing = |value: &Over<'_>| matches!(value, Over::Is(value) if value.is_null());
            let some = |of: &dyn Fn(&Over<'_>) -> bool| {
                let n = all.iter().filter(|(value, _)| of(value)).count();
                Decimal::from(i64::try_from(n).unwrap_or(i64::MAX))
            };
            let surely = some(&|value| !is_missing(value) && *value != Over::Unsure);
            Over::between(surely, some(&|value| !is_missing(value)))
        }
        _ => Over::Unsure,
    }
}
